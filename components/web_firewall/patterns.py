"""Regular expressions for AWS WAF.

WAF reads PCRE without backreferences and capturing groups, 512 characters at most, and searches: a pattern that is
meant for the whole value says so with `^` and `$`. Source: AWS WAF Developer Guide, supported regular expression
syntax; AWS WAFV2 API Reference, RegexMatchStatement.
"""

from __future__ import annotations

from typing import Final

JSON_MEDIA_TYPE: Final = r"^application/(?:json|json-patch\+json)[ \t]*(?:;|$)"
"""A Content-Type, in small letters, that TMI reads as JSON. Source: TMI's OpenAPI description, request bodies."""

ROOT_PATH: Final = "^/$"
LOGIN_PATHS: Final = "^/(?:oauth2|saml)/"
TOKEN_PATHS: Final = "^/oauth2/(?:token|refresh)$"  # noqa: S105 -- a path
WEBSOCKET_PATHS: Final = "/ws$"
"""Where browsers open WebSockets: each diagram's own, `/threat_models/{id}/diagrams/{id}/ws`."""


def number_above(limit: int) -> str:
    """A pattern for exactly the decimal numbers greater than `limit`, which is not negative.

    Leading zeros change nothing. Whatever is no row of digits (a sign, a list, a hexadecimal number) does not match:
    such a Content-Length is no length at all, and the load balancer answers it with 400 by itself.
    """
    digits = str(limit)
    longer = f"[1-9][0-9]{{{len(digits)},}}"
    larger = [
        f"{digits[:place]}[{int(digit) + 1}-9]{_any_digits(len(digits) - place - 1)}"
        for place, digit in enumerate(digits)
        if digit != "9"
    ]
    return f"^0*(?:{'|'.join([longer, *larger])})$"


def _any_digits(count: int) -> str:
    return f"[0-9]{{{count}}}" if count else ""
