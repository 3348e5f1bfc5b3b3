"""What happens without an alarm is heard of too: events of the databases, secrets that are due."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import chain
from typing import Any, cast

import pulumi
import pulumi_aws as aws
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.monitoring import rotation_reminders
from components.monitoring.database_events import CATEGORIES, RUNBOOK, pattern
from components.monitoring.rotation_reminders import schedule
from components.monitoring.rows import Severity
from components.platform.announcements import announcements, labels
from components.settings import parse
from tests.cloud import Cloud, Declared, Outputs, run
from tests.stack_files import ROOT, changed, document

TOPICS = {each: f"arn:aws:sns:eu-west-1:111111111111:{each.value}" for each in Severity}
NOISE = ("backup", "configuration change", "creation", "restoration")
"""What RDS tells whenever somebody or a plan asked for it."""


def announced(stack: str = "prod") -> Cloud:
    # The recorder gives everything an ARN; that of a target is the topic's.
    computed: Outputs = {"aws:cloudwatch/eventTarget:EventTarget": lambda _name, _inputs: {}}
    settings = parse(document(stack))
    return run(lambda: announcements(settings, dict(TOPICS), pulumi.ResourceOptions()), computed=computed)


def target(cloud: Cloud, rule: str) -> Declared:
    return cloud.one(aws.cloudwatch.EventTarget, f"{rule}-topic")


def event(category: str, server: str = "tmi-prod-main", kind: str = "RDS DB Instance Event") -> dict[str, Any]:
    """As RDS sends it. Source: Amazon RDS User Guide, monitoring events."""
    detail = {"EventCategories": [category], "SourceIdentifier": server, "Message": "Something happened."}
    return {"source": "aws.rds", "detail-type": kind, "detail": detail}


def matches(wanted: dict[str, Any], event: dict[str, Any]) -> bool:
    """Whether an event matches: each field of the pattern lists the values that do, any of a list's is enough."""
    *outer, detail = wanted
    assert detail == "detail"
    fields = [(wanted[field], event[field]) for field in outer]
    fields += [(values, event["detail"][field]) for field, values in wanted["detail"].items()]
    return all(
        not set(values).isdisjoint(cast("list[str]", found) if isinstance(found, list) else [found])
        for values, found in fields
    )


def heard(cloud: Cloud, sent: dict[str, Any]) -> list[Severity]:
    rules = {
        severity: json.loads(cloud.one(aws.cloudwatch.EventRule, f"database-events-{severity}").inputs["eventPattern"])
        for severity in CATEGORIES
    }
    return [severity for severity, wanted in rules.items() if matches(wanted, sent)]


def test_each_event_is_heard_of_once_by_its_severity() -> None:
    cloud = announced()
    for severity, categories in CATEGORIES.items():
        for category in categories:
            assert heard(cloud, event(category)) == [severity]
    assert heard(cloud, event("failover", server="tmi-prod-main-standby")) == [Severity.TICKET]
    for category in NOISE:
        assert heard(cloud, event(category)) == []
    assert heard(cloud, event("failover", server="somebody-elses")) == []
    assert heard(cloud, event("failover", kind="RDS DB Snapshot Event")) == []
    assert not set(chain(*CATEGORIES.values())) & set(NOISE)


def test_every_server_of_a_stack_is_named() -> None:
    cloud = announced()
    rule = json.loads(cloud.one(aws.cloudwatch.EventRule, "database-events-ticket").inputs["eventPattern"])
    assert rule == pattern(
        ("tmi-prod-main", "tmi-prod-main-reporting", "tmi-prod-main-standby"), CATEGORIES[Severity.TICKET]
    )


@pytest.mark.parametrize("severity", CATEGORIES)
def test_a_message_says_what_and_names_the_runbook(severity: Severity) -> None:
    declared = target(announced(), f"database-events-{severity}").inputs
    assert (declared["arn"], "roleArn" in declared) == (TOPICS[severity], False)
    transformer = declared["inputTransformer"]
    assert set(transformer["inputPaths"]) == {"server", "message"}
    assert json.loads(transformer["inputTemplate"]) == (
        f"[{severity}] <server>: <message> Runbook: docs/runbooks/{RUNBOOK}.md"
    )
    assert (ROOT / "docs" / "runbooks" / f"{RUNBOOK}.md").exists()


def test_the_day_after_ninety_is_reminded_of_once() -> None:
    assert schedule("2026-11") == "cron(0 9 31 1 ? 2027)"
    assert schedule("2027-11") == "cron(0 9 31 1 ? 2028)"
    assert schedule("2027-12") == "cron(0 9 1 3 ? 2028)"


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_reminder_is_not_early_and_at_most_a_day_late(day: date) -> None:
    _, _, due_day, due_month, _, due_year = schedule(f"{day:%Y-%m}").removeprefix("cron(").removesuffix(")").split()
    due = date(int(due_year), int(due_month), int(due_day))
    assert due - day.replace(day=1) == timedelta(days=91)


def test_each_secret_that_a_stack_makes_is_reminded_of() -> None:
    cloud = announced()
    fields = labels(parse(document("prod")))
    assert set(fields) == {"database", "redis", "jwt", "settings-key"}
    for field, label in fields.items():
        rule = cloud.one(aws.cloudwatch.EventRule, f"rotation-reminders-{field}").inputs
        assert rule["scheduleExpression"] == schedule(label)
        told = target(cloud, f"rotation-reminders-{field}").inputs
        assert told["arn"] == TOPICS[Severity.TICKET]
        assert json.loads(told["input"]).startswith(f"[ticket] {field} was last rotated in {label}: rotate it.")
    # Its key is made by the stack whose place it takes.
    assert set(labels(parse(document("recovery")))) == set(fields) - {"settings-key"}
    assert (ROOT / "docs" / "runbooks" / f"{rotation_reminders.RUNBOOK}.md").exists()


def test_a_new_label_moves_its_own_reminder() -> None:
    later = labels(parse(changed("prod", secrets__rotation__redis="2027-01")))
    assert later == {**labels(parse(document("prod"))), "redis": "2027-01"}
