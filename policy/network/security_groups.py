"""What security groups let in and out, whichever way it is written.

Three spellings of a rule exist (inline, `aws:ec2/securityGroupRule` and the standalone rule); all become `Opening`s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from policy.graph import Graph, Resource
from policy.values import UNKNOWN, Plain, elements, is_private, present, read, show

SECURITY_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_SECURITY_GROUP: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
GROUPS: Final = frozenset({SECURITY_GROUP, DEFAULT_SECURITY_GROUP})
CLUSTER: Final = "aws:eks/cluster:Cluster"
NODES: Final = GROUPS | {CLUSTER}
"""Ends of rules. A reference to the cluster is one to the group that EKS makes for it: an output, no resource."""

OUTSIDE: Final = "a group outside this stack"

_UNREADABLE: Final[Mapping[str, Plain]] = dict.fromkeys(("fromPort", "toPort", "protocol", "cidrBlocks"), UNKNOWN)
"""An inline rule that is unknown, or no rule: any peer on any port."""


@dataclass(frozen=True, slots=True)
class _Direction:
    """How the two directions are spelled."""

    name: str
    """The property of a group that holds inline rules, and the `type` of the older standalone rule."""
    standalone: str


_IN: Final = _Direction("ingress", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
_OUT: Final = _Direction("egress", "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
_OLDER: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
RULES: Final = (_IN.standalone, _OUT.standalone, _OLDER)
"""The types of standalone rules."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One peer that one group lets in, or lets itself out to."""

    group: Resource
    peer: Resource | str
    """A group, or a description of an address range, a prefix list or a group outside the stack."""
    private: bool
    """Whether a peer that is no group of the stack lies in private address space."""
    protocol: Plain
    ports: tuple[Plain, Plain]
    declared_by: Resource

    @property
    def port(self) -> str:
        """The port or ports, for people."""
        if self.protocol == "-1":
            return "all"
        first, last = self.ports
        return show(first) if first == last else f"{show(first)}-{show(last)}"

    @property
    def one_port(self) -> int | None:
        """The tcp port, if it is exactly one and known."""
        first, last = self.ports
        return first if self.protocol == "tcp" and first == last and isinstance(first, int) else None


def admissions(graph: Graph) -> tuple[Opening, ...]:
    """Everything that any security group of the stack lets in."""
    return graph.once(_admissions)


def departures(graph: Graph) -> tuple[Opening, ...]:
    """Everything that any security group of the stack lets out."""
    return graph.once(_departures)


def foreign_rules(graph: Graph) -> list[Resource]:
    """Standalone rules of groups that are not of this stack: what they open cannot be told from here."""
    rules = graph.of_type(*RULES)
    return [rule for rule in rules if not graph.named(rule, "securityGroupId", NODES)]


def _admissions(graph: Graph) -> tuple[Opening, ...]:
    return tuple(_openings(graph, _IN))


def _departures(graph: Graph) -> tuple[Opening, ...]:
    return tuple(_openings(graph, _OUT))


def _openings(graph: Graph, way: _Direction) -> Iterator[Opening]:
    yield from _standalone(graph, way)
    yield from _older_standalone(graph, way)
    yield from _inline(graph, way)


def _standalone(graph: Graph, way: _Direction) -> Iterator[Opening]:
    for rule in graph.of_type(way.standalone):
        ranges = [rule.get(name) for name in ("cidrIpv4", "cidrIpv6") if present(rule.get(name))]
        yield from _opened(
            graph,
            rule,
            groups=graph.named(rule, "securityGroupId", NODES),
            rule=rule.properties,
            names=("referencedSecurityGroupId", "ipProtocol"),
            ranges=ranges,
            prefix_lists=rule.get("prefixListId"),
        )


def _older_standalone(graph: Graph, way: _Direction) -> Iterator[Opening]:
    other = _OUT if way is _IN else _IN
    for rule in graph.of_type(_OLDER):
        if rule.get("type") == other.name:  # one that cannot be read is both
            continue
        yield from _opened(
            graph,
            rule,
            groups=graph.named(rule, "securityGroupId", NODES),
            rule=rule.properties,
            names=("sourceSecurityGroupId", "protocol"),
            ranges=[*elements(rule.get("cidrBlocks")), *elements(rule.get("ipv6CidrBlocks"))],
            prefix_lists=rule.get("prefixListIds"),
        )


def _inline(graph: Graph, way: _Direction) -> Iterator[Opening]:
    for group in graph.of_type(*sorted(GROUPS)):
        for rule in elements(group.get(way.name)):
            fields = rule if isinstance(rule, Mapping) else _UNREADABLE
            yield from _opened(
                graph,
                group,
                groups=[group],
                rule=fields,
                names=("securityGroups", "protocol"),
                ranges=[*elements(read(fields, "cidrBlocks")), *elements(read(fields, "ipv6CidrBlocks"))],
                prefix_lists=read(fields, "prefixListIds"),
                inline=way.name,
            )


def _opened(
    graph: Graph,
    declared_by: Resource,
    *,
    groups: Iterable[Resource],
    rule: Mapping[str, Plain],
    names: tuple[str, str],
    ranges: Iterable[Plain],
    prefix_lists: Plain,
    inline: str = "",
) -> Iterator[Opening]:
    by_group, protocol = names
    ports = (rule.get("fromPort"), rule.get("toPort"))
    outside: list[tuple[Resource | str, bool]] = [(show(value), is_private(value)) for value in ranges]
    if present(prefix_lists):
        outside.append(("a prefix list", False))
    for group in groups:
        peers = [*outside]
        if present(rule.get(by_group)):
            literals = elements(rule.get(by_group)) if inline else [rule.get(by_group)]
            named = _nodes(graph, declared_by, inline or by_group, literals)
            peers.extend((peer, False) for peer in named)
            if not named:
                peers.append((OUTSIDE, True))
        if rule.get("self") not in (None, False):
            peers.append((group, False))
        for peer, private in peers:
            yield Opening(group, peer, private, rule.get(protocol), ports, declared_by)


def _nodes(graph: Graph, resource: Resource, name: str, literals: Iterable[Plain]) -> list[Resource]:
    known = (graph.identified(value, GROUPS) for value in literals)
    found = [*graph.references(resource, name, NODES), *(group for group in known if group)]
    return list({each.urn: each for each in found}.values())
