"""Patches and lists: what the rules read only as a whole object of its own is declared so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.pods import NAMESPACE
from policy.graph import Resource
from policy.rule import Description, ResourceRule, Severity, Violation

_WHOLE: Final = (
    "networking.k8s.io/v1:NetworkPolicy",
    "networking.k8s.aws/v1alpha1:ApplicationNetworkPolicy",
    "networking.k8s.aws/v1alpha1:ClusterNetworkPolicy",
    *(f"rbac.authorization.k8s.io/v1:{kind}" for kind in ("RoleBinding", "ClusterRoleBinding")),
    *(
        f"admissionregistration.k8s.io/{version}:ValidatingAdmissionPolicy{part}"
        for version in ("v1", "v1beta1")
        for part in ("", "Binding")
    ),
    *(f"policy/{version}:PodDisruptionBudget" for version in ("v1", "v1beta1")),
    *(f"autoscaling/{version}:HorizontalPodAutoscaler" for version in ("v1", "v2", "v2beta1", "v2beta2")),
    *(f"core/v1:{kind}" for kind in ("ResourceQuota", "LimitRange")),
    *(f"{group}:TargetGroupBinding" for group in ("eks.amazonaws.com/v1", "elbv2.k8s.aws/v1beta1")),
    "eks.amazonaws.com/v1:NodeClass",
    "karpenter.sh/v1:NodePool",
)
"""Kinds of which a rule reads whole objects alone: what a patch makes of one depends on what is there."""
_SINGLE: Final = ("eks.amazonaws.com/v1:NodeClass", "karpenter.sh/v1:NodePool", NAMESPACE.removeprefix("kubernetes:"))
"""Kinds to which other resources refer, which a list of them would hide."""


def manifests_whole(resource: Resource) -> Iterator[Violation]:
    """Nothing changes an object that its rules cannot see, or hides one among others."""
    if resource.type.endswith("Patch"):
        yield Violation(resource, "a patch of this kind changes what no rule can read: declare the whole object")
    else:
        yield Violation(resource, "objects of this kind are not read in a list: declare each by itself")


MANIFESTS_WHOLE: Final = ResourceRule(
    about=Description(
        id="manifests-whole",
        title="Objects that isolate, bind or bound are declared whole",
        severity=Severity.HIGH,
        frameworks=("NSA network policies", "CIS EKS 4.1.1"),
        why="A patch opens a network policy or adds to a binding, and the object that results is in no program.",
        remediation="Declare the object in the program that owns it.",
    ),
    types=frozenset({*(f"kubernetes:{kind}Patch" for kind in _WHOLE), *(f"kubernetes:{kind}List" for kind in _SINGLE)}),
    check=manifests_whole,
)
