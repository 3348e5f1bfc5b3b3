"""Guards: what the API server asks before it admits a change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.pods import Manifest, objects, tokens
from policy.graph import Graph
from policy.rule import Description, GraphRule, Severity, Violation
from policy.values import UNKNOWN, elements, show

_VERSIONS: Final = ("v1", "v1beta1")
_GUARDS: Final = tuple(f"admissionregistration.k8s.io/{each}:ValidatingAdmissionPolicy" for each in _VERSIONS)
_BINDINGS: Final = tuple(f"{each}Binding" for each in _GUARDS)


def guards_deny(graph: Graph) -> Iterator[Violation]:
    """Each admission policy denies, also while it cannot be evaluated, and something binds it."""
    bindings = objects(graph, *_BINDINGS)
    for guard in objects(graph, *_GUARDS):
        failure = guard.get("spec", "failurePolicy")
        if failure not in (None, "Fail"):  # absent: Fail
            yield Violation(guard.declared_by, f"spec.failurePolicy is {show(failure)}; it must be Fail")
        if not any(_denies(graph, binding, guard) for binding in bindings):
            yield Violation(guard.declared_by, "no ValidatingAdmissionPolicyBinding of this stack denies by it")


def _denies(graph: Graph, binding: Manifest, guard: Manifest) -> bool:
    name, bound = guard.get("metadata", "name"), binding.get("spec", "policyName")
    # Before the cluster is there, the name of an object is not known, and what refers to it is.
    named = (isinstance(name, str) and bound == name) or (
        bound is UNKNOWN and guard.declared_by in graph.references(binding.declared_by, "spec", tokens(*_GUARDS))
    )
    return named and "Deny" in elements(binding.get("spec", "validationActions"))


GUARDS_DENY: Final = GraphRule(
    about=Description(
        id="guards-deny",
        title="Admission policies deny, and are bound",
        severity=Severity.HIGH,
        frameworks=("NSA admission control", "CIS EKS 4.5"),
        why="A policy that only warns, fails open or is bound to nothing looks like a lock and is none.",
        remediation="Leave spec.failurePolicy at Fail, and bind the policy by name with validationActions Deny.",
    ),
    check=guards_deny,
)
