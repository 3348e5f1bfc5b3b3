"""Whether a connection is open, layer by layer; it is made only where no layer closes it.

Each layer is judged as if the others let everything pass. Of several ways through one layer the most open counts, so a
path is never missed. Security groups stand at either end, and each end is a lock by itself: whoever opens one by
mistake still meets the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final

from policy.graph import Graph, Resource
from policy.network import acls as network_acls
from policy.network import pod_traffic, routes
from policy.network.addresses import overlap
from policy.network.group_roles import Role
from policy.network.places import Place
from policy.network.security_groups import OUTSIDE, Opening, admissions, departures
from policy.network.verdicts import Verdict, any_way, decided, every_step
from policy.values import UNKNOWN, network


class Layer(StrEnum):
    """A lock that a connection has to pass."""

    EGRESS = "source's groups"
    INGRESS = "target's groups"
    ROUTES = "routes"
    ACLS = "network ACLs"
    POLICIES = "network policies"


def judgements(graph: Graph, source: Place, target: Place, port: int) -> Iterator[tuple[Layer, Verdict]]:
    """What each layer says about TCP connections of one place to a port of another, the quickest answers first."""
    yield Layer.EGRESS, _egress(graph, source, target, port)
    yield Layer.INGRESS, _ingress(graph, source, target, port)
    yield Layer.ROUTES, _routes(graph, source, target)
    yield Layer.ACLS, _acls(graph, source, target, port)
    yield Layer.POLICIES, _policies(graph, source, target, port)


def locks(verdicts: Mapping[Layer, Verdict]) -> list[Layer]:
    """The layers that close a connection."""
    return [layer for layer, verdict in verdicts.items() if verdict is Verdict.CLOSED]


def _egress(graph: Graph, source: Place, target: Place, port: int) -> Verdict:
    if source.role is Role.INTERNET:
        return Verdict.ABSENT
    if source.role is Role.CONTROL_PLANE:
        # EKS's own group lets everything out. Source: Amazon EKS User Guide, security group requirements.
        return Verdict.OPEN
    return _through_groups(graph.once(_departures), source, target, port)


def _ingress(graph: Graph, source: Place, target: Place, port: int) -> Verdict:
    if target.role is Role.INTERNET:
        return Verdict.ABSENT
    return _through_groups(graph.once(_admissions), target, source, port)


def _departures(graph: Graph) -> Mapping[str, list[Opening]]:
    return _by_group(departures(graph))


def _admissions(graph: Graph) -> Mapping[str, list[Opening]]:
    return _by_group(admissions(graph))


def _by_group(openings: Iterable[Opening]) -> Mapping[str, list[Opening]]:
    found: dict[str, list[Opening]] = {}
    for opening in openings:
        found.setdefault(opening.group.urn, []).append(opening)
    return found


def _through_groups(openings: Mapping[str, list[Opening]], own: Place, other: Place, port: int) -> Verdict:
    found = (
        every_step(_names(opening, other), _carries(opening, port))
        for urn in own.groups
        for opening in openings.get(urn, ())
    )
    return any_way([*found, *([] if own.sure else [Verdict.UNKNOWN])])


_ANY_PROTOCOL: Final = ("-1", -1, "all")


def _carries(opening: Opening, port: int) -> Verdict:
    if opening.protocol in _ANY_PROTOCOL:
        return Verdict.OPEN
    if opening.protocol not in network_acls.TCP:
        return Verdict.UNKNOWN if opening.protocol in (None, UNKNOWN) else Verdict.CLOSED
    first, last = opening.ports
    if not isinstance(first, int) or not isinstance(last, int):
        return Verdict.UNKNOWN
    return decided(passes=first <= port <= last)


def _names(opening: Opening, place: Place) -> Verdict:
    """Whether a place is among the peers of an opening; a prefix list may hold any address."""
    if isinstance(opening.peer, Resource):
        known = decided(passes=opening.peer.urn in place.groups)
        return known if place.sure or known is Verdict.OPEN else Verdict.UNKNOWN
    if opening.peer == OUTSIDE:
        return Verdict.CLOSED if place.sure else Verdict.UNKNOWN
    addresses = network(opening.peer)
    if addresses is None:
        return Verdict.OPEN if place.role is Role.INTERNET else Verdict.UNKNOWN
    return decided(passes=overlap([addresses], place.ranges))


def _acls(graph: Graph, source: Place, target: Place, port: int) -> Verdict:
    """What the subnets of both ends let pass, of the pair that lets pass most; within one subnet no ACL is asked.

    The subnet of a NAT gateway is not looked at: where it closes a way out, that way is shown as open.
    """
    if source.role is Role.INTERNET or target.role is Role.INTERNET:
        inside, outside, outward = (target, source, False) if source.role is Role.INTERNET else (source, target, True)
        found = [
            network_acls.exchange(graph, subnet, outside.ranges, port=port, outward=outward)
            for subnet in inside.subnets
        ]
        return any_way(found) if found else Verdict.UNKNOWN
    if not source.subnets or not target.subnets:
        return Verdict.UNKNOWN
    return any_way(
        Verdict.OPEN if here == there else _borders(graph, (here, source), (there, target), port)
        for here in source.subnets
        for there in target.subnets
    )


def _borders(graph: Graph, source: tuple[Resource, Place], target: tuple[Resource, Place], port: int) -> Verdict:
    here, there = (_addresses(*end) for end in (source, target))
    return every_step(
        network_acls.exchange(graph, source[0], there, port=port, outward=True),
        network_acls.exchange(graph, target[0], here, port=port, outward=False),
    )


def _addresses(subnet: Resource, place: Place) -> tuple[network_acls.Range, ...]:
    found = [network(subnet.get(name)) for name in ("cidrBlock", "ipv6CidrBlock")]
    return tuple(each for each in found if each is not None) or place.ranges


def _routes(graph: Graph, source: Place, target: Place) -> Verdict:
    if source.role is Role.INTERNET:
        found = [routes.from_internet(graph, subnet) for subnet in target.subnets]
    elif target.role is Role.INTERNET:
        found = [routes.to_internet(graph, subnet) for subnet in source.subnets]
    else:
        found = [routes.between(graph, here, there) for here in source.subnets for there in target.subnets]
    return any_way(found) if found else Verdict.UNKNOWN


def _policies(graph: Graph, source: Place, target: Place, port: int) -> Verdict:
    leaving = pod_traffic.leaves(graph, source.pod, target, port) if source.pod else Verdict.ABSENT
    entering = pod_traffic.enters(graph, target.pod, source, port) if target.pod else Verdict.ABSENT
    return every_step(leaving, entering)
