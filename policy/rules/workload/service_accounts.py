"""Service accounts: what a pod is in its cluster, and what it is told unasked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.pods import POD_TYPES, Pod, manifests, namespace, objects, pods, tokens, workloads
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, ResourceRule, Severity, Violation
from policy.values import Plain, elements, read

_ACCOUNTS: Final = tokens("core/v1:ServiceAccount")
_BINDINGS: Final = tuple(f"rbac.authorization.k8s.io/v1:{kind}" for kind in ("RoleBinding", "ClusterRoleBinding"))


def accounts_own(graph: Graph) -> Iterator[Violation]:
    """Each pod has an account that it chose, and its token only if that account has rights."""
    for pod in workloads(graph):
        account = read(pod.spec, "serviceAccountName")
        if account in (None, "", "default"):
            yield Violation(pod.holder, "serviceAccountName must name an account of its own")
        mounts = read(pod.spec, "automountServiceAccountToken")
        if mounts is not False:  # absent: what the account says, and by default yes
            bound = isinstance(account, str) and _has_rights(graph, pod, account)
            if mounts is not True or not bound:
                yield Violation(pod.holder, "automountServiceAccountToken must be false, or true for bound accounts")
    for each in (found for holder in graph.of_type(*sorted(_ACCOUNTS)) for found in manifests(holder)):
        mounts = each.get("automountServiceAccountToken")
        if mounts is not False and (each.whole or mounts is not None):  # absent: yes, and in a patch as it was
            yield Violation(
                each.declared_by, "automountServiceAccountToken must be false; the pod says true if need be"
            )


def _has_rights(graph: Graph, pod: Pod, account: str) -> bool:
    """Whether a binding of this stack is for an account."""
    where = namespace(graph, pod.manifest)
    name = graph.resources[where].get("metadata", "name") if where in graph.resources else where
    return any(
        read(subject, "kind") == "ServiceAccount"
        and read(subject, "name") == account
        and (read(subject, "namespace") == name or _shares(graph, each.declared_by, where))
        for each in objects(graph, *_BINDINGS)
        for subject in elements(each.get("subjects"))
    )


def _shares(graph: Graph, binding: Resource, where: str) -> bool:
    """Whether the subjects of a binding were made from a namespace whose name is not known yet."""
    return where in binding.dependencies.get("subjects", ()) and where in graph.resources


def service_links_off(resource: Resource) -> Iterator[Violation]:
    """No pod gets variables named after the Services of its namespace."""
    for pod in pods(resource):
        links: Plain = read(pod.spec, "enableServiceLinks")
        if links is not False and (pod.manifest.whole or links is not None):  # absent: yes
            yield Violation(resource, "enableServiceLinks must be false")


ACCOUNTS_OWN: Final = GraphRule(
    about=Description(
        id="service-accounts-own",
        title="Pods have accounts of their own, and no token they do not need",
        severity=Severity.MEDIUM,
        frameworks=("CIS EKS 4.1.5", "CIS EKS 4.1.6", "NSA service account tokens"),
        why="A token opens the Kubernetes API to whoever takes over the pod, and rights of a shared account are "
        "everybody's.",
        remediation="Declare a ServiceAccount for the workload with automountServiceAccountToken false; say true in "
        "the pod if a role of this stack is bound to it.",
    ),
    check=accounts_own,
)
SERVICE_LINKS_OFF: Final = ResourceRule(
    about=Description(
        id="service-links-off",
        title="No Service sets variables of a pod",
        severity=Severity.MEDIUM,
        frameworks=("WA OPS05",),
        why="A Service that is named like a program's prefix forges its settings: tmi-redis sets TMI_REDIS_PORT.",
        remediation="Set enableServiceLinks to false in the pod.",
    ),
    types=POD_TYPES,
    check=service_links_off,
)
