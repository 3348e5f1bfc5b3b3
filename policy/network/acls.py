"""Network ACLs as AWS evaluates them: by number, the first match decides, and answers need rules of their own.

Both spellings of a rule exist, inline and `aws:ec2/networkAclRule`; both become `Entry`s.
Source: Amazon VPC User Guide, network ACLs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final, TypeAlias

from policy.graph import Graph, Resource
from policy.network.addresses import Range, common, minus
from policy.network.routes import VPC
from policy.network.verdicts import Verdict, any_way, every_step
from policy.values import Plain, elements, network, present, read

ACL: Final = "aws:ec2/networkAcl:NetworkAcl"
DEFAULT_ACL: Final = "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"
_ASSOCIATION: Final = "aws:ec2/networkAclAssociation:NetworkAclAssociation"
_RULE: Final = "aws:ec2/networkAclRule:NetworkAclRule"
TCP: Final = ("tcp", "6", 6)
_ALL: Final = ("-1", -1, "all")

Ports: TypeAlias = tuple[int, int]
ANY_PORT: Final[Ports] = (1, 65_535)
"""Whoever opens a connection chooses the port that it comes from, so answers go to any."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule of an ACL, whichever way it is written."""

    outward: bool
    denies: bool
    """What cannot be read allows."""
    number: Plain
    peers: tuple[Plain, ...]
    """Address ranges: of IPv4, of IPv6, or both."""
    protocol: Plain
    ports: tuple[Plain, Plain]
    declared_by: Resource


def associated(graph: Graph, subnet: Resource) -> list[Resource]:
    """The ACLs of this stack that a subnet is given to, the default one apart."""
    by_association = [
        acl
        for association in graph.referring(subnet, "subnetId", _ASSOCIATION)
        for acl in graph.references(association, "networkAclId", {ACL})
    ]
    return by_association or graph.referring(subnet, "subnetIds", ACL)


def entries(graph: Graph, acl: Resource) -> Iterator[Entry]:
    """The rules of an ACL; those that a VPC is named by are of its default one."""
    for rule in graph.referring(acl, "networkAclId", _RULE):
        outward = rule.get("egress") is True  # absent: false
        yield _entry(rule.properties, rule, outward=outward, names=("ruleAction", "ruleNumber"))
    for name in ("ingress", "egress"):
        for entry in elements(acl.get(name)):
            yield _entry(entry, acl, outward=name == "egress", names=("action", "ruleNo"))


def _entry(entry: Plain, declared_by: Resource, *, outward: bool, names: tuple[str, str]) -> Entry:
    """One entry of an ACL; both spellings name all but the action and the number alike."""
    action, number = names
    ranges = (read(entry, "cidrBlock"), read(entry, "ipv6CidrBlock"))
    return Entry(
        outward,
        read(entry, action) == "deny",
        read(entry, number),
        tuple(filter(present, ranges)) or (None,),
        read(entry, "protocol"),
        (read(entry, "fromPort"), read(entry, "toPort")),
        declared_by,
    )


def exchange(graph: Graph, subnet: Resource, peers: Sequence[Range], *, port: int, outward: bool) -> Verdict:
    """Whether the ACL of a subnet lets TCP connections pass its border, which it opens itself or which come in.

    Both ways must be open to one peer, request and answer; peers of either family are judged by themselves.
    """
    rules = _rules(graph, subnet)
    if rules is None:
        return Verdict.OPEN
    request, answer = ([each for each in rules if each.outward is way] for way in (outward, not outward))
    return any_way(
        every_step(passes(request, [peer], (port, port)), passes(answer, [peer], ANY_PORT)) for peer in peers
    )


def _rules(graph: Graph, subnet: Resource) -> list[Entry] | None:
    """The rules that apply to a subnet; none are known of a default ACL that nobody adopts: it lets everything pass."""
    acls = associated(graph, subnet)
    if not acls:
        acls = graph.referring(subnet, "subnetIds", DEFAULT_ACL)
        for vpc in graph.named(subnet, "vpcId", {VPC}):
            adopted = graph.referring(vpc, "defaultNetworkAclId", DEFAULT_ACL)
            acls += [*adopted, vpc] if adopted else []
    return [entry for acl in acls for entry in entries(graph, acl)] if acls else None


def passes(rules: Iterable[Entry], peers: Sequence[Range], ports: Ports) -> Verdict:
    """Whether rules of one direction let TCP pass to any of these ports of any of these peers."""
    undecided = [(peer, ports) for peer in peers]
    verdict = Verdict.CLOSED
    for rule in sorted(rules, key=_place):
        if rule.protocol not in _ALL and isinstance(rule.protocol, (str, int)) and rule.protocol not in TCP:
            continue
        for peer in rule.peers:
            boxes = _boxes(rule, peer)
            if rule.denies:
                undecided = [part for box in undecided for part in _without(box, boxes)]
            elif boxes is None:
                verdict = Verdict.UNKNOWN if undecided else verdict
            elif any(_met(box, boxes) for box in undecided):
                return Verdict.OPEN
    return verdict


def _place(rule: Entry) -> float:
    """The order of evaluation; of a rule whose number is not known, the worst for the one who relies on it."""
    if isinstance(rule.number, (int, float)):
        return rule.number
    return inf if rule.denies else -inf


_Box: TypeAlias = tuple[Range, Ports]


def _boxes(rule: Entry, peer: Plain) -> _Box | None:
    """What a rule is about, or nothing where that cannot be told."""
    addresses = network(peer)
    first, last = ANY_PORT if rule.protocol in _ALL else rule.ports
    if addresses is None or rule.protocol not in (*_ALL, *TCP):
        return None
    return (addresses, (first, last)) if isinstance(first, int) and isinstance(last, int) else None


def _met(box: _Box, rule: _Box) -> _Box | None:
    addresses = common(box[0], rule[0])
    first, last = max(box[1][0], rule[1][0]), min(box[1][1], rule[1][1])
    return (addresses, (first, last)) if addresses is not None and first <= last else None


def _without(box: _Box, denied: _Box | None) -> Iterator[_Box]:
    """What is left of a box without what was denied; a denial that cannot be read takes nothing."""
    met = _met(box, denied) if denied is not None else None
    if met is None:
        yield box
        return
    yield from ((each, box[1]) for each in minus([box[0]], [met[0]]))
    (first, last), (denied_first, denied_last) = box[1], met[1]
    if first < denied_first:
        yield met[0], (first, denied_first - 1)
    if denied_last < last:
        yield met[0], (denied_last + 1, last)
