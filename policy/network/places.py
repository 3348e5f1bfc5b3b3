"""Places: the ends that a connection inside a stack, or into it, can have.

The internet, balancers, pods, nodes, control planes, canaries, interface endpoints, databases and caches: each with the
security groups around it, the subnets it stands in, and the ports on which something answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from policy.facts.pods import Pod, workloads
from policy.graph import Graph, Resource
from policy.network.addresses import EVERYWHERE, Range, internet
from policy.network.group_roles import ATTACHED, BALANCERS, CANARY, DATA, ENDPOINT, NODE_CLASS, Role, Roles
from policy.network.routes import SUBNET
from policy.network.security_groups import CLUSTER, GROUPS
from policy.values import elements, network, read

_LISTENERS: Final = ("aws:lb/listener:Listener", "aws:alb/listener:Listener")
_SUBNET_GROUPS: Final = {"aws:rds/subnetGroup:SubnetGroup", "aws:elasticache/subnetGroup:SubnetGroup"}
_STANDS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    **dict.fromkeys(BALANCERS, (("subnets",), ("subnetMappings",))),
    CANARY: (("vpcConfig", "subnetIds"),),
    CLUSTER: (("vpcConfig", "subnetIds"),),
    ENDPOINT: (("subnetIds",), ("subnetConfigurations",)),
    "aws:rds/proxy:Proxy": (("vpcSubnetIds",),),
    "aws:elasticache/serverlessCache:ServerlessCache": (("subnetIds",),),
}
"""Where a type names its subnets; other stores of data name a group of subnets."""
_NAMES_GROUP: Final = ("dbSubnetGroupName", "subnetGroupName")
_KUBELET: Final = 10_250
_HTTPS: Final = 443


@dataclass(frozen=True, slots=True)
class Place:
    """One end of a connection."""

    role: Role
    name: str
    """What it is and what it is called, for people."""
    declared_by: Resource | None
    """Nothing declares the internet."""
    groups: frozenset[str] = frozenset()
    """The URNs of the security groups around it."""
    sure: bool = True
    """Whether these are all of its groups."""
    subnets: tuple[Resource, ...] = ()
    ranges: tuple[Range, ...] = EVERYWHERE
    """Where its addresses are; everywhere if that cannot be told."""
    ports: tuple[int, ...] = ()
    """The TCP ports on which it answers."""
    pod: Pod | None = field(default=None, compare=False)
    """What network policies select; not a pod in its host's network, which they do not see."""


def places(graph: Graph, roles: Roles) -> list[Place]:
    """Every place of a stack, by role and name; `roles` tells which groups are the pods' and which the nodes'."""
    known = [found for each in graph.of_type(SUBNET) if (found := network(each.get("cidrBlock"))) is not None]
    outside = Place(Role.INTERNET, Role.INTERNET, None, ranges=internet(known), ports=(_HTTPS,))
    inside = (*_attached(graph), *_nodes(graph, roles), *_pods(graph, roles))
    return [outside, *sorted(inside, key=lambda place: (list(Role).index(place.role), place.name))]


def _attached(graph: Graph) -> Iterator[Place]:
    seen: set[tuple[frozenset[str], tuple[str, ...]]] = set()
    for token, ((name, *within), role) in ATTACHED.items():
        for holder in sorted(graph.of_type(token), key=lambda each: each.name):
            groups = graph.named(holder, name, GROUPS, *within)
            sure = bool(groups) and len(elements(holder.get(name, *within))) <= len(groups)
            urns = frozenset(each.urn for each in (*groups, *([holder] if token == CLUSTER else [])))
            subnets = _subnets(graph, holder)
            if token == ENDPOINT:
                if holder.get("vpcEndpointType") != "Interface" or (urns, _urns(subnets)) in seen:
                    continue  # a gateway stands in no subnet, and endpoints that are held alike are one place
                seen.add((urns, _urns(subnets)))
            if token == CANARY and holder.get("vpcConfig") is None:
                continue  # it runs in a network of AWS
            yield Place(
                role,
                f"{role} {holder.name}",
                holder,
                groups=urns,
                sure=sure,
                subnets=subnets,
                ranges=_ranges(subnets),
                ports=_ports(graph, holder, role),
            )


def _urns(subnets: Iterable[Resource]) -> tuple[str, ...]:
    return tuple(sorted(each.urn for each in subnets))


def _subnets(graph: Graph, holder: Resource) -> tuple[Resource, ...]:
    """The subnets that a resource stands in; a replica without a group of its own stands where its source does."""
    paths = _STANDS.get(holder.type)
    if paths is not None:
        return tuple(each for name, *within in paths for each in graph.named(holder, name, {SUBNET}, *within))
    groups = [each for name in _NAMES_GROUP for each in graph.named(holder, name, _SUBNET_GROUPS)]
    if not groups:
        sources = graph.references(holder, "replicateSourceDb", {holder.type})
        groups = [each for one in sources for each in graph.named(one, _NAMES_GROUP[0], _SUBNET_GROUPS)]
    return tuple(each for group in groups for each in graph.named(group, "subnetIds", {SUBNET}))


def _ranges(subnets: Sequence[Resource]) -> tuple[Range, ...]:
    found = [network(subnet.get(name)) for subnet in subnets for name in ("cidrBlock", "ipv6CidrBlock")]
    known = tuple(each for each in found if each is not None)
    return known if len(known) >= len(subnets) > 0 else EVERYWHERE


def _ports(graph: Graph, holder: Resource, role: Role) -> tuple[int, ...]:
    if holder.type in BALANCERS:
        listeners = graph.referring(holder, "loadBalancerArn", *_LISTENERS)
        found = (each.get("port") for each in listeners)
        return tuple(sorted({port for port in found if isinstance(port, int)}))
    if holder.type in DATA:
        port = holder.get("port")
        return (port if isinstance(port, int) else DATA[holder.type][1],)
    return () if role is Role.CANARY else (_HTTPS,)


def _nodes(graph: Graph, roles: Roles) -> Iterator[Place]:
    for node_class in graph.of_type(NODE_CLASS):
        subnets = _selected(graph, node_class, "subnetSelectorTerms")
        yield Place(
            Role.NODES,
            f"{Role.NODES} {node_class.name}",
            node_class,
            groups=_of_role(roles, Role.NODES),
            sure=bool(_of_role(roles, Role.NODES)),
            subnets=subnets,
            ranges=_ranges(subnets),
            ports=(_KUBELET,),
        )


def _pods(graph: Graph, roles: Roles) -> Iterator[Place]:
    classes = graph.of_type(NODE_CLASS)
    for pod in workloads(graph):
        on_host = read(pod.spec, "hostNetwork") not in (None, False)
        groups = _of_role(roles, Role.NODES if on_host else Role.PODS)
        terms = "subnetSelectorTerms" if on_host else "podSubnetSelectorTerms"
        found = {subnet.urn: subnet for each in classes for subnet in _selected(graph, each, terms)}
        subnets = tuple(found.values())
        yield Place(
            Role.PODS,
            f"{Role.PODS} {pod.holder.name}",
            pod.holder,
            groups=groups,
            sure=bool(groups),
            subnets=subnets,
            ranges=_ranges(subnets),
            ports=_container_ports(pod),
            pod=None if on_host else pod,
        )


def _of_role(roles: Roles, role: Role) -> frozenset[str]:
    return frozenset(urn for urn, held in roles.items() if role in held)


def _selected(graph: Graph, node_class: Resource, terms: str) -> tuple[Resource, ...]:
    """The subnets that a NodeClass selects by id; before ids are known it tells which it names, not for whom."""
    own = elements(node_class.get("spec", terms)) or elements(node_class.get("spec", "subnetSelectorTerms"))
    known = [graph.identified(read(term, "id"), {SUBNET}) for term in own]
    if known and None not in known:
        return tuple(each for each in known if each is not None)
    return tuple(graph.references(node_class, "spec", {SUBNET}))


def _container_ports(pod: Pod) -> tuple[int, ...]:
    stated = (port for each in pod.containers() for port in elements(each.get("ports")))
    found = (read(port, "containerPort") for port in stated if read(port, "protocol") in (None, "TCP"))
    return tuple(sorted({port for port in found if isinstance(port, int)}))
