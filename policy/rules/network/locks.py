"""Locks: what must not reach the data is kept from it by two layers at least, and no way in opens to the workload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policy.graph import Graph
from policy.network.group_roles import Role, Roles, assignments
from policy.network.layers import Layer, judgements, locks
from policy.network.matrix import Row
from policy.network.places import Place, places
from policy.network.routes import Way, routes
from policy.network.verdicts import Verdict
from policy.rule import Description, Finding, GraphRule, Severity, Undecided, Violation

_FEWEST_LOCKS: Final = 2
_STRANGERS: Final = (Role.INTERNET, Role.BALANCER, Role.CANARY, Role.ENDPOINTS, Role.NODES)
"""What has nothing to ask of the data. Nodes count where the pods have groups of their own. Not the control plane: the
group that EKS makes lets it out to everything, and where it stands in the pods' subnets no second lock can be."""
_DATA: Final = (Role.DATABASE, Role.CACHE)
_WORKLOADS: Final = (Role.NODES, Role.PODS, Role.CONTROL_PLANE, Role.CANARY)


def data_behind_two_locks(graph: Graph) -> Iterator[Finding]:
    """Two layers at least close each way from what has nothing to ask of the data."""
    ways = [dict(_weak(graph, roles)) for roles in assignments(graph)]
    for pair in {pair: None for way in ways for pair in way}:
        source, urn, _ = pair
        found = [way[pair] for way in ways if pair in way]
        if len(found) == len(ways):
            yield Violation(graph.resources[urn], _told(max(found, key=lambda row: len(locks(row.verdicts)))))
        else:
            unclear = "which group is the pods' is not known"
            yield Undecided(graph.resources[urn], f"how many layers keep {source} from it: {unclear}")


def _weak(graph: Graph, roles: Roles) -> Iterator[tuple[tuple[str, str, int], Row]]:
    """Each (place, store, port) with fewer locks between them, and what there is."""
    found = places(graph, roles)
    of_pods = {urn for urn, held in roles.items() if Role.PODS in held}
    for source in found:
        if source.role not in _STRANGERS or (source.role is Role.NODES and (not of_pods or of_pods & source.groups)):
            continue
        for store in found:
            if store.role in _DATA and store.declared_by is not None:
                for port in store.ports:
                    verdicts = _without_two(graph, source, store, port)
                    if verdicts:
                        yield (source.name, store.declared_by.urn, port), Row(source.name, store.name, port, verdicts)


def _without_two(graph: Graph, source: Place, store: Place, port: int) -> Mapping[Layer, Verdict]:
    """What every layer says, unless two of them close the way."""
    verdicts: dict[Layer, Verdict] = {}
    for layer, verdict in judgements(graph, source, store, port):
        verdicts[layer] = verdict
        if len(locks(verdicts)) == _FEWEST_LOCKS:
            return {}
    return verdicts


def _told(row: Row) -> str:
    closed = locks(row.verdicts)
    shut = f"closed by its {closed[0]} alone" if closed else "closed by nothing"
    others = "".join(
        f"; {verdict}: {', '.join(layers)}"
        for verdict in (Verdict.OPEN, Verdict.UNKNOWN)
        if (layers := [layer for layer, said in row.verdicts.items() if said is verdict])
    )
    return f"{row.source} -> {row.target}:{row.port} is {shut}, not by {_FEWEST_LOCKS} layers{others}"


def workloads_off_internet(graph: Graph) -> Iterator[Violation]:
    """No subnet of nodes, pods, control planes or canaries has a route to an internet gateway."""
    standing = (place for place in places(graph, assignments(graph)[0]) if place.role in _WORKLOADS)
    subnets = {subnet.urn: subnet for place in standing for subnet in place.subnets}
    for subnet in subnets.values():
        for route in routes(graph, subnet) or ():
            if route.way is Way.INTERNET and route.public:
                yield Violation(route.declared_by, f"it leads {subnet.name}, where the workload stands, to {route.way}")


DATA_BEHIND_TWO_LOCKS: Final = GraphRule(
    about=Description(
        id="data-behind-two-locks",
        title="Two layers at least keep the data from whatever has nothing to ask of it",
        severity=Severity.CRITICAL,
        frameworks=("FSBP RDS.46", "FSBP EC2.21", "WA SEC05", "NSA network separation"),
        why="One lock is opened by one mistake. Security groups at either end, network ACLs and routes are locks by "
        "themselves, so the internet, balancers, nodes, canaries and endpoints meet a second one.",
        remediation="Close one of the layers that are open: the group of either end, the network ACL of the data, or "
        "the route.",
    ),
    check=data_behind_two_locks,
)
WORKLOADS_OFF_INTERNET: Final = GraphRule(
    about=Description(
        id="workloads-off-internet",
        title="Workloads stand in subnets that no internet gateway serves",
        severity=Severity.HIGH,
        frameworks=("CIS EKS 5.4.3", "FSBP EC2.9", "WA SEC05"),
        why="What has a route to an internet gateway is one public address away from the internet; a NAT gateway leads "
        "outward alone.",
        remediation="Give nodes, pods, the control plane and canaries subnets whose route table leads out by a NAT "
        "gateway, or not at all.",
    ),
    check=workloads_off_internet,
)
