"""Access: who may enter a cluster, and which pods act as which role of AWS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.pods import NAMESPACE, Manifest, namespace, objects
from policy.graph import Graph, Resource
from policy.rule import Description, Finding, GraphRule, Severity, Undecided, Violation
from policy.values import UNKNOWN, Plain, elements

_ENTRY: Final = "aws:eks/accessEntry:AccessEntry"
_ASSOCIATION: Final = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
_IDENTITY: Final = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
_ROLE: Final = "aws:iam/role:Role"
_ACCOUNT: Final = "core/v1:ServiceAccount"
_OF_ADD_ONS: Final = ("kube-system", "amazon-cloudwatch")
"""Namespaces in which EKS's add-ons make accounts of their own."""

_POLICIES: Final = "arn:aws:eks::aws:cluster-access-policy/"
_ADMINISTER: Final = tuple(
    f"{_POLICIES}AmazonEKS{name}Policy" for name in ("ClusterAdmin", "Admin", "Edit", "AdminView")
)
"""What administers, changes workloads or reads Secrets. Source: Amazon EKS User Guide, access policy permissions."""


def access_narrow(graph: Graph) -> Iterator[Violation]:
    """People enter as roles, by EKS's own policies; no role of the stack itself rules over its cluster."""
    for entry in graph.of_type(_ENTRY):
        groups = elements(entry.get("kubernetesGroups"))
        if any(not isinstance(each, str) or each.startswith("system:") for each in groups):
            yield Violation(entry, "kubernetesGroups must hold no group of the system")
        if not _is_role(graph, entry):
            yield Violation(entry, "principalArn must be a role: a user has a key that never ends")
    for association in graph.of_type(_ASSOCIATION):
        policy, scope = association.get("policyArn"), association.get("accessScope", "type")
        if not isinstance(policy, str) or not policy.startswith(_POLICIES):
            yield Violation(association, "policyArn must be an access policy of EKS")
        if scope not in ("cluster", "namespace"):
            yield Violation(association, "accessScope.type must be cluster or namespace")
        if policy in _ADMINISTER and graph.references(association, "principalArn", {_ROLE}):
            yield Violation(association, "a role of this stack, which a workload may have, would rule over the cluster")


def _is_role(graph: Graph, entry: Resource) -> bool:
    if graph.references(entry, "principalArn", {_ROLE}):
        return True
    arn = entry.get("principalArn")
    return isinstance(arn, str) and ":role/" in arn


def identities_paired(graph: Graph) -> Iterator[Finding]:
    """Each association gives a role of the stack to an account of the stack that is there, and one role alone."""
    accounts = objects(graph, _ACCOUNT)
    seen: set[tuple[str, str]] = set()
    for association in graph.of_type(_IDENTITY):
        where, name = _place(graph, association), association.get("serviceAccount")
        if name == "default":
            yield Violation(association, "serviceAccount is every pod's that names none; name one of its own")
        elif UNKNOWN in (where, name):
            yield Undecided(association, "whose role it is")
        elif not any(_is(graph, each, where, name) for each in accounts) and where not in _OF_ADD_ONS:
            yield Violation(association, "no ServiceAccount of this stack has that name in that namespace")
        elif (str(where), str(name)) in seen:
            yield Violation(association, "its ServiceAccount has another role already")
        seen.add((str(where), str(name)))
        if not graph.references(association, "roleArn", {_ROLE}):
            yield Violation(association, "roleArn must be a role of this stack, whose rights are judged here")


def _place(graph: Graph, association: Resource) -> Plain:
    """The namespace that an association is for: the URN of one of this stack, else its name."""
    referred = graph.references(association, "namespace", {NAMESPACE})
    if referred:
        return referred[0].urn
    name = association.get("namespace")
    named = (each.urn for each in graph.of_type(NAMESPACE) if each.get("metadata", "name") == name)
    return next(named, name) if isinstance(name, str) else name


def _is(graph: Graph, account: Manifest, where: Plain, name: Plain) -> bool:
    return account.get("metadata", "name") in (name, UNKNOWN) and namespace(graph, account) == where


ACCESS_NARROW: Final = GraphRule(
    about=Description(
        id="access-narrow",
        title="Clusters are entered by roles, with access policies of EKS, and not by their own workloads",
        severity=Severity.HIGH,
        frameworks=("CIS EKS 4.1.1", "CIS EKS 4.1.7", "WA SEC03"),
        why="A group of the system, or a pod whose role administers the cluster, is an administrator nobody named.",
        remediation="Give people's roles an AccessEntry and one of EKS's access policies; give workloads Kubernetes "
        "roles of their own.",
    ),
    check=access_narrow,
)
IDENTITIES_PAIRED: Final = GraphRule(
    about=Description(
        id="pod-identities-paired",
        title="Each pod identity joins a ServiceAccount and a role that are both of the stack",
        severity=Severity.HIGH,
        frameworks=("CIS EKS 5.2.1", "WA SEC02"),
        why="A name that nobody has yet gives the role to whoever takes it, and a pod without its role has none.",
        remediation="Declare the ServiceAccount in that namespace and the role, and refer to both.",
    ),
    check=identities_paired,
)
