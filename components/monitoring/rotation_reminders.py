"""Reminders to rotate secrets, on the day after 90 have gone by since a label of the stack file.

No alarm: nothing in AWS measures the age of a value that Pulumi makes. A rule that starts once, on that day, says it in
time and says nothing before; a new label moves it. From that day on each preview says it too
(`policy/facts/rotations.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pulumi
import pulumi_aws as aws

_LONGEST: Final = timedelta(days=90)
"""Source: AWS Foundational Security Best Practices, SecretsManager.4."""
RUNBOOK: Final = "rotate-a-secret"


@dataclass(frozen=True, kw_only=True, slots=True)
class RotationRemindersArgs:
    """What :class:`RotationReminders` need from their caller."""

    labels: Mapping[str, str]
    """The month of its last rotation, as `2026-11`, by the field of the stack file that says it."""
    topic_arn: pulumi.Input[str]
    """Who is reminded; EventBridge has to be allowed to publish there, and to use the topic's key."""


class RotationReminders(pulumi.ComponentResource):
    """A rule for each field, since each is rotated by itself."""

    TYPE: Final = "tmi:monitoring:RotationReminders"

    def __init__(self, name: str, args: RotationRemindersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        for field, label in args.labels.items():
            rule = aws.cloudwatch.EventRule(
                f"{name}-{field}",
                description=f"Reminds of the rotation of {field}, last done in {label}",
                schedule_expression=schedule(label),
                opts=child,
            )
            aws.cloudwatch.EventTarget(
                f"{name}-{field}-topic",
                rule=rule.name,
                arn=args.topic_arn,
                input=f'"[ticket] {field} was last rotated in {label}: rotate it. Runbook: docs/runbooks/{RUNBOOK}.md"',
                opts=child,
            )
        self.register_outputs({})


def schedule(label: str) -> str:
    """Once, in the morning of the first day on which more than 90 have gone by since the month began.

    Source: Amazon EventBridge User Guide, cron expressions; the last field is the year.
    """
    year, month = map(int, label.split("-"))
    due = date(year, month, 1) + _LONGEST + timedelta(days=1)
    return f"cron(0 9 {due.day} {due.month} ? {due.year})"
