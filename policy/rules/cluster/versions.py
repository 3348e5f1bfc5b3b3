"""Versions: objects of Kubernetes are written in versions of its API that stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policy.graph import Graph
from policy.rule import Description, GraphRule, Severity, Violation

_PASSING: Final = re.compile(r"kubernetes:(?P<group>[^/:]+)/v\d+(?:alpha|beta)\d+:\w+")
_BUILT_IN: Final = frozenset(
    {
        *("apps", "autoscaling", "batch", "extensions", "policy", "settings.k8s.io"),
        *("admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "auditregistration.k8s.io"),
        *("authentication.k8s.io", "authorization.k8s.io", "certificates.k8s.io", "coordination.k8s.io"),
        *("discovery.k8s.io", "events.k8s.io", "flowcontrol.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io"),
        *("rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io"),
    }
)
"""Groups of Kubernetes itself; others have versions of their own makers."""


def apis_stable(graph: Graph) -> Iterator[Violation]:
    """No object is written in an alpha or beta version of Kubernetes' own API."""
    for resource in graph:
        found = _PASSING.fullmatch(resource.type)
        if found is not None and found["group"] in _BUILT_IN:
            yield Violation(
                resource, "its version of the API is alpha or beta, and a later Kubernetes does not serve it"
            )


APIS_STABLE: Final = GraphRule(
    about=Description(
        id="apis-stable",
        title="Objects are written in stable versions of the Kubernetes API",
        severity=Severity.MEDIUM,
        frameworks=("WA OPS05", "FSBP EKS.2"),
        why="Kubernetes takes betas away with a minor version, and with them every object the program then declares.",
        remediation="Write it in the stable version of its group, such as apps/v1.",
    ),
    check=apis_stable,
)
