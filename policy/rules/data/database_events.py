"""Events of databases: what RDS alone knows reaches somebody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.documents import listed
from policy.facts.replicas import DATABASE, in_same_region
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, Severity, Violation
from policy.values import UNKNOWN, Plain, elements, from_json, present, read

_RULE: Final = "aws:cloudwatch/eventRule:EventRule"
_TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
_SUBSCRIPTION: Final = "aws:rds/eventSubscription:EventSubscription"
_CATEGORIES: Final = ("failure", "maintenance")
"""What must be told. Source: AWS Security Hub, control RDS.20."""
_OFF: Final = ("DISABLED",)


def databases_tell(graph: Graph) -> Iterator[Violation]:
    """Failures and maintenance of each instance are told, by a rule of EventBridge or by a subscription of RDS."""
    for instance in graph.of_type(DATABASE):
        missing = [each for each in _CATEGORIES if not _is_told(graph, instance, each)]
        if missing:
            yield Violation(instance, f"nothing tells anybody of its events: {' and '.join(missing)}")


def _is_told(graph: Graph, instance: Resource, category: str) -> bool:
    by_rule = (_matches(rule, instance, category) for rule in _heard_rules(graph, instance))
    return any(by_rule) or any(
        each.get("enabled") in (None, True)  # absent: true
        and each.get("sourceType") in (None, "db-instance")  # absent: every source
        and _holds(each.get("sourceIds"), instance.get("identifier"))
        and _holds(each.get("eventCategories"), category)
        and in_same_region(graph, each, instance)
        for each in graph.of_type(_SUBSCRIPTION)
    )


def _heard_rules(graph: Graph, instance: Resource) -> list[Resource]:
    return [
        rule
        for rule in graph.of_type(_RULE)
        if rule.get("state") not in _OFF
        and graph.referring(rule, "rule", _TARGET)
        and in_same_region(graph, rule, instance)
    ]


def _matches(rule: Resource, instance: Resource, category: str) -> bool:
    """Whether a pattern takes an event; one that is made of names which are not known yet is taken to."""
    pattern = rule.get("eventPattern")
    if pattern is UNKNOWN:
        return instance.urn in rule.dependencies.get("eventPattern", ())
    read_as = from_json(pattern)
    return (
        present(read(read_as, "source"))
        and "aws.rds" in elements(read(read_as, "source"))
        and _holds(read(read_as, "detail-type"), "RDS DB Instance Event")
        and _holds(read(read_as, "detail", "SourceIdentifier"), instance.get("identifier"))
        and _holds(read(read_as, "detail", "EventCategories"), category)
    )


def _holds(wanted: Plain, value: Plain) -> bool:
    """Whether a list names a value, or names none and so means all; a value that is not known may be any of them."""
    return not present(wanted) or value is UNKNOWN or UNKNOWN in listed(wanted) or value in listed(wanted)


DATABASES_TELL: Final = GraphRule(
    about=Description(
        id="databases-tell",
        title="Failures and maintenance of databases are told",
        severity=Severity.MEDIUM,
        frameworks=("FSBP RDS.20", "FSBP RDS.21", "WA OPS08", "WA REL06"),
        why="That a standby took over, or that a replica stopped, is in no metric: RDS says it once, as an event.",
        remediation="Declare an EventRule for source aws.rds with a target that somebody reads, or an "
        "EventSubscription, that names the instance or none, and these categories.",
    ),
    check=databases_tell,
)
