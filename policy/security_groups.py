"""What security groups admit, whichever way it is written, and how far the data is from the internet.

Three spellings of an ingress rule exist (inline, `aws:ec2/securityGroupRule` and the standalone rule), and all become
`Admission`s. Egress is not looked at: what leaves a group is not counted as closed, so a path is never missed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from policy.graph import Graph, Resource
from policy.values import UNKNOWN, Plain, elements, is_private, present, read, show

SECURITY_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
_GROUPS: Final = frozenset({SECURITY_GROUP, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"})
_CLUSTER: Final = "aws:eks/cluster:Cluster"
_NODES: Final = _GROUPS | {_CLUSTER}
# A reference to the cluster is one to the group that EKS makes for it: an output, so without a resource of its own.

ATTACHED_BY: Final[Mapping[str, tuple[str, int]]] = {
    "aws:rds/instance:Instance": ("vpcSecurityGroupIds", 5432),
    "aws:rds/cluster:Cluster": ("vpcSecurityGroupIds", 5432),
    "aws:rds/proxy:Proxy": ("vpcSecurityGroupIds", 5432),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("securityGroupIds", 6379),
    "aws:elasticache/cluster:Cluster": ("securityGroupIds", 6379),
    "aws:elasticache/serverlessCache:ServerlessCache": ("securityGroupIds", 6379),
}
"""Where data lives: the property that attaches groups, and the one TCP port that is served."""

INTERNET: Final = "internet"

_UNREADABLE: Final[Mapping[str, Plain]] = dict.fromkeys(("fromPort", "toPort", "protocol", "cidrBlocks"), UNKNOWN)
"""An inline rule that is unknown, or no rule: any source on any port."""


@dataclass(frozen=True, slots=True)
class Admission:
    """One source that one group lets in."""

    target: Resource
    source: Resource | str
    """A group, or a description of an address range, a prefix list or a group outside the stack."""
    private: bool
    """Whether a source that is no group of the stack lies in private address space."""
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


def data_groups(graph: Graph) -> Iterator[tuple[Resource, Resource, int]]:
    """Each (store of data, group attached to it, port it serves)."""
    for token, (attaches, port) in ATTACHED_BY.items():
        for store in graph.of_type(token):
            for group in attached(graph, store, attaches):
                yield store, group, port


def attached(graph: Graph, store: Resource, attaches: str) -> list[Resource]:
    """The groups of this stack that a store's property attaches."""
    literals = (graph.identified(value, _GROUPS) for value in elements(store.get(attaches)))
    return _distinct([*graph.references(store, attaches, _GROUPS), *(group for group in literals if group)])


def admissions(graph: Graph) -> list[Admission]:
    """Everything that any security group of the stack admits."""
    return [*_standalone(graph), *_older_standalone(graph), *_inline(graph)]


def _standalone(graph: Graph) -> Iterator[Admission]:
    for rule in graph.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"):
        ranges = [rule.get(name) for name in ("cidrIpv4", "cidrIpv6") if present(rule.get(name))]
        yield from _admitted(
            graph,
            rule,
            targets=_nodes(graph, rule, "securityGroupId", [rule.get("securityGroupId")]),
            rule=rule.properties,
            names=("referencedSecurityGroupId", "ipProtocol"),
            ranges=ranges,
            prefix_lists=rule.get("prefixListId"),
        )


def _older_standalone(graph: Graph) -> Iterator[Admission]:
    for rule in graph.of_type("aws:ec2/securityGroupRule:SecurityGroupRule"):
        if rule.get("type") == "egress":
            continue
        targets = _nodes(graph, rule, "securityGroupId", [rule.get("securityGroupId")])
        yield from _admitted(
            graph,
            rule,
            targets=targets,
            rule=rule.properties,
            names=("sourceSecurityGroupId", "protocol"),
            ranges=[*elements(rule.get("cidrBlocks")), *elements(rule.get("ipv6CidrBlocks"))],
            prefix_lists=rule.get("prefixListIds"),
        )


def _inline(graph: Graph) -> Iterator[Admission]:
    for group in graph.of_type(*sorted(_GROUPS)):
        for rule in elements(group.get("ingress")):
            fields = rule if isinstance(rule, Mapping) else _UNREADABLE
            yield from _admitted(
                graph,
                group,
                targets=[group],
                rule=fields,
                names=("securityGroups", "protocol"),
                ranges=[*elements(read(fields, "cidrBlocks")), *elements(read(fields, "ipv6CidrBlocks"))],
                prefix_lists=read(fields, "prefixListIds"),
            )


def _admitted(
    graph: Graph,
    declared_by: Resource,
    *,
    targets: Iterable[Resource],
    rule: Mapping[str, Plain],
    names: tuple[str, str],
    ranges: Iterable[Plain],
    prefix_lists: Plain,
) -> Iterator[Admission]:
    by_group, protocol = names
    ports = (rule.get("fromPort"), rule.get("toPort"))
    literals = elements(rule.get(by_group)) if by_group == "securityGroups" else [rule.get(by_group)]
    for target in targets:
        sources: list[tuple[Resource | str, bool]] = [(show(value), is_private(value)) for value in ranges]
        if present(prefix_lists):
            sources.append(("a prefix list", False))
        if present(rule.get(by_group)):
            property_name = "ingress" if by_group == "securityGroups" else by_group
            groups = _nodes(graph, declared_by, property_name, literals)
            sources.extend((group, False) for group in groups)
            if not groups:
                sources.append(("a group outside this stack", True))
        if rule.get("self") not in (None, False):
            sources.append((target, False))
        for source, private in sources:
            yield Admission(target, source, private, rule.get(protocol), ports, declared_by)


def _nodes(graph: Graph, resource: Resource, name: str, literals: Iterable[Plain]) -> list[Resource]:
    known = (graph.identified(value, _GROUPS) for value in literals)
    return _distinct([*graph.references(resource, name, _NODES), *(group for group in known if group)])


def _distinct(resources: Iterable[Resource]) -> list[Resource]:
    return list({resource.urn: resource for resource in resources}.values())


def paths_from_internet(graph: Graph) -> Mapping[str, tuple[str, ...]]:
    """The shortest path to each group the internet reaches, as `alb:443`, `pods:8443` and so on, by URN.

    A private address range may be anybody's in the network, so it counts as every group of the stack.
    """
    everywhere = [node.urn for node in graph.of_type(*sorted(_NODES))]
    doors: dict[str, list[Admission]] = {}
    for admission in admissions(graph):
        if isinstance(admission.source, Resource):
            sources = [admission.source.urn]
        else:
            sources = everywhere if admission.private else [INTERNET]
        for source in sources:
            doors.setdefault(source, []).append(admission)
    paths: dict[str, tuple[str, ...]] = {}
    queue: deque[tuple[str, tuple[str, ...]]] = deque([(INTERNET, ())])
    while queue:
        here, path = queue.popleft()
        for admission in doors.get(here, ()):
            if admission.target.urn not in paths:
                paths[admission.target.urn] = (*path, f"{admission.target.name}:{admission.port}")
                queue.append((admission.target.urn, paths[admission.target.urn]))
    return paths
