"""The alarms of a stack, made from their table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.database import DatabaseInstance
from components.monitoring.rows import Alarm, cache_alarms, database_alarms, target_alarms
from components.server.roles import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmsArgs:
    """What :class:`Alarms` needs from its caller."""

    stack_name: str
    """The first part of every alarm's name."""
    topic_arn: pulumi.Input[str]
    """Where they are sent."""
    load_balancer_suffix: pulumi.Input[str]
    """The load balancer's ARN suffix."""
    target_group_suffixes: Mapping[Role, pulumi.Input[str]]
    """The ARN suffix of the target group of each role that has pods."""
    databases: Mapping[str, DatabaseInstance]
    """Every primary and replica, by its name in the stack."""
    cache_members: Mapping[str, pulumi.Input[str]]
    """Every node of Redis, by its number."""


def table(args: AlarmsArgs) -> tuple[Alarm, ...]:
    """Every alarm of the stack."""
    return (
        *(
            row
            for role in sorted(args.target_group_suffixes)
            for row in target_alarms(role, args.load_balancer_suffix, args.target_group_suffixes[role])
        ),
        *(row for key in sorted(args.databases) for row in database_alarms(key, args.databases[key])),
        *(row for number in sorted(args.cache_members) for row in cache_alarms(number, args.cache_members[number])),
    )


def description(row: Alarm) -> str:
    """What the message says: severity, meaning, runbook. CloudWatch takes 1024 characters."""
    return f"[{row.severity}] {row.meaning} Runbook: docs/runbooks/{row.runbook}.md"


def metric_queries(row: Alarm) -> list[aws.cloudwatch.MetricAlarmMetricQueryArgs]:
    """The metrics of a row and its expression; the last one is what is compared."""
    queries = [
        aws.cloudwatch.MetricAlarmMetricQueryArgs(
            id=identity,
            metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
                namespace=metric.namespace,
                metric_name=metric.name,
                stat=metric.statistic,
                period=row.period_seconds,
                dimensions=metric.dimensions,
            ),
            return_data=row.expression is None,
        )
        for identity, metric in row.metrics.items()
    ]
    if row.expression is not None:
        queries.append(
            aws.cloudwatch.MetricAlarmMetricQueryArgs(
                id="compared", expression=row.expression, label=row.name, return_data=True
            )
        )
    return queries


class Alarms(pulumi.ComponentResource):
    """Every alarm of the table; each also tells when it is over."""

    TYPE: Final = "tmi:monitoring:Alarms"

    def __init__(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        for row in table(args):
            aws.cloudwatch.MetricAlarm(
                f"{name}-{row.name}",
                name=f"{args.stack_name}-{row.name}",
                alarm_description=description(row),
                metric_queries=metric_queries(row),
                comparison_operator=row.comparison,
                threshold=row.threshold,
                evaluation_periods=row.periods,
                datapoints_to_alarm=row.bad_periods,
                treat_missing_data=row.missing,
                alarm_actions=[args.topic_arn],
                ok_actions=[args.topic_arn],
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
