"""Headers: what an HTTPS listener tells browsers beside TMI's answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from policy.graph import Resource
from policy.rule import Description, ResourceRule, Severity, Violation
from policy.rules.edge.transport import LISTENERS
from policy.values import show

_YEAR: Final = 31_536_000
"""Seconds."""
_HEADERS: Final[Mapping[str, tuple[str | bool, ...]]] = {
    "routingHttpResponseServerEnabled": (False,),  # absent: true
    "routingHttpResponseXContentTypeOptionsHeaderValue": ("nosniff",),
    "routingHttpResponseXFrameOptionsHeaderValue": ("DENY", "SAMEORIGIN"),
}


def listeners_send_hsts(listener: Resource) -> Iterator[Violation]:
    """An HTTPS listener tells browsers to come by HTTPS alone for a year, below the name too."""
    if listener.get("protocol") != "HTTPS":
        return
    header = listener.get("routingHttpResponseStrictTransportSecurityHeaderValue")
    directives = [part.strip().lower() for part in header.split(";")] if isinstance(header, str) else []
    ages = [int(found[1]) for part in directives if (found := re.fullmatch(r"max-age=(\d{1,10})", part))]
    if not ages or min(ages) < _YEAR or "includesubdomains" not in directives:
        name = "routingHttpResponseStrictTransportSecurityHeaderValue"
        yield Violation(listener, f"{name} must have max-age of {_YEAR} or more, and includeSubDomains")


def listeners_send_headers(listener: Resource) -> Iterator[Violation]:
    """An HTTPS listener says what browsers must not do, and not what it is itself."""
    if listener.get("protocol") == "HTTPS":
        for name, allowed in _HEADERS.items():
            if listener.get(name) not in allowed:
                yield Violation(listener, f"{name} must be {' or '.join(map(_spelled, allowed))}")


def _spelled(value: str | bool) -> str:  # noqa: FBT001 -- a value of a property
    return show(value) if isinstance(value, bool) else value


LISTENERS_SEND_HSTS: Final = ResourceRule(
    about=Description(
        id="listeners-send-hsts",
        title="HTTPS listeners tell browsers to stay with HTTPS",
        severity=Severity.MEDIUM,
        frameworks=("WA SEC09",),
        why="Without it the first request of a browser goes out in plaintext, and can be kept there.",
        remediation="Set routingHttpResponseStrictTransportSecurityHeaderValue to max-age=31536000; includeSubDomains.",
    ),
    types=frozenset(LISTENERS),
    check=listeners_send_hsts,
)
LISTENERS_SEND_HEADERS: Final = ResourceRule(
    about=Description(
        id="listeners-send-headers",
        title="HTTPS listeners forbid framing and guessing, and do not say what they are",
        severity=Severity.MEDIUM,
        frameworks=("WA SEC09",),
        why="A page in a stranger's frame is clicked on by people who do not see it.",
        remediation="Set routingHttpResponseXFrameOptionsHeaderValue to DENY, "
        "routingHttpResponseXContentTypeOptionsHeaderValue to nosniff, and routingHttpResponseServerEnabled to false.",
    ),
    types=frozenset(LISTENERS),
    check=listeners_send_headers,
)
