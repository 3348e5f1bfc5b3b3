"""What RDS tells of databases."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from policy.facts.replicas import DATABASE
from policy.rules.data.database_events import DATABASES_TELL
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

DB = resource(DATABASE, "it", {"identifier": "db"})
SILENT = [("it", "nothing tells anybody of its events: failure and maintenance")]


def told(pattern: Plain, *, target: bool = True, **properties: Plain) -> list[tuple[str, str]]:
    rule = resource("aws:cloudwatch/eventRule:EventRule", "rule", {"eventPattern": pattern, **properties})
    targets = [resource("aws:cloudwatch/eventTarget:EventTarget", "target", rule=rule)] if target else []
    return violations(DATABASES_TELL, DB, rule, *targets)


def events(detail: Plain = None, **top: Plain) -> str:
    return json.dumps({"source": ["aws.rds"], **({"detail": detail} if detail else {}), **top})


@pytest.mark.parametrize(
    ("pattern", "missing"),
    [
        (events(), ""),
        (events({"SourceIdentifier": ["other", "db"]}), ""),
        (events({"EventCategories": ["failure", "maintenance"]}), ""),
        (events({"EventCategories": ["failure"]}), "maintenance"),
        (events({"EventCategories": ["deletion"]}), "failure and maintenance"),
        (events({"SourceIdentifier": ["other"]}), "failure and maintenance"),
        (events(**{"detail-type": ["RDS DB Snapshot Event"]}), "failure and maintenance"),
        (events(source=["aws.backup"]), "failure and maintenance"),
        (events(source=None), "failure and maintenance"),
        ("{", "failure and maintenance"),
        ("[]", "failure and maintenance"),
        (None, "failure and maintenance"),
        (7, "failure and maintenance"),
        (UNKNOWN, "failure and maintenance"),
    ],
)
def test_failures_and_maintenance_are_told(pattern: Plain, missing: str) -> None:
    assert told(pattern) == ([("it", f"nothing tells anybody of its events: {missing}")] if missing else [])


def test_a_rule_that_nobody_hears_tells_nothing() -> None:
    assert told(events(), target=False) == SILENT
    assert told(events(), state="DISABLED") == SILENT
    assert told(events(), region="eu-central-1") == SILENT
    assert violations(DATABASES_TELL, DB) == SILENT


def test_a_pattern_of_names_that_are_not_known_is_taken_to_match() -> None:
    rule = resource("aws:cloudwatch/eventRule:EventRule", "rule", {"eventPattern": UNKNOWN}, eventPattern=DB)
    target = resource("aws:cloudwatch/eventTarget:EventTarget", "target", rule=rule)
    assert violations(DATABASES_TELL, DB, rule, target) == []
    unnamed = replace(DB, properties={"identifier": UNKNOWN})
    by_name = replace(rule, properties={"eventPattern": events({"SourceIdentifier": ["db"]})})
    assert violations(DATABASES_TELL, unnamed, by_name, target) == []


@pytest.mark.parametrize(
    ("properties", "passes"),
    [
        ({}, True),
        ({"sourceType": "db-instance", "eventCategories": ["failure", "maintenance"], "sourceIds": ["db"]}, True),
        ({"sourceIds": UNKNOWN}, True),
        ({"sourceType": "db-snapshot"}, False),
        ({"enabled": False}, False),
        ({"enabled": UNKNOWN}, False),
        ({"eventCategories": ["deletion"]}, False),
        ({"sourceIds": ["other"]}, False),
        ({"region": "eu-central-1"}, False),
    ],
)
def test_a_subscription_of_rds_will_do(properties: dict[str, Plain], *, passes: bool) -> None:
    subscription = resource("aws:rds/eventSubscription:EventSubscription", "subscription", properties)
    assert violations(DATABASES_TELL, DB, subscription) == ([] if passes else SILENT)
