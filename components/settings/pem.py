"""What a stack file quotes from elsewhere, looked at far enough to refuse what TMI could not read.

TMI starts without a SAML provider whose key, certificate or metadata it cannot parse, and says so in its log alone.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

_CERTIFICATE: Final = re.compile(r"\s*-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]+)-----END CERTIFICATE-----\s*")
_RSA_KEY: Final = re.compile(
    r"\s*-----BEGIN (RSA )?PRIVATE KEY-----\n([A-Za-z0-9+/=\n]+)-----END \1?PRIVATE KEY-----\s*"
)
_METADATA: Final = re.compile(rb"<([\w.-]+:)?EntityDescriptor\b")
_LONGEST_METADATA: Final = 102_400
"""Bytes that TMI takes. Source: TMI, auth/saml/provider.go."""
_DOCUMENT_TYPE: Final = b"<!DOCTYPE"
_DER_SEQUENCE: Final = 0x30
"""How every certificate and every private key begins. Source: RFC 5280, RFC 8017, RFC 5958."""


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _is_der(text: str) -> bool:
    return _decoded(text.replace("\n", ""))[:1] == bytes([_DER_SEQUENCE])


def is_certificate(text: str) -> bool:
    """Whether it is one certificate as PEM."""
    found = _CERTIFICATE.fullmatch(text)
    return found is not None and _is_der(found[1])


def is_private_key(text: str) -> bool:
    """Whether it is one private key as PEM without a passphrase, PKCS #1 or PKCS #8."""
    found = _RSA_KEY.fullmatch(text)
    return found is not None and _is_der(found[2])


def is_identity_provider_metadata(text: str) -> bool:
    """Whether it is base64 of an XML document that describes an entity and that TMI takes."""
    document = _decoded(text)
    return (
        len(document) <= _LONGEST_METADATA and _METADATA.search(document) is not None and _DOCUMENT_TYPE not in document
    )
