"""Credentials: how a value gives itself away as one, by its looks or by its name."""

from __future__ import annotations

import re
from typing import Final

from policy.values import UNKNOWN, Plain

_SECRET_NAME: Final = re.compile(
    r".*(?:passw(?:or)?d|passphrase|secret|token|credentials?)"
    r"|.*(?:api|access|private|secret|encryption|signing|master)(?:|[^a-z]|[^a-z].{0,60}[^a-z])key",
    re.IGNORECASE,
)
"""A name that ends as names of credentials do; TOKEN_URL or TLS_KEY_FILE, which only speak of one, end otherwise."""
_REFERENCE: Final = re.compile(r"|\s*(?:/\S*|(?:file|env|vault)://\S*|true|false|-?\d{1,9})\s*", re.IGNORECASE)
"""Not a credential but where one is, or a switch: a path, a reference that TMI resolves, a flag, a small number."""
_CREDENTIAL: Final = re.compile(
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@$<{%\[]*:[^\s:/@$<{%\[]+@",
    re.IGNORECASE,
)
"""A private key in PEM, the id of an access key of AWS, a URL with a password: credentials under whatever name."""


def is_credential(name: Plain, value: Plain) -> bool:
    """Whether a value is one: by its own looks, or because it is called so and is no reference to one."""
    called_so = isinstance(name, str) and _SECRET_NAME.fullmatch(name) is not None
    if isinstance(value, str):
        return reads_as_one(value) or (called_so and not _REFERENCE.fullmatch(value))
    return called_so and value is UNKNOWN


def reads_as_one(value: Plain) -> bool:
    """Whether a value is a credential by its own looks."""
    return isinstance(value, str) and _CREDENTIAL.search(value) is not None
