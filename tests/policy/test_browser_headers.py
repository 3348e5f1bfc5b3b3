"""Headers for browsers."""

from __future__ import annotations

import pytest

from policy.rules.edge.browser_headers import LISTENERS_SEND_HEADERS, LISTENERS_SEND_HSTS
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations


@pytest.mark.parametrize(
    ("header", "sound"),
    [
        ("max-age=31536000; includeSubDomains", True),
        ("includesubdomains;max-age=63072000; preload", True),
        ("max-age=31535999; includeSubDomains", False),
        ("max-age=31536000", False),
        ("max-age=; includeSubDomains", False),
        ("max-age=31536000; max-age=0; includeSubDomains", False),
        ("", False),
        (None, False),
        (UNKNOWN, False),
    ],
)
def test_hsts(header: Plain, *, sound: bool) -> None:
    name = "routingHttpResponseStrictTransportSecurityHeaderValue"
    listener = resource("aws:lb/listener:Listener", "https", {"protocol": "HTTPS", name: header})
    message = f"{name} must have max-age of 31536000 or more, and includeSubDomains"
    assert violations(LISTENERS_SEND_HSTS, listener) == ([] if sound else [("https", message)])


@pytest.mark.parametrize("protocol", ["HTTP", "TLS", None])
def test_hsts_is_for_https_alone(protocol: Plain) -> None:
    assert violations(LISTENERS_SEND_HSTS, resource("aws:lb/listener:Listener", "it", {"protocol": protocol})) == []


SERVER = "routingHttpResponseServerEnabled"
SNIFFING = "routingHttpResponseXContentTypeOptionsHeaderValue"
FRAMES = "routingHttpResponseXFrameOptionsHeaderValue"
QUIET: dict[str, Plain] = {SERVER: False, SNIFFING: "nosniff", FRAMES: "DENY"}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({}, ""),
        ({FRAMES: "SAMEORIGIN"}, ""),
        *(({SERVER: value}, f"{SERVER} must be false") for value in (None, True, UNKNOWN, "no")),
        *(({SNIFFING: value}, f"{SNIFFING} must be nosniff") for value in (None, "", UNKNOWN, "x\ny")),
        *(({FRAMES: value}, f"{FRAMES} must be DENY or SAMEORIGIN") for value in (None, "ALLOW", UNKNOWN, ["DENY"])),
    ],
)
def test_a_listener_says_what_browsers_must_not_do(changed: dict[str, Plain], message: str) -> None:
    known: dict[str, Plain] = {"protocol": "HTTPS", **QUIET, **changed}
    listener = resource("aws:lb/listener:Listener", "https", known)
    assert violations(LISTENERS_SEND_HEADERS, listener) == ([("https", message)] if message else [])


@pytest.mark.parametrize("protocol", ["HTTP", "TLS", None])
def test_headers_are_for_https_alone(protocol: Plain) -> None:
    assert violations(LISTENERS_SEND_HEADERS, resource("aws:lb/listener:Listener", "it", {"protocol": protocol})) == []
