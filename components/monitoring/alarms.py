"""The alarms of a stack, made from their table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.database_instance import DatabaseInstance
from components.monitoring.incidents import (
    EXTENSION_SECONDS,
    INCIDENTS,
    SUPPRESSORS,
    WAIT_SECONDS,
    Outage,
    firing,
    members,
    told_by_incident,
)
from components.monitoring.messages import Source, message
from components.monitoring.rows import Alarm, Severity, Tier, Watched
from components.monitoring.tables.cache import Caches, caches
from components.monitoring.tables.cluster import Workload, cluster
from components.monitoring.tables.database import databases
from components.monitoring.tables.deep_check import deep_check
from components.monitoring.tables.edge import Edge, edge
from components.monitoring.tables.jobs import Jobs, done, stream
from components.monitoring.tables.logs import Logs, logs
from components.monitoring.tables.network import network
from components.monitoring.tables.objectives import Objectives, objectives
from components.monitoring.tables.server import Processes, server
from components.monitoring.tables.targets import targets
from components.server.roles import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmsArgs:
    """What :class:`Alarms` needs from its caller."""

    stack_name: str
    """The first part of every alarm's name."""
    repository: str
    """The address of the repository that holds the runbooks."""
    topic_arns: Mapping[Severity, pulumi.Input[str]]
    """Where they are sent."""
    objectives: Objectives
    """What users may expect."""
    canary: str | None
    """The name of the canary; none where there is none."""
    edge: Edge
    """The front door."""
    target_group_suffixes: Mapping[Role, pulumi.Input[str]]
    """The ARN suffix of the target group of each role that has pods."""
    processes: Processes | None
    """TMI as it measures itself; none where no collector stands beside it."""
    workload: Workload
    """TMI in its cluster."""
    databases: Mapping[str, DatabaseInstance]
    """Every primary and replica, by its name in the stack."""
    active_database: str
    """The one of them that TMI speaks to."""
    caches: Caches
    """The nodes of Redis."""
    nat_gateways: Mapping[str, pulumi.Input[str]]
    """The NAT gateways, by zone."""
    jobs: Jobs
    """What runs by the clock."""
    logs: Logs
    """What is known of logs."""


def watched(args: AlarmsArgs) -> Mapping[Tier, Watched]:
    """All that is known of the whole, and of each tier in the order of a request's way."""
    doors = [
        targets(role, args.edge.load_balancer, suffix) for role, suffix in sorted(args.target_group_suffixes.items())
    ]
    front = edge(args.edge)
    whole = objectives(args.objectives)
    tries = [deep_check(args.canary)] if args.canary else []
    return {
        Tier.OBJECTIVES: Watched(
            alarms=(*whole.alarms, *(row for each in tries for row in each.alarms)),
            charts=(*whole.charts, *(chart for each in tries for chart in each.charts)),
        ),
        Tier.EDGE: Watched(
            alarms=(*front.alarms, *(row for door in doors for row in door.alarms)),
            charts=(*front.charts, *(chart for door in doors for chart in door.charts)),
        ),
        **({Tier.SERVER: server(args.processes)} if args.processes else {}),
        Tier.CLUSTER: _joined(cluster(args.workload), Watched(alarms=done(args.jobs), charts=())),
        Tier.DATABASE: databases(args.databases, args.active_database),
        Tier.CACHE: _joined(caches(args.caches), stream(args.jobs)),
        Tier.NETWORK: network(args.nat_gateways),
        Tier.LOGS: logs(args.logs),
    }


def _joined(*parts: Watched) -> Watched:
    return Watched(
        alarms=tuple(row for part in parts for row in part.alarms),
        charts=tuple(chart for part in parts for chart in part.charts),
    )


def table(args: AlarmsArgs) -> tuple[Alarm, ...]:
    """Every alarm of the stack."""
    return tuple(row for tier in watched(args).values() for row in tier.alarms)


def source(args: AlarmsArgs) -> Source:
    """Where the messages of these alarms come from."""
    return Source(stack_name=args.stack_name, region=args.edge.region, repository=args.repository)


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
                id="compared",
                expression=row.expression if row.server is None else pulumi.Output.format(row.expression, row.server),
                # An expression over metrics has theirs.
                period=None if row.metrics else row.period_seconds,
                label=row.name,
                return_data=True,
            )
        )
    return queries


def metric_alarm(
    name: str,
    row: Alarm,
    *,
    alarm_name: str,
    text: str,
    told: list[pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.MetricAlarm:
    """The alarm of a row, which tells topics when it fires and when it is over."""
    return aws.cloudwatch.MetricAlarm(
        name,
        name=alarm_name,
        alarm_description=text,
        metric_queries=metric_queries(row),
        comparison_operator=row.comparison,
        threshold=row.threshold,
        evaluation_periods=row.periods,
        datapoints_to_alarm=row.bad_periods,
        treat_missing_data=row.missing,
        alarm_actions=told,
        ok_actions=told,
        opts=opts,
    )


class Alarms(pulumi.ComponentResource):
    """Every alarm of the table and every incident made of them; each also tells when it is over."""

    TYPE: Final = "tmi:monitoring:Alarms"

    arns: Mapping[str, pulumi.Output[str]]
    """The ARN of each alarm and incident, by its name in the table."""

    def __init__(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._args = args
        tiers = watched(args)
        rows = [row for each in tiers.values() for row in each.alarms]
        alarms = {row.name: self._alarm(row, tier) for tier, each in tiers.items() for row in each.alarms}
        incidents: dict[str, aws.cloudwatch.CompositeAlarm] = {}
        suppressors: dict[str, aws.cloudwatch.CompositeAlarm] = {}
        for each in INCIDENTS:
            by = each.held_back_by
            if by and by not in suppressors:
                suppressors[by] = self._suppressor(by, incidents)
            names = [alarms[row].name for row in members(each, rows)]
            incidents[each.incident.value] = self._incident(each, names, suppressors[by] if by else None)
        self.arns = {key: each.arn for key, each in (alarms | incidents).items()}
        self.register_outputs({})

    def _alarm(self, row: Alarm, tier: Tier) -> aws.cloudwatch.MetricAlarm:
        told = [] if told_by_incident(row) else [self._args.topic_arns[row.severity]]
        return metric_alarm(
            f"{self.pulumi_resource_name}-{row.name}",
            row,
            alarm_name=f"{self._args.stack_name}-{row.name}",
            text=message(source(self._args), row.severity, row.meaning, row.runbook, tier),
            told=told,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _suppressor(
        self, name: str, incidents: Mapping[str, aws.cloudwatch.CompositeAlarm]
    ) -> aws.cloudwatch.CompositeAlarm:
        names = [incidents[each.value].alarm_name for each in SUPPRESSORS[name].incidents]
        return aws.cloudwatch.CompositeAlarm(
            f"{self.pulumi_resource_name}-{name}",
            alarm_name=f"{self._args.stack_name}-{name}",
            alarm_description=SUPPRESSORS[name].description,
            alarm_rule=_rule(names, every=False),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _incident(
        self, outage: Outage, names: list[pulumi.Output[str]], suppressor: aws.cloudwatch.CompositeAlarm | None
    ) -> aws.cloudwatch.CompositeAlarm:
        topic = self._args.topic_arns[outage.severity]
        return aws.cloudwatch.CompositeAlarm(
            f"{self.pulumi_resource_name}-{outage.incident}",
            alarm_name=f"{self._args.stack_name}-{outage.incident}",
            alarm_description=message(source(self._args), outage.severity, outage.meaning, outage.runbook, None),
            alarm_rule=_rule(names, every=outage.every),
            actions_suppressor=aws.cloudwatch.CompositeAlarmActionsSuppressorArgs(
                alarm=suppressor.alarm_name, wait_period=WAIT_SECONDS, extension_period=EXTENSION_SECONDS
            )
            if suppressor
            else None,
            alarm_actions=[topic],
            ok_actions=[topic],
            opts=pulumi.ResourceOptions(parent=self),
        )


def _rule(names: list[pulumi.Output[str]], *, every: bool) -> pulumi.Output[str]:
    return pulumi.Output.all(*names).apply(lambda known: firing([str(name) for name in known], every=every))
