"""Which addresses of a VPC belong to which subnet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network
from types import MappingProxyType
from typing import Final

FEWEST_ZONES: Final = 2
"""RDS and the load balancer refuse to stand in one zone."""
MOST_ZONES: Final = 4
"""Every tier keeps room for this many zones, used or not."""

_LARGEST: Final = 16
_SMALLEST: Final = 18
"""Prefix lengths of the VPC. AWS allows /16 at most; below /18 the app tier would run out of pod addresses."""

_SERVICES: Final = (IPv4Network("172.20.0.0/16"), IPv4Network("10.100.0.0/16"))


class NetworkTier(StrEnum):
    """What a subnet is for."""

    EDGE = "edge"
    """The load balancer and the NAT gateways: the only subnets with a route to the internet gateway."""
    APP = "app"
    """Nodes, pods and the network interfaces of the control plane."""
    ENDPOINTS = "endpoints"
    """Interface endpoints of AWS services."""
    DATA = "data"
    """PostgreSQL and Redis."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Consecutive subnets of one size, one for each of the four zones a tier may have."""

    bits: int
    """How much longer the subnets' prefix is than the VPC's."""
    first: int
    """The place of the first of them, counted in subnets of that size from the VPC's first address."""


_BLOCKS: Final[Mapping[NetworkTier, _Block]] = {
    # The first half of the VPC: EKS hands out addresses in /28 prefixes, so nodes and pods need wide, unbroken ranges.
    NetworkTier.APP: _Block(bits=3, first=0),
    # The second half: places 32 to 63. A new tier takes the next free four (44); nobody's place ever changes.
    NetworkTier.EDGE: _Block(bits=6, first=32),
    NetworkTier.ENDPOINTS: _Block(bits=6, first=36),
    NetworkTier.DATA: _Block(bits=6, first=40),
}


@dataclass(frozen=True, slots=True)
class AddressPlan:
    """The subnets of a VPC, by tier and zone.

    A subnet's place follows from its tier and from its zone's position in the list, from nothing else: a zone added
    at the end, or a new tier, moves no subnet that is in use.
    """

    vpc: IPv4Network
    """All addresses."""
    tiers: Mapping[NetworkTier, Mapping[str, IPv4Network]]
    """The subnets of every tier by zone."""

    @classmethod
    def of(cls, cidr: str, zones: Sequence[str]) -> AddressPlan:
        """The plan of a VPC in some availability zones.

        Raises:
            ValueError: the VPC is not a /16 to /18, or there are not two to four different zones.
        """
        vpc = IPv4Network(cidr)
        if not _LARGEST <= vpc.prefixlen <= _SMALLEST:
            raise ValueError(f"cidr must be a /{_LARGEST} to /{_SMALLEST}, not {cidr}")
        if not FEWEST_ZONES <= len(set(zones)) == len(zones) <= MOST_ZONES:
            raise ValueError(f"zones must be {FEWEST_ZONES} to {MOST_ZONES} different zones, not {', '.join(zones)}")
        subnets = {tier: MappingProxyType(dict(zip(zones, _subnets(vpc, tier), strict=False))) for tier in NetworkTier}
        return cls(vpc, MappingProxyType(subnets))

    @property
    def edge(self) -> Mapping[str, IPv4Network]:
        """The subnets of the load balancer and the NAT gateways, by zone."""
        return self.tiers[NetworkTier.EDGE]

    @property
    def app(self) -> Mapping[str, IPv4Network]:
        """The subnets of nodes and pods, by zone."""
        return self.tiers[NetworkTier.APP]

    @property
    def endpoints(self) -> Mapping[str, IPv4Network]:
        """The subnets of the interface endpoints, by zone."""
        return self.tiers[NetworkTier.ENDPOINTS]

    @property
    def data(self) -> Mapping[str, IPv4Network]:
        """The subnets of PostgreSQL and Redis, by zone."""
        return self.tiers[NetworkTier.DATA]

    @property
    def services(self) -> IPv4Network:
        """The addresses of Kubernetes Services: one of the two ranges EKS itself would choose, outside the VPC.

        Spelled out, since network policies name the cluster's DNS in it, and EKS cannot change it later.
        Source: Amazon EKS API reference, KubernetesNetworkConfigRequest.
        """
        return next(free for free in _SERVICES if not free.overlaps(self.vpc))

    @property
    def cluster_dns(self) -> IPv4Address:
        """Where pods ask for names: EKS gives the tenth address of Services to the cluster's DNS.

        Auto Mode answers it on each node itself, there are no DNS pods that a policy could select.
        Source: aws/containers-roadmap#2552.
        """
        return self.services[10]

    @property
    def kubernetes_api(self) -> IPv4Address:
        """Where pods find the Kubernetes API: its Service has the first address.

        Source: Kubernetes documentation, Service ClusterIP allocation.
        """
        return self.services[1]

    def block(self, tier: NetworkTier) -> IPv4Network:
        """The one network that holds a tier's subnets in all zones it may ever have, and nothing else."""
        return _subnets(self.vpc, tier)[0].supernet(prefixlen_diff=MOST_ZONES.bit_length() - 1)


def _subnets(vpc: IPv4Network, tier: NetworkTier) -> list[IPv4Network]:
    """The four subnets that a tier may have."""
    block = _BLOCKS[tier]
    return list(vpc.subnets(prefixlen_diff=block.bits))[block.first : block.first + MOST_ZONES]
