"""Network policies: every pod is behind one, it opens no more than it must, and the cluster enforces it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Final, cast

from policy.facts.pods import Manifest, namespace, objects, selected, selects_all, workloads
from policy.graph import Graph, Resource
from policy.network.group_roles import BALANCERS, NODE_CLASS
from policy.network.security_groups import CLUSTER
from policy.rule import Description, Finding, GraphRule, Severity, Undecided, Violation
from policy.rules.edge.transport import TARGET_GROUPS
from policy.rules.network.vpc import SUBNET
from policy.values import PRIVATE, Plain, elements, from_json, network, present, read, within

_POLICY: Final = "networking.k8s.io/v1:NetworkPolicy"
_BY_NAME: Final = "networking.k8s.aws/v1alpha1:ApplicationNetworkPolicy"
_OVERRULING: Final = (
    "networking.k8s.aws/v1alpha1:ClusterNetworkPolicy",
    "policy.networking.k8s.io/v1alpha1:AdminNetworkPolicy",
)
"""What is asked before the policies of a namespace: what it accepts they cannot refuse."""
_CONFIG_MAP: Final = "core/v1:ConfigMap"
_ADD_ON: Final = "aws:eks/addon:Addon"

Range = IPv4Network | IPv6Network

_WAYS: Final = (("Ingress", "ingress", "from"), ("Egress", "egress", "to"))
_NOT_THE_INTERNET: Final = (*PRIVATE, *map(ip_network, ("169.254.0.0/16", "fe80::/10")))
"""Private ranges, and link-local ones, where nodes answer: IMDS is at 169.254.169.254 and fd00:ec2::254."""
_METADATA: Final = tuple(map(ip_network, ("169.254.169.254/32", "fd00:ec2::254/128")))


def workloads_isolated(graph: Graph) -> Iterator[Finding]:
    """Each pod's namespace denies both directions by default, and a policy of its own says what the pod may do."""
    policies = [(namespace(graph, each), each) for each in objects(graph, _POLICY, _BY_NAME)]
    for pod in workloads(graph):
        where = namespace(graph, pod.manifest)
        around = [each for place, each in policies if place == where]
        for way, field, _ in _WAYS:
            if not any(_denies(each, way, field) for each in around):
                if where in graph.resources or around:
                    yield Violation(pod.holder, f"its namespace denies no {field} by default")
                else:
                    yield Undecided(pod.holder, f"whether its namespace, which is not of this stack, denies {field}")
        own = [each for each in around if not selects_all(each.get("spec", "podSelector"))]
        if not any(selected(pod.labels, each.get("spec", "podSelector")) for each in own):
            yield Violation(pod.holder, "no network policy of its own selects it")


def _denies(policy: Manifest, way: str, field: str) -> bool:
    """Whether a policy closes one direction of every pod of its namespace."""
    alone = policy.kind == _POLICY and selects_all(policy.get("spec", "podSelector"))
    return alone and way in elements(policy.get("spec", "policyTypes")) and not present(policy.get("spec", field))


def policies_narrow(graph: Graph) -> Iterator[Violation]:
    """Each opening of a policy names its ports and its peers; of addresses no more than a subnet, or the internet."""
    known = [found for each in graph.of_type(SUBNET) if (found := network(each.get("cidrBlock"))) is not None]
    edge = [found for each in _edge(graph) if (found := network(each.get("cidrBlock"))) is not None]
    entrances = [each.get("port") for each in graph.of_type(*TARGET_GROUPS)]
    for policy in objects(graph, _POLICY, _BY_NAME):
        for way, field, peers in _WAYS:
            types = elements(policy.get("spec", "policyTypes"))  # absent: what it has rules for
            if types and way not in types and present(policy.get("spec", field)):
                yield Violation(policy.declared_by, f"spec.{field} is not in force: policyTypes lacks {way}")
            for number, rule in enumerate(elements(policy.get("spec", field)), start=1):
                ports, named = elements(read(rule, "ports")), elements(read(rule, peers))
                faults = [*_open_ports(ports), *_open_peers(named)]
                for block in (read(each, "ipBlock") for each in named):
                    if block is not None and field == "ingress":
                        faults += _open_entrance(block, ports, edge, entrances)
                    elif block is not None:
                        faults += _open_exit(block, known)
                yield from (
                    Violation(policy.declared_by, f"spec.{field}, number {number}: {fault}")
                    for fault in dict.fromkeys(faults)
                )
    for policy in filter(_overrules, objects(graph, *_OVERRULING)):
        yield Violation(policy.declared_by, "it accepts what policies of namespaces refuse; let it deny or pass")


def _overrules(policy: Manifest) -> bool:
    rules = (each for _, field, _ in _WAYS for each in elements(policy.get("spec", field)))
    return any(read(each, "action") not in ("Deny", "Pass") for each in rules)


def _edge(graph: Graph) -> list[Resource]:
    """The subnets of the stack's load balancers."""
    return [
        subnet
        for balancer in graph.of_type(*BALANCERS)
        for name in ("subnets", "subnetMappings")
        for subnet in graph.named(balancer, name, {SUBNET})
    ]


def _open_ports(ports: Sequence[Plain]) -> Iterator[str]:
    numbers = [read(each, "port") for each in ports]
    if not numbers or not all(isinstance(each, (int, str)) and each for each in numbers):
        yield "it names no port, so all are open"
    if any(read(each, "endPort") is not None for each in ports):
        yield "it opens a range of ports"


def _open_peers(peers: Sequence[Plain]) -> Iterator[str]:
    kinds = ("ipBlock", "podSelector", "namespaceSelector", "domainNames")
    if not peers or not all(any(present(read(each, kind)) for kind in kinds) for each in peers):
        empty = any(read(each, "podSelector") == {} and read(each, "namespaceSelector") is None for each in peers)
        yield "it is for every pod of its namespace; select those it is for" if empty else "it names no peer"
    for each in peers:
        spaces = read(each, "namespaceSelector")
        if spaces is not None and selects_all(spaces):
            yield "it is for every namespace; select those it is for"
        if any(name is not None and str(name).lstrip(".") in ("*", "") for name in elements(read(each, "domainNames"))):
            yield "it is for every name"


def _open_entrance(
    block: Plain, ports: Sequence[Plain], edge: Sequence[Range], entrances: Sequence[Plain]
) -> Iterator[str]:
    addresses = network(read(block, "cidr"))
    if addresses is None:
        yield "its addresses cannot be read"
    elif edge and not any(within(addresses, each) for each in edge):
        yield "it lets in from addresses outside the subnets of the load balancer"
    elif not edge and not any(within(addresses, each) for each in _NOT_THE_INTERNET):
        yield "it lets in from addresses of the internet"
    if entrances and not all(read(each, "port") in entrances for each in ports):
        yield "it lets in from addresses on a port of no target group"


def _open_exit(block: Plain, known: Sequence[Range]) -> Iterator[str]:
    addresses = network(read(block, "cidr"))
    if addresses is None:
        yield "its addresses cannot be read"
        return
    excepted = [network(each) for each in elements(read(block, "except"))]
    closed = [each for each in excepted if each is not None]
    if any(within(each, addresses) and not _covered(each, closed) for each in _METADATA):
        yield "it leads to the metadata of instances, 169.254.169.254"
    elif addresses.num_addresses == 1:
        return
    elif any(within(addresses, each) for each in _NOT_THE_INTERNET):
        if known and not any(within(addresses, each) for each in known):
            yield "it leads to private addresses beyond one subnet"
    elif any(within(each, addresses) and not _covered(each, closed) for each in _NOT_THE_INTERNET):
        yield "it leads to private or link-local addresses besides the internet; list them in except"


def _covered(addresses: Range, by: Sequence[Range]) -> bool:
    alike = [each for each in by if each.version == addresses.version]
    return any(within(addresses, each) for each in collapse_addresses(cast("list[IPv4Network]", alike)))


def policies_enforced(graph: Graph) -> Iterator[Violation]:
    """A cluster that holds network policies enforces them: Auto Mode by a ConfigMap, and on nodes that deny first."""
    classes = graph.of_type(NODE_CLASS)
    for each in classes:
        if each.get("spec", "networkPolicy") != "DefaultDeny":  # absent: DefaultAllow
            yield Violation(each, "spec.networkPolicy must be DefaultDeny")
    if not objects(graph, _POLICY, _BY_NAME):
        return
    for cluster in graph.of_type(CLUSTER):
        automatic = cluster.get("computeConfig", "enabled") is True or bool(classes)
        if automatic and not any(_turns_on(each) for each in objects(graph, _CONFIG_MAP)):
            yield Violation(cluster, "nothing enforces its network policies: ConfigMap amazon-vpc-cni of kube-system")
        elif not automatic and not any(_enforces(each) for each in graph.of_type(_ADD_ON)):
            yield Violation(cluster, "nothing enforces its network policies: add-on vpc-cni, enableNetworkPolicy")


def _turns_on(config_map: Manifest) -> bool:
    """Source: Amazon EKS User Guide, use network policies with EKS Auto Mode."""
    meant = tuple(config_map.get("metadata", name) for name in ("namespace", "name"))
    return meant == ("kube-system", "amazon-vpc-cni") and (
        config_map.get("data", "enable-network-policy-controller") == "true"
    )


def _enforces(add_on: Resource) -> bool:
    """Source: Amazon EKS User Guide, restrict Pod network traffic with Kubernetes network policies."""
    values = add_on.get("configurationValues")
    enabled = read(from_json(values), "enableNetworkPolicy")
    return add_on.get("addonName") == "vpc-cni" and str(enabled).lower() == "true"


WORKLOADS_ISOLATED: Final = GraphRule(
    about=Description(
        id="workloads-isolated",
        title="Pods are cut off by default, and each has a network policy of its own",
        severity=Severity.HIGH,
        frameworks=("CIS EKS 4.3.2", "NSA network policies"),
        why="Without a policy a pod speaks to every other and to whatever its node reaches.",
        remediation="Declare a NetworkPolicy with an empty podSelector, both policyTypes and no rule in the namespace, "
        "and one that selects the workload by its labels.",
    ),
    check=workloads_isolated,
)
POLICIES_NARROW: Final = GraphRule(
    about=Description(
        id="network-policies-narrow",
        title="Network policies open named ports to named peers",
        severity=Severity.HIGH,
        frameworks=("CIS EKS 4.3.2", "NSA network policies", "WA SEC05"),
        why="An opening without a peer is for everybody, and the metadata of an instance hands out its credentials.",
        remediation="Name ports and peers: the balancer's subnets on the port of a target group, one subnet or address "
        "inside, names, or the internet except for private and link-local addresses.",
    ),
    check=policies_narrow,
)
POLICIES_ENFORCED: Final = GraphRule(
    about=Description(
        id="network-policies-enforced",
        title="The cluster enforces its network policies",
        severity=Severity.CRITICAL,
        frameworks=("CIS EKS 4.3.1", "CIS EKS 5.4.4"),
        why="A cluster that does not enforce network policies accepts them all the same.",
        remediation="Declare the ConfigMap amazon-vpc-cni in kube-system with enable-network-policy-controller: "
        '"true", and networkPolicy: DefaultDeny in each NodeClass.',
    ),
    check=policies_enforced,
)
