"""The page of alarms says what each stack really has, to the threshold."""

from __future__ import annotations

from typing import Any

import pulumi_aws as aws
import pytest

from components.monitoring.alarms import source, table
from components.monitoring.messages import message
from components.monitoring.rows import Tier
from reference import alarms
from tests.stacks.program import recorded

NAMES = {"dev": "tmi-dev", "prod": "tmi-prod"}


@pytest.mark.parametrize("stack", alarms.STACKS)
def test_the_page_has_every_alarm_of_the_stack_with_its_threshold(stack: str) -> None:
    settings = alarms.settings_of(stack)
    tiers = {tier.value: tier for tier in Tier}
    sender = source(alarms.arguments(settings))
    rows = {
        row.name: (row, message(sender, row.severity, row.meaning, row.runbook, tiers.get(name)))
        for name, part in alarms.sections(stack).items()
        for row in part
    }
    inputs: list[Any] = [each.inputs for each in recorded(stack).of(aws.cloudwatch.MetricAlarm)]
    made = {each["name"]: each for each in inputs if each["alarmDescription"].startswith("[")}
    assert {f"{NAMES[stack]}-{name}": (row.threshold, text) for name, (row, text) in rows.items()} == {
        name: (each["threshold"], each["alarmDescription"]) for name, each in made.items()
    }
    page = alarms.page()
    for row, _ in rows.values():
        assert f"| `{row.name}` | {alarms.fires_when(row).replace('|', '')}" in page
        assert f"(../runbooks/{row.runbook}.md)" in page


def test_production_has_more_to_watch() -> None:
    counts = {stack: len(table(alarms.arguments(alarms.settings_of(stack)))) for stack in alarms.STACKS}
    assert counts["prod"] > 2 * counts["dev"] > 60
