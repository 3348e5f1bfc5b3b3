"""What a secret looks like, as far as can be said without knowing it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final, cast

from components.settings.pem import is_private_key


def _is_text(value: str) -> bool:
    return value.isprintable() and value == value.strip()


def _is_service_account(value: str) -> bool:
    try:
        key = cast("object", json.loads(value))
    except ValueError:
        return False
    if not isinstance(key, dict):
        return False
    fields = cast("dict[str, object]", key)
    return fields.get("type") == "service_account" and isinstance(fields.get("private_key"), str)


def _is_https_address(value: str) -> bool:
    return re.fullmatch(r"https://[^\s/?#]+\.[^\s/?#]+([/?#]\S*)?", value) is not None


class Form(Enum):
    """What a secret looks like, as far as can be said without knowing it."""

    TEXT = "has blanks around it, or is more than one line, and TMI would send these along"
    PRIVATE_KEY = "is no private key as PEM without a passphrase, so that TMI would leave the provider out"
    HTTPS_ADDRESS = "is no https:// address of a host, so that nothing would be sent there"
    SERVICE_ACCOUNT = "is no key of a service account as JSON, so that TMI would read nothing"

    def fits(self, value: str) -> bool:
        """Whether a value looks like this."""
        return _CHECKS[self](value)


_CHECKS: Final[Mapping[Form, Callable[[str], bool]]] = {
    Form.TEXT: _is_text,
    Form.PRIVATE_KEY: is_private_key,
    Form.HTTPS_ADDRESS: _is_https_address,
    Form.SERVICE_ACCOUNT: _is_service_account,
}
