"""Network ACLs: the second lock before the data, for the day on which a security group is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from policy.graph import Graph, Resource
from policy.group_roles import BALANCERS, DATA
from policy.rule import Description, GraphRule, Severity, Violation
from policy.rules.network import SUBNET, SUBNET_GROUPS
from policy.values import Plain, elements, is_private, network, present, read, show, within

_ACL: Final = "aws:ec2/networkAcl:NetworkAcl"
_ASSOCIATION: Final = "aws:ec2/networkAclAssociation:NetworkAclAssociation"
_RULE: Final = "aws:ec2/networkAclRule:NetworkAclRule"
_TCP: Final = ("tcp", "6", 6)
_PORTS: Final = frozenset(port for _, port, _ in DATA.values())


@dataclass(frozen=True, slots=True)
class _Allowance:
    """What an ACL lets through, whichever way it is written."""

    outward: bool
    peer: Plain
    """The address range; the IPv6 one where both are given."""
    protocol: Plain
    ports: tuple[Plain, Plain]
    declared_by: Resource


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
        found = _acls(graph, subnet)
        if not found:
            yield Violation(subnet, "it holds data, and the network's default ACL applies to it")
        acls.update({acl.urn: acl for acl in found})
    for acl in acls.values():
        for allowance in _allowances(graph, acl):
            for fault in _faults(allowance, edge):
                yield Violation(allowance.declared_by, f"{acl.name} stands before data, and {fault}")


def _data_subnets(graph: Graph) -> list[Resource]:
    found = (
        subnet for group in graph.of_type(*SUBNET_GROUPS) for subnet in graph.references(group, "subnetIds", {SUBNET})
    )
    return list({subnet.urn: subnet for subnet in found}.values())


def _acls(graph: Graph, subnet: Resource) -> list[Resource]:
    by_association = [
        acl
        for association in graph.referring(subnet, "subnetId", _ASSOCIATION)
        for acl in graph.references(association, "networkAclId", {_ACL})
    ]
    return by_association or graph.referring(subnet, "subnetIds", _ACL)


def _allowances(graph: Graph, acl: Resource) -> Iterator[_Allowance]:
    for rule in graph.referring(acl, "networkAclId", _RULE):
        if rule.get("ruleAction") != "deny":
            yield _allowance(rule.properties, rule, outward=rule.get("egress") is True)  # absent: false
    for name in ("ingress", "egress"):
        for entry in elements(acl.get(name)):
            if read(entry, "action") != "deny":
                yield _allowance(entry, acl, outward=name == "egress")


def _allowance(entry: Plain, declared_by: Resource, *, outward: bool) -> _Allowance:
    """One entry of an ACL; both spellings name all but the action alike."""
    peer = read(entry, "ipv6CidrBlock" if present(read(entry, "ipv6CidrBlock")) else "cidrBlock")
    return _Allowance(
        outward, peer, read(entry, "protocol"), (read(entry, "fromPort"), read(entry, "toPort")), declared_by
    )


def _faults(allowance: _Allowance, edge: list[Plain]) -> Iterator[str]:
    way = "lets out to" if allowance.outward else "admits"
    if not is_private(allowance.peer):
        yield f"{way} {show(allowance.peer)}; name a range of the network"
    elif not allowance.outward and any(_overlap(allowance.peer, each) for each in edge):
        yield f"{way} {show(allowance.peer)}, where a load balancer stands; name the range of the pods"
    first, last = allowance.ports
    if not allowance.outward and (allowance.protocol not in _TCP or first != last or first not in _PORTS):
        wanted = " or ".join(map(str, sorted(_PORTS)))
        yield f"{way} {show(allowance.protocol)} {show(first)}-{show(last)}; admit tcp {wanted} alone"


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
