"""Reachability: internet to balancer to pods to data, and no other way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

from policy.graph import Graph, Resource
from policy.network.group_roles import Role, Roles, assignments, held_by_strangers, unattached, undecided_classes
from policy.network.paths import paths_from_internet, shown
from policy.network.security_groups import OUTSIDE, SECURITY_GROUP, Opening, admissions, departures, foreign_rules
from policy.rule import Description, Finding, GraphRule, Severity, Undecided, Violation
from policy.rules.edge.transport import TARGET_GROUPS
from policy.values import show

_CONNECTIONS: Final[Mapping[tuple[Role, Role], frozenset[int]]] = {
    (Role.INTERNET, Role.BALANCER): frozenset({80, 443}),  # 80 only redirects: see listeners-tls
    (Role.PODS, Role.DATABASE): frozenset({5432}),
    (Role.PODS, Role.CACHE): frozenset({6379}),
    (Role.PODS, Role.ENDPOINTS): frozenset({443}),
    (Role.PODS, Role.INTERNET): frozenset({443}),
    (Role.PODS, Role.CONTROL_PLANE): frozenset({443}),
    (Role.PODS, Role.NODES): frozenset({10250}),  # agents to the kubelets
    (Role.CANARY, Role.BALANCER): frozenset({443}),
    (Role.CANARY, Role.ENDPOINTS): frozenset({443}),
    (Role.CANARY, Role.INTERNET): frozenset({443}),  # the balancer by its public address, and AWS's APIs
    (Role.NODES, Role.CONTROL_PLANE): frozenset({443}),
    (Role.NODES, Role.ENDPOINTS): frozenset({443}),
    (Role.NODES, Role.INTERNET): frozenset({443}),
    # Source: Amazon EKS User Guide, security group requirements.
    (Role.CONTROL_PLANE, Role.NODES): frozenset({10250}),
    # Webhooks of the CloudWatch add-on, and metrics-server, which answers for an API group.
    # Source: Amazon EKS User Guide, Kubernetes Metrics Server; chart amazon-cloudwatch-observability, manager.ports.
    (Role.CONTROL_PLANE, Role.PODS): frozenset({9443, 10251}),
}
"""Every connection that may be, by the one tcp port of each rule, beside those of balancers to their targets.
PostgreSQL and Redis open none."""
_TARGETS: Final = 8443
"""Where pods are met if no target group of the stack says otherwise."""


def groups_admit_known_peers(graph: Graph) -> Iterator[Finding]:
    """Each group has a role, or is for something no rule knows, and lets in only the connections of the table."""
    roles = graph.once(_roles)
    for node_class in undecided_classes(graph):
        yield Undecided(node_class, "which of its groups is the pods' and which the nodes'")
    for group in graph.of_type(SECURITY_GROUP):
        if group.urn not in roles and group.urn not in held_by_strangers(graph):
            yield Violation(group, "nothing attaches it whose connections are known, so nobody can say what it is for")
    for holder, name in unattached(graph):
        yield Violation(holder, f"{name} must attach security groups of this stack, and no other")
    for rule in foreign_rules(graph):
        yield Violation(rule, "the group that it belongs to is not of this stack")
    yield from _admitted(graph, roles)


def groups_reach_known_peers(graph: Graph) -> Iterator[Violation]:
    """Each group lets itself out to nothing but the connections of the table."""
    return _left(graph, graph.once(_roles))


def _roles(graph: Graph) -> Roles:
    """The roles of the groups: of the ways that are open, the one with which least is wrong."""
    ways = assignments(graph)
    if len(ways) == 1:
        return ways[0]
    return min(ways, key=lambda roles: len([*_admitted(graph, roles), *_left(graph, roles)]))


def _admitted(graph: Graph, roles: Roles) -> Iterator[Violation]:
    paths = paths_from_internet(graph)
    for admission in admissions(graph):
        group = admission.group
        fault = _fault(graph, admission, roles, outward=False)
        if fault:
            edge = f"{group.name}:{_port(admission)}"
            path = _path_to(admission.peer, paths, private=admission.private)
            behind = f"; the internet comes by it: {shown((*path, edge))}" if path else ""
            yield Violation(admission.declared_by, f"it opens {_name(admission.peer)} -> {edge}: {fault}{behind}")


def _left(graph: Graph, roles: Roles) -> Iterator[Violation]:
    for departure in departures(graph):
        fault = _fault(graph, departure, roles, outward=True)
        if fault:
            edge = f"{departure.group.name} -> {_name(departure.peer)}:{_port(departure)}"
            yield Violation(departure.declared_by, f"it opens {edge}: {fault}")


def _fault(graph: Graph, opening: Opening, roles: Roles, *, outward: bool) -> str:
    """What is wrong with a connection; an end with several roles may do what each of them may."""
    own, other = _of(opening.group, roles), _of(opening.peer, roles)
    strangers = [end for end, held in ((opening.group, own), (opening.peer, other)) if not held]
    if strangers:
        # A group that nothing attaches is reported by itself, once for all of its rules; one of a stranger is not.
        reported = all(isinstance(end, Resource) and end.type == SECURITY_GROUP for end in strangers)
        return "" if reported else "one end is a group that this stack does not declare, or AWS's default"
    sources, targets = (own, other) if outward else (other, own)
    for source, target in product(sorted(sources), sorted(targets)):
        ports = _ports(graph, source, target)
        if ports is None:
            return f"{source} to {target} is no connection of this platform"
        if opening.one_port not in ports:
            return f"{source} to {target} is tcp {' or '.join(map(str, sorted(ports)))}, one port a rule"
    return ""


def _ports(graph: Graph, source: Role, target: Role) -> frozenset[int] | None:
    if (source, target) == (Role.BALANCER, Role.PODS):
        served = (group.get("port") for group in graph.of_type(*TARGET_GROUPS))
        return frozenset(port for port in served if isinstance(port, int)) or frozenset({_TARGETS})
    return _CONNECTIONS.get((source, target))


def _of(end: Resource | str, roles: Roles) -> frozenset[Role]:
    if isinstance(end, Resource):
        return roles.get(end.urn, frozenset())
    return frozenset() if end == OUTSIDE else frozenset({Role.INTERNET})


def _path_to(peer: Resource | str, paths: Mapping[str, tuple[str, ...]], *, private: bool) -> tuple[str, ...]:
    if isinstance(peer, Resource):
        return paths.get(peer.urn, ())
    return () if private else (Role.INTERNET,)


def _name(peer: Resource | str) -> str:
    return peer.name if isinstance(peer, Resource) else peer


def _port(opening: Opening) -> str:
    return opening.port if opening.protocol in ("tcp", "-1") else f"{show(opening.protocol)} {opening.port}"


GROUPS_ADMIT_KNOWN_PEERS: Final = GraphRule(
    about=Description(
        id="groups-admit-known-peers",
        title="Security groups let in the connections of the platform, and no other",
        severity=Severity.CRITICAL,
        frameworks=("FSBP EC2.18", "FSBP EC2.19", "FSBP EC2.13", "FSBP EC2.14", "CIS AWS 5.2", "CIS AWS 5.3"),
        why="The internet has one way to the data, by the balancer and the pods; a second one is a hole.",
        remediation="Take the rule away, or attach the group to what it is for. A new connection of the platform goes "
        "into the table of this rule first.",
    ),
    check=groups_admit_known_peers,
)
GROUPS_REACH_KNOWN_PEERS: Final = GraphRule(
    about=Description(
        id="groups-reach-known-peers",
        title="Security groups let out the connections of the platform, and no other",
        severity=Severity.HIGH,
        frameworks=("WA SEC05", "NSA network separation"),
        why="What is taken over must not carry data away: the databases open no connection, and pods, nodes and a "
        "canary alone reach the internet, on port 443.",
        remediation="Take the rule away, or name the one port and the group of the other end.",
    ),
    check=groups_reach_known_peers,
)
