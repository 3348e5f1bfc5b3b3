"""Kubernetes clusters: who reaches them, who may administer them, what they record, and that nodes can join."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from policy.graph import Graph, Resource
from policy.network.group_roles import NODE_CLASS
from policy.network.security_groups import CLUSTER
from policy.rule import Description, GraphRule, ResourceRule, Severity, Violation
from policy.values import UNKNOWN, Plain, elements, network, present, show

_LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
_ENTRY: Final = "aws:eks/accessEntry:AccessEntry"
_ASSOCIATION: Final = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
_ROLE: Final = "aws:iam/role:Role"

_WIDEST_PREFIX: Final = 8
"""Half of the internet is the internet as well."""
_LOGS: Final = ("api", "audit", "authenticator", "controllerManager", "scheduler")
_OLDEST: Final = (1, 34)
"""The oldest version in standard support on 28 November 2026, which it leaves on 2 December 2026. Source: Amazon EKS
User Guide, Kubernetes release calendar."""
_MINOR: Final = re.compile(r"(\d{1,3})\.(\d{1,3})")
_NODE_POLICY: Final = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy"


def clusters_closed(cluster: Resource) -> Iterator[Violation]:
    """The API is reached inside the VPC, and from outside by listed networks or not at all."""
    private, public = (cluster.get("vpcConfig", f"endpoint{kind}Access") for kind in ("Private", "Public"))
    if private is not True:  # absent: false
        yield Violation(cluster, f"vpcConfig.endpointPrivateAccess is {show(private)}; it must be true")
    if public is False:
        return
    cidrs = elements(cluster.get("vpcConfig", "publicAccessCidrs"))
    if not cidrs:  # absent: everybody, and public access is on unless it is turned off
        yield Violation(cluster, "vpcConfig.publicAccessCidrs is absent, so the whole internet reaches its API")
    for cidr in cidrs:
        found = network(cidr)
        if found is None or found.prefixlen < _WIDEST_PREFIX:
            rule = f"it must be a network of /{_WIDEST_PREFIX} or narrower"
            yield Violation(cluster, f"vpcConfig.publicAccessCidrs holds {show(cidr)}; {rule}")


def clusters_recorded(graph: Graph) -> Iterator[Violation]:
    """Every log of the control plane is kept, in a group that was there before it."""
    groups = [group.get("name") for group in graph.of_type(_LOG_GROUP)]
    for cluster in graph.of_type(CLUSTER):
        types = elements(cluster.get("enabledClusterLogTypes"))
        missing = [each for each in _LOGS if each not in types]
        if missing:
            yield Violation(cluster, f"enabledClusterLogTypes lacks {', '.join(missing)}")
        name = cluster.get("name")
        # Absent: Pulumi makes a name up, too late for a log group that must be there first.
        if name is not UNKNOWN and f"/aws/eks/{name}/cluster" not in groups:
            yield Violation(cluster, "no LogGroup is declared for its logs, so EKS makes one that keeps them for ever")


def clusters_by_entries(cluster: Resource) -> Iterator[Violation]:
    """Access comes by access entries, which are in the stack: nobody has it for having made the cluster."""
    mode = cluster.get("accessConfig", "authenticationMode")
    if mode != "API":  # absent: CONFIG_MAP, an object in the cluster that whoever reaches it can edit
        yield Violation(cluster, "accessConfig.authenticationMode must be API")
    creator = cluster.get("accessConfig", "bootstrapClusterCreatorAdminPermissions")
    if creator is not False:  # absent: true
        where = "accessConfig.bootstrapClusterCreatorAdminPermissions"
        yield Violation(cluster, f"{where} is {show(creator)}; it must be false")


def clusters_supported(cluster: Resource) -> Iterator[Violation]:
    """The version is given, and EKS still supports it as a matter of course."""
    version = cluster.get("version")
    found = _MINOR.fullmatch(version) if isinstance(version, str) else None
    if found is None:
        yield Violation(cluster, "version must be a minor version of Kubernetes; without one EKS never upgrades it")
    elif (int(found[1]), int(found[2])) < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        yield Violation(cluster, f"version is out of standard support; it must be {oldest} or later")


def nodes_may_join(graph: Graph) -> Iterator[Violation]:
    """Each NodeClass has a role that EKS lets nodes join with; it makes that entry for its built-in pools alone."""
    for node_class in graph.of_type(NODE_CLASS):
        if present(node_class.get("spec", "instanceProfile")):  # its role is not in the stack
            continue
        entries = [each for each in _of_its_role(graph, node_class, _ENTRY) if each.get("type") == "EC2"]
        policies = [each.get("policyArn") for each in _of_its_role(graph, node_class, _ASSOCIATION)]
        if not entries:
            yield Violation(node_class, "its role has no AccessEntry of type EC2: no node of it joins the cluster")
        elif _NODE_POLICY not in policies:
            yield Violation(
                node_class, "its role's AccessEntry lacks AmazonEKSAutoNodePolicy: its nodes never get ready"
            )


def _of_its_role(graph: Graph, node_class: Resource, token: str) -> list[Resource]:
    """What is for the role of a NodeClass, known by reference or, where it is written out, by its name."""
    roles = graph.references(node_class, "spec", {_ROLE})
    return [each for each in graph.of_type(token) if _is_for(graph, each, roles, node_class.get("spec", "role"))]


def _is_for(graph: Graph, holder: Resource, roles: Collection[Resource], name: Plain) -> bool:
    arn = holder.get("principalArn")
    if any(role in roles for role in graph.references(holder, "principalArn", {_ROLE})):
        return True
    return isinstance(arn, str) and isinstance(name, str) and bool(name) and arn.rpartition("/")[2] == name


CLUSTERS_CLOSED: Final = ResourceRule(
    about=Description(
        id="clusters-closed",
        title="The Kubernetes API is reached inside the VPC, and from listed networks at most",
        severity=Severity.HIGH,
        frameworks=("FSBP EKS.1", "CIS EKS 5.4.1", "CIS EKS 5.4.2"),
        why="Whoever reaches the API can try stolen credentials, and its next weakness.",
        remediation="Set endpointPrivateAccess, and turn endpointPublicAccess off or list publicAccessCidrs.",
    ),
    types=frozenset({CLUSTER}),
    check=clusters_closed,
)
CLUSTERS_RECORDED: Final = GraphRule(
    about=Description(
        id="clusters-recorded",
        title="Every log of a cluster's control plane is kept in a log group of the stack",
        severity=Severity.MEDIUM,
        frameworks=("FSBP EKS.8", "CIS EKS 2.1.1"),
        why="Who changed what in a cluster is in its audit log, or nowhere.",
        remediation="Enable all five log types, and declare the log group /aws/eks/<name>/cluster.",
    ),
    check=clusters_recorded,
)
CLUSTERS_BY_ENTRIES: Final = ResourceRule(
    about=Description(
        id="clusters-by-entries",
        title="Access to a cluster comes by access entries alone",
        severity=Severity.HIGH,
        frameworks=("WA SEC03", "CIS EKS 4.1.1", "CIS EKS 4.1.7"),
        why="Whoever made a cluster, or edits its aws-auth ConfigMap, is an administrator that nobody approved.",
        remediation="Set authenticationMode to API and bootstrapClusterCreatorAdminPermissions to false.",
    ),
    types=frozenset({CLUSTER}),
    check=clusters_by_entries,
)
CLUSTERS_SUPPORTED: Final = ResourceRule(
    about=Description(
        id="clusters-supported",
        title="Clusters run a version of Kubernetes in standard support",
        severity=Severity.HIGH,
        frameworks=("FSBP EKS.2",),
        why="Later EKS bills extended support, or upgrades the cluster on a day of its own choice.",
        remediation="Raise version by one minor at a time.",
    ),
    types=frozenset({CLUSTER}),
    check=clusters_supported,
)
NODES_MAY_JOIN: Final = GraphRule(
    about=Description(
        id="nodes-may-join",
        title="The role of each NodeClass has an access entry for nodes",
        severity=Severity.HIGH,
        frameworks=("WA REL07",),
        why="Without it EC2 starts nodes, and bills them, that never become part of the cluster.",
        remediation="Declare an AccessEntry of type EC2 for the role, and associate AmazonEKSAutoNodePolicy with it.",
    ),
    check=nodes_may_join,
)
