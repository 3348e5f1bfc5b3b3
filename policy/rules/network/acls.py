"""Network ACLs: the second lock before the data, for the day on which a security group is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.graph import Graph, Resource
from policy.network.acls import TCP, Entry, associated, entries
from policy.network.group_roles import BALANCERS, DATA
from policy.rule import Description, GraphRule, Severity, Violation
from policy.rules.network.vpc import SUBNET, SUBNET_GROUPS
from policy.values import Plain, is_private, network, show, within

_PORTS: Final = frozenset(port for _, port, _ in DATA.values())


def data_behind_acls(graph: Graph) -> Iterator[Violation]:
    """The ACL of each data subnet admits the data's ports from inside the network alone, but not from the edge."""
    edge = [
        subnet.get("cidrBlock")
        for balancer in graph.of_type(*BALANCERS)
        for name in ("subnets", "subnetMappings")
        for subnet in graph.references(balancer, name, {SUBNET})
    ]
    acls: dict[str, Resource] = {}
    for subnet in _data_subnets(graph):
        found = associated(graph, subnet)
        if not found:
            yield Violation(subnet, "it holds data, and the network's default ACL applies to it")
        acls.update({acl.urn: acl for acl in found})
    for acl in acls.values():
        for entry in entries(graph, acl):
            for fault in _faults(entry, edge):
                yield Violation(entry.declared_by, f"{acl.name} stands before data, and {fault}")


def _data_subnets(graph: Graph) -> list[Resource]:
    found = (
        subnet for group in graph.of_type(*SUBNET_GROUPS) for subnet in graph.references(group, "subnetIds", {SUBNET})
    )
    return list({subnet.urn: subnet for subnet in found}.values())


def _faults(entry: Entry, edge: list[Plain]) -> Iterator[str]:
    if entry.denies:
        return
    way = "lets out to" if entry.outward else "admits"
    for peer in entry.peers:
        if not is_private(peer):
            yield f"{way} {show(peer)}; name a range of the network"
        elif not entry.outward and any(_overlap(peer, each) for each in edge):
            yield f"{way} {show(peer)}, where a load balancer stands; name the range of the pods"
    first, last = entry.ports
    if not entry.outward and (entry.protocol not in TCP or first != last or first not in _PORTS):
        wanted = " or ".join(map(str, sorted(_PORTS)))
        yield f"{way} {show(entry.protocol)} {show(first)}-{show(last)}; admit tcp {wanted} alone"


def _overlap(one: Plain, other: Plain) -> bool:
    first, second = network(one), network(other)
    return first is not None and second is not None and (within(first, second) or within(second, first))


DATA_BEHIND_ACLS: Final = GraphRule(
    about=Description(
        id="data-behind-acls",
        title="The network ACLs of data admit the pods on the data's ports, and nobody else",
        severity=Severity.HIGH,
        frameworks=("FSBP EC2.21", "CIS AWS 5.1", "WA SEC05"),
        why="One lock is opened by one mistake: a group that is too wide still meets an ACL that is not.",
        remediation="Associate an ACL of the stack with each data subnet, and admit tcp 5432 and 6379 from the pods' "
        "range alone.",
    ),
    check=data_behind_acls,
)
