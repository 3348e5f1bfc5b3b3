"""Namespaces: each workload has one that says how much its pods may take and what they must be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policy.facts.pods import in_namespace, namespace, workloads
from policy.graph import Graph, Resource
from policy.rule import Description, Finding, GraphRule, Severity, Undecided, Violation
from policy.values import Plain, elements, present, read

_QUOTA: Final = "core/v1:ResourceQuota"
_LIMITS: Final = "core/v1:LimitRange"
_VERSION: Final = "pod-security.kubernetes.io/enforce-version"
_RELEASE: Final = re.compile(r"v1\.\d{1,2}")
_COUNTED: Final = ("pods", "requests.cpu", "requests.memory", "limits.memory")
_SCOPES: Final = ("scopes", "scopeSelector")
_REFUSED: Final = ("services.loadbalancers", "services.nodeports")


def namespaces_bounded(graph: Graph) -> Iterator[Finding]:
    """Each workload is in a namespace of its own, and a namespace of this stack bounds what it holds."""
    for pod in workloads(graph):
        where = namespace(graph, pod.manifest)
        if where == "default" or where.startswith("kube-"):
            yield Violation(pod.holder, "metadata.namespace must name a namespace of its own")
        elif where not in graph.resources:
            yield Undecided(pod.holder, "what bounds its namespace, which is not of this stack")
    for urn in dict.fromkeys(namespace(graph, pod.manifest) for pod in workloads(graph)):
        if urn in graph.resources:
            yield from (Violation(graph.resources[urn], fault) for fault in _unbounded(graph, graph.resources[urn]))


def _unbounded(graph: Graph, space: Resource) -> Iterator[str]:
    label = space.get("metadata", "labels", _VERSION)
    if not isinstance(label, str) or not _RELEASE.fullmatch(label):  # absent: the latest that the cluster knows
        yield f"its label {_VERSION} must be a version, such as v1.35"
    quotas = in_namespace(graph, space.urn, _QUOTA)
    hard = [each.get("spec", "hard") for each in quotas]
    # A quota with a scope is for some pods alone, and what it does not say no other quota says of them.
    scoped = [each.get("spec", "hard") for each in quotas if any(present(each.get("spec", name)) for name in _SCOPES)]
    for name in _COUNTED:
        if any(not _is_said(read(each, name)) for each in scoped):
            yield f"a ResourceQuota of it with a scope does not bound {name}"
    for name in _COUNTED:
        if not any(_is_said(read(each, name)) for each in hard):
            yield f"no ResourceQuota of it bounds {name}"
    for name in _REFUSED:
        if not any(read(each, name) in ("0", 0) for each in hard):
            yield f"no ResourceQuota of it sets {name} to 0"
    ranges = [
        each
        for found in in_namespace(graph, space.urn, _LIMITS)
        for each in elements(found.get("spec", "limits"))
        if read(each, "type") == "Container" and _is_said(read(each, "default", "memory"))
    ]
    if not ranges:
        yield "no LimitRange of it gives a container a limit of memory"


def _is_said(value: Plain) -> bool:
    return isinstance(value, (str, int))


NAMESPACES_BOUNDED: Final = GraphRule(
    about=Description(
        id="namespaces-bounded",
        title="Namespaces bound what is in them",
        severity=Severity.MEDIUM,
        frameworks=("CIS EKS 4.5.1", "CIS EKS 4.5.2", "NSA resource limits", "PSS version"),
        why="What runs away, or is put beside the workload, must not take the cluster; and a standard without version "
        "changes with the cluster.",
        remediation="Declare a Namespace with that label, a ResourceQuota of pods, processor and memory without "
        "balancers or node ports, and a LimitRange for containers.",
    ),
    check=namespaces_bounded,
)
