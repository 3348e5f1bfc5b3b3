"""Property values as plain data: how rules read them when they are absent, unknown or of the wrong shape.

Three answers are possible to every question. A value that was left out reads as `None`, and each rule says what AWS or
Kubernetes makes of that. A value that the engine cannot tell yet reads as `UNKNOWN`. So does a value whose shape is not
what the provider's schema says: what cannot be read is not known, and a rule that needs a literal fails on both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final, TypeAlias, cast, final


@final
class Unknown:
    """The type of `UNKNOWN`; no second instance is ever made."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("an unknown value is neither true nor false; compare it with `is`")


UNKNOWN: Final = Unknown()
"""A value that only a deployment will tell."""

Plain: TypeAlias = "bool | int | float | str | Sequence[Plain] | Mapping[str, Plain] | Unknown | None"
"""A property value, free of the SDK's proxies; whole numbers are `int`."""


def read(value: Plain, *path: str) -> Plain:
    """The value at a path of property names below `value`; `None` once a step is absent."""
    for name in path:
        if value is None:
            return None
        value = value.get(name) if isinstance(value, Mapping) else UNKNOWN
    return value


def elements(value: Plain) -> Sequence[Plain]:
    """The elements of a list; none if it is absent, a single `UNKNOWN` if it cannot be read."""
    if value is None:
        return ()
    return value if isinstance(value, Sequence) and not isinstance(value, str) else (UNKNOWN,)


def from_json(value: Plain) -> Plain:
    """What a text of JSON says; a value that is no text is taken as it is, a text that cannot be read is `UNKNOWN`."""
    try:
        return cast("Plain", json.loads(value)) if isinstance(value, str) else value
    except (ValueError, RecursionError):  # the second: whoever writes ten thousand brackets means no document
        return UNKNOWN


def present(value: Plain) -> bool:
    """Whether something was given, be it unknown; an empty text or list is nothing."""
    return value is not None and value not in ("", [], (), {})


def network(value: Plain) -> IPv4Network | IPv6Network | None:
    """The address range that a text denotes in any of its spellings, or `None` if it denotes none."""
    try:
        return ip_network(value, strict=False) if isinstance(value, str) else None
    except ValueError:
        return None


PRIVATE: Final = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")))
"""RFC 1918, RFC 6598 and RFC 4193. Python's own `is_private` would not do: it holds for 0.0.0.0/0."""


def within(one: IPv4Network | IPv6Network, other: IPv4Network | IPv6Network) -> bool:
    """Whether a range lies wholly in another one; of two families none does."""
    if isinstance(one, IPv4Network):
        return isinstance(other, IPv4Network) and one.subnet_of(other)
    return isinstance(other, IPv6Network) and one.subnet_of(other)


def is_private(value: Plain) -> bool:
    """Whether a range lies wholly in private address space; one that cannot be read does not."""
    candidate = network(value)
    return candidate is not None and any(within(candidate, space) for space in PRIVATE)


_PUBLIC_TEXT: Final = re.compile(
    r"HTTPS?|TLS|TCP|UDP|TCP_UDP|GENEVE|QUIC|TCP_QUIC"  # protocols of listeners and target groups
    r"|tcp|udp|icmp|icmpv6|-1"  # protocols of security group rules
    r"|ELBSecurityPolicy-[A-Za-z0-9-]{1,40}"
    r"|AES256|KMS|KMS_DSSE|aws:kms|aws:kms:dsse"
    r"|required|preferred"
    r"|ALLOW|ALERT|BLOCK"  # actions of the DNS firewall
    r"|postgres\d{1,2}|[01]|\d{1,2}(\.\d{1,2})?"  # families and versions of PostgreSQL, values of a flag
)
# The SDK strips the mark from secrets before a policy sees them, so a message quotes only what belongs to a public
# vocabulary. Everything else is described by its kind.


def show(value: Plain) -> str:
    """A value as a message may show it: a secret in a place where none belongs stays unseen."""
    if value is None:
        return "absent"
    if value is UNKNOWN:
        return "unknown until it is deployed"
    if isinstance(value, (bool, int, float)):
        return str(value).lower()
    if isinstance(value, str):
        return value if _PUBLIC_TEXT.fullmatch(value) else str(network(value) or "another text")
    return "another value"
