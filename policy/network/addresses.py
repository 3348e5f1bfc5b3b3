"""Address ranges: what they have in common, what is left of them, and which are the internet's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final, TypeAlias

from policy.values import PRIVATE, within

Range: TypeAlias = IPv4Network | IPv6Network

EVERYWHERE: Final[tuple[Range, ...]] = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_NOBODYS: Final[tuple[Range, ...]] = tuple(
    map(ip_network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"))
)
"""This host, link-local, multicast and reserved. Source: RFC 6890."""
_ROUTED: Final[tuple[Range, ...]] = (ip_network("0.0.0.0/0"), ip_network("2000::/3"))
"""All of IPv4, and what is given out of IPv6. Source: IANA, IPv6 address space."""


def common(one: Range, other: Range) -> Range | None:
    """What two ranges have in common: the narrower of them, or nothing."""
    if within(one, other):
        return one
    return other if within(other, one) else None


def overlap(some: Iterable[Range], others: Sequence[Range]) -> bool:
    """Whether any address is in both."""
    return any(common(one, other) for one in some for other in others)


def minus(ranges: Iterable[Range], taken: Iterable[Range]) -> list[Range]:
    """What is left of ranges without others."""
    left = list(ranges)
    for each in taken:
        left = [part for one in left for part in _parts(one, each)]
    return left


def _parts(one: Range, taken: Range) -> Iterable[Range]:
    if within(one, taken):
        return ()
    if isinstance(one, IPv4Network) and isinstance(taken, IPv4Network):
        return one.address_exclude(taken) if taken.subnet_of(one) else (one,)
    if isinstance(one, IPv6Network) and isinstance(taken, IPv6Network):
        return one.address_exclude(taken) if taken.subnet_of(one) else (one,)
    return (one,)


def internet(inside: Iterable[Range]) -> tuple[Range, ...]:
    """The addresses of the internet, as a network sees it whose own are `inside`."""
    return tuple(minus(_ROUTED, [*PRIVATE, *_NOBODYS, *inside]))
