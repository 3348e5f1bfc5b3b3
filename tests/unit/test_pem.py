"""What a stack file quotes from elsewhere: TMI's own readers take what is accepted, as far as a shape can tell."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.settings.pem import is_certificate, is_identity_provider_metadata, is_private_key
from tests.full_settings import pem


@given(st.binary(min_size=0, max_size=200), st.sampled_from(["CERTIFICATE", "PRIVATE KEY", "RSA PRIVATE KEY"]))
def test_each_is_itself_and_none_of_the_others(body: bytes, kind: str) -> None:
    text = f"-----BEGIN {kind}-----\n{base64.encodebytes(b'0' + body).decode()}-----END {kind}-----\n"
    assert is_certificate(text) is (kind == "CERTIFICATE")
    assert is_private_key(text) is (kind != "CERTIFICATE")


@pytest.mark.parametrize(
    "text",
    [
        "",
        pem("PRIVATE KEY").replace("END PRIVATE", "END RSA PRIVATE"),
        pem("ENCRYPTED PRIVATE KEY"),
        pem("EC PRIVATE KEY"),
        pem("PRIVATE KEY") * 2,
        pem("PRIVATE KEY").replace("M", "!"),
        f"-----BEGIN PRIVATE KEY-----\n{base64.b64encode(b'no DER').decode()}\n-----END PRIVATE KEY-----\n",
    ],
)
def test_what_is_no_key_for_tmi(text: str) -> None:
    assert not is_private_key(text)


def test_lines_around_a_key_do_not_matter() -> None:
    assert is_private_key(f"\n{pem('PRIVATE KEY').rstrip()}")


@pytest.mark.parametrize(
    ("document", "accepted"),
    [
        (b'<EntityDescriptor entityID="x"/>', True),
        (b'<?xml version="1.0"?>\n<md:EntityDescriptor entityID="x"/>', True),
        (b'<!DOCTYPE x><EntityDescriptor entityID="x"/>', False),
        (b"<html/>", False),
        (b'<EntityDescriptor entityID="x"/>' + b" " * 102_400, False),
    ],
)
def test_metadata(document: bytes, accepted: bool) -> None:  # noqa: FBT001 -- a column of the table
    assert is_identity_provider_metadata(base64.b64encode(document).decode()) is accepted


@given(st.text())
def test_other_text_is_no_metadata(text: str) -> None:
    assert not is_identity_provider_metadata(text)
