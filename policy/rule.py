"""What a rule is, and what it can say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from policy.graph import Graph, Resource


class Severity(StrEnum):
    """How bad a violation is for this architecture; every rule is mandatory whatever its severity."""

    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Violation:
    """A resource that breaks a rule."""

    resource: Resource
    message: str
    """What is wrong and what must hold instead; never a property's value, except through `values.show`."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """A resource that a rule cannot judge before its values are known; it is counted, and judged when deployed."""

    resource: Resource
    what: str


Finding: TypeAlias = Violation | Undecided


@dataclass(frozen=True, kw_only=True, slots=True)
class Description:
    """What people read about a rule."""

    id: str
    """The policy's name in reports and in exceptions."""
    title: str
    severity: Severity
    frameworks: tuple[str, ...]
    """Controls it covers: `FSBP` (AWS Foundational Security Best Practices), `CIS`, `PSS` (Pod Security), `NSA`, `WA`
    (questions of the AWS Well-Architected Framework)."""
    why: str
    remediation: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceRule:
    """A rule that one resource's own properties decide; judged before the resource is touched."""

    about: Description
    types: frozenset[str]
    """The only type tokens it is asked about."""
    check: Callable[[Resource], Iterable[Finding]]


@dataclass(frozen=True, kw_only=True, slots=True)
class GraphRule:
    """A rule that needs several resources of a stack; judged when all are declared, so in the preview before."""

    about: Description
    check: Callable[[Graph], Iterable[Finding]]


Rule: TypeAlias = ResourceRule | GraphRule


def findings(rule: Rule, graph: Graph) -> Iterable[Finding]:
    """Everything a rule says about a whole stack, whichever kind of rule it is."""
    if isinstance(rule, GraphRule):
        return rule.check(graph)
    return [finding for resource in graph.of_type(*sorted(rule.types)) for finding in rule.check(resource)]


def undecided(rules: Iterable[Rule], graph: Graph) -> Counter[str]:
    """How many questions each rule leaves open about a stack, by the rule's id; rules that leave none are left out."""
    return Counter(
        rule.about.id for rule in rules for finding in findings(rule, graph) if isinstance(finding, Undecided)
    )
