"""Nodes: which ones EKS starts, where they stand, how many there may be and how long each lives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from policy.facts.quantities import some
from policy.graph import Graph, Resource
from policy.network.group_roles import NODE_CLASS
from policy.network.security_groups import CLUSTER
from policy.rule import Description, GraphRule, ResourceRule, Severity, Violation
from policy.rules.network.vpc import SUBNET
from policy.values import Plain, elements, present, read, show

_POOL: Final = "kubernetes:karpenter.sh/v1:NodePool"
_ADD_ON: Final = "aws:eks/addon:Addon"

_LONGEST_HOURS: Final = 21 * 24
"""After which EKS Auto Mode ends a node without asking. Source: Amazon EKS User Guide, EKS Auto Mode security."""
_DURATION: Final = re.compile(r"(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?")
_BY_AUTO_MODE: Final = ("vpc-cni", "kube-proxy", "coredns", "aws-ebs-csi-driver", "eks-pod-identity-agent")
"""What Auto Mode runs on its nodes already. Source: Amazon EKS User Guide, EKS Auto Mode."""
_SPANS: Final = ("expireAfter", "terminationGracePeriod")
_CONFLICTS: Final = {"resolveConflictsOnCreate": ("OVERWRITE",), "resolveConflictsOnUpdate": ("OVERWRITE", "PRESERVE")}
_TERMS: Final = ("subnetSelectorTerms", "podSubnetSelectorTerms")


def auto_mode_whole(cluster: Resource) -> Iterator[Violation]:
    """The three parts of Auto Mode are on or off together, and nothing that it brings is installed beside it."""
    switches = (
        cluster.get("computeConfig", "enabled"),
        cluster.get("kubernetesNetworkConfig", "elasticLoadBalancing", "enabled"),
        cluster.get("storageConfig", "blockStorage", "enabled"),
    )
    states = [False if each is None else each for each in switches]  # absent: off
    if any(each != states[0] for each in states):
        yield Violation(
            cluster,
            "computeConfig, kubernetesNetworkConfig.elasticLoadBalancing and storageConfig.blockStorage must be "
            "enabled together",
        )
    add_ons = cluster.get("bootstrapSelfManagedAddons")
    if True in switches and add_ons is not False:  # absent: true
        yield Violation(cluster, f"bootstrapSelfManagedAddons is {show(add_ons)}; Auto Mode needs false")


def nodes_judged(graph: Graph) -> Iterator[Violation]:
    """Nodes come from NodePools of the stack by NodeClasses of the stack: EKS's own use a class that nobody wrote."""
    for cluster in graph.of_type(CLUSTER):
        if present(cluster.get("computeConfig", "nodePools")):
            yield Violation(
                cluster, "computeConfig.nodePools must be empty: their NodeClass denies no traffic by default"
            )
    classes = graph.of_type(NODE_CLASS)
    names = [each.get("metadata", "name") for each in classes]
    for pool in graph.of_type(_POOL):
        name = pool.get("spec", "template", "spec", "nodeClassRef", "name")
        if name not in names and not graph.references(pool, "spec", {NODE_CLASS}):
            yield Violation(pool, "nodeClassRef must name a NodeClass of this stack")


def node_pools_bounded(graph: Graph) -> Iterator[Violation]:
    """Each pool says how much it may start, and renews its nodes before Auto Mode ends them."""
    for pool in graph.of_type(_POOL):
        for name in ("cpu", "memory"):
            if not some(pool.get("spec", "limits", name)):  # absent: without limit
                yield Violation(pool, f"spec.limits.{name} must be given")
        lives, grace = (_hours(pool.get("spec", "template", "spec", name)) for name in _SPANS)
        if lives is None or grace is None:  # absent: 30 days, and for as long as pods refuse to go
            yield Violation(pool, f"{' and '.join(_SPANS)} must be given, as times")
        elif lives + grace > _LONGEST_HOURS:
            yield Violation(pool, f"{' and '.join(_SPANS)} must come to {_LONGEST_HOURS} hours or less")
        budgets = elements(pool.get("spec", "disruption", "budgets"))
        if any(read(each, "nodes") in ("0", "0%", 0) and read(each, "schedule") is None for each in budgets):
            yield Violation(pool, "a budget without schedule lets no node be renewed, ever")


def _hours(value: Plain) -> float | None:
    found = _DURATION.fullmatch(value) if isinstance(value, str) and value else None
    if found is None:
        return None
    hours, minutes, seconds = (int(each or 0) for each in found.groups())
    return hours + minutes / 60 + seconds / 3600


def subnets_named(graph: Graph) -> Iterator[Violation]:
    """Clusters, nodes and pods name the subnets that they stand in, all of the stack, where their routes are judged."""
    for cluster in graph.of_type(CLUSTER):
        yield from _unnamed(graph, cluster, "vpcConfig", elements(cluster.get("vpcConfig", "subnetIds")))
    for each in graph.of_type(NODE_CLASS):
        for name in _TERMS:
            terms = elements(each.get("spec", name))
            if terms or name == _TERMS[0]:  # absent: pods stand where their node does
                yield from _unnamed(graph, each, "spec", [read(term, "id") for term in terms])


def _unnamed(graph: Graph, holder: Resource, name: str, ids: Sequence[Plain]) -> Iterator[Violation]:
    """Whether one property of a resource names subnets that are not known here."""
    literals = {value: graph.identified(value, {SUBNET}) for value in ids if isinstance(value, str)}
    found = [*graph.references(holder, name, {SUBNET}), *(each for each in literals.values() if each)]
    subnets = {each.urn: each for each in found}
    if not ids or None in (*ids, *literals.values()) or len(ids) > len(subnets):  # absent: it selects by tags
        yield Violation(holder, f"{name} must name its subnets by their ids, all of this stack")


def add_ons_pinned(graph: Graph) -> Iterator[Violation]:
    """Each add-on has a version that somebody chose, takes over what is there, and is not part of Auto Mode."""
    automatic = any(each.get("computeConfig", "enabled") is True for each in graph.of_type(CLUSTER))
    for add_on in graph.of_type(_ADD_ON):
        if not isinstance(add_on.get("addonVersion"), str):  # absent: the default of the day it is made
            yield Violation(add_on, "addonVersion must be given")
        for name, allowed in _CONFLICTS.items():
            if add_on.get(name) not in allowed:  # absent: NONE, which fails where something is there already
                yield Violation(add_on, f"{name} must be {' or '.join(allowed)}")
        if automatic and add_on.get("addonName") in _BY_AUTO_MODE:
            yield Violation(add_on, "Auto Mode brings it already, and this one would run beside it")


AUTO_MODE_WHOLE: Final = ResourceRule(
    about=Description(
        id="auto-mode-whole",
        title="EKS Auto Mode is on or off as a whole",
        severity=Severity.HIGH,
        frameworks=("WA OPS05",),
        why="No simulated cloud and no preview minds, and EKS refuses the cluster.",
        remediation="Enable all three and set bootstrapSelfManagedAddons to false, or leave all of it out.",
    ),
    types=frozenset({CLUSTER}),
    check=auto_mode_whole,
)
NODES_JUDGED: Final = GraphRule(
    about=Description(
        id="nodes-judged",
        title="Nodes come from NodePools and NodeClasses of the stack",
        severity=Severity.HIGH,
        frameworks=("CIS EKS 4.3.1", "WA SEC06"),
        why="Nodes of EKS's own pools have another role, key and network policy than those which are judged here.",
        remediation="Leave computeConfig.nodePools empty, and declare a NodePool that refers to a NodeClass.",
    ),
    check=nodes_judged,
)
NODE_POOLS_BOUNDED: Final = GraphRule(
    about=Description(
        id="node-pools-bounded",
        title="NodePools are bounded, and their nodes are renewed in order",
        severity=Severity.MEDIUM,
        frameworks=("WA COST02", "WA SEC06"),
        why="A pool without limit follows any mistake at any price, and a node that never ends keeps its holes.",
        remediation="Set spec.limits, and expireAfter and terminationGracePeriod of 504 hours together at most.",
    ),
    check=node_pools_bounded,
)
SUBNETS_NAMED: Final = GraphRule(
    about=Description(
        id="nodes-name-subnets",
        title="Nodes, pods and control plane name their subnets, all of the stack",
        severity=Severity.HIGH,
        frameworks=("CIS EKS 5.4.3", "WA SEC05"),
        why="Where a tag decides, a new tag moves the nodes; where a subnet of another stack leads, nobody can tell.",
        remediation="Name subnets of this stack by id in vpcConfig.subnetIds and in the selector terms of a NodeClass.",
    ),
    check=subnets_named,
)
ADD_ONS_PINNED: Final = GraphRule(
    about=Description(
        id="add-ons-pinned",
        title="Add-ons have a chosen version and do not fight with what is there",
        severity=Severity.MEDIUM,
        frameworks=("WA OPS05", "CIS EKS 5.1.4"),
        why="An add-on without a version is whatever was the default on the day of its making, and stays that.",
        remediation="Set addonVersion and both resolveConflicts; leave out what Auto Mode brings.",
    ),
    check=add_ons_pinned,
)
