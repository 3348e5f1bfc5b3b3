"""The dashboards of a stack: one for whoever is on call, and one a tier."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.monitoring.layout import Graph, States, Text, Widget, dashboard_name, of_tier, on_call
from components.monitoring.rows import Alarm, Formula, Metric, Severity, Tier, Watched

_COLORS: Final = {Severity.PAGE: "#d62728", Severity.TICKET: "#ff7f0e", Severity.INFO: "#7f7f7f"}
_LINE_SECONDS: Final = 60
_LINE_SECONDS_OF_DAYS: Final = 3600
"""The length of a period where a graph looks back for days: a month has 720 of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DashboardsArgs:
    """What :class:`Dashboards` needs from its caller."""

    stack_name: str
    """The first part of every dashboard's name."""
    region: str
    """Where the metrics are."""
    tiers: Mapping[Tier, Watched]
    """What is known of each tier."""
    alarm_arns: Mapping[str, pulumi.Input[str]]
    """Alarms and outages by their names in the table."""


def body(widgets: Sequence[Widget], region: str, alarm_arns: Mapping[str, pulumi.Input[str]]) -> dict[str, Any]:
    """A dashboard as CloudWatch takes it; ARNs and ids are put in when they are known."""
    return {
        "start": "-PT3H",
        "periodOverride": "inherit",
        "widgets": [
            {
                "x": widget.x,
                "y": widget.y,
                "width": widget.width,
                "height": widget.height,
                **_content(widget, region, alarm_arns),
            }
            for widget in widgets
        ],
    }


def _content(widget: Widget, region: str, alarm_arns: Mapping[str, pulumi.Input[str]]) -> dict[str, Any]:
    match widget.content:
        case Text(markdown=markdown):
            return {"type": "text", "properties": {"markdown": markdown}}
        case States(names=names):
            return {
                "type": "alarm",
                "properties": {"title": widget.title, "alarms": [alarm_arns[name] for name in names]},
            }
        case Graph() as graph:
            return {
                "type": "metric",
                "properties": {
                    "title": widget.title,
                    "region": region,
                    "view": "timeSeries",
                    "stacked": False,
                    # Source: AWS CDK API reference, GraphWidgetProps, start.
                    **({"start": f"-P{graph.days}D"} if graph.days else {}),
                    "metrics": list(_lines(graph)),
                    "annotations": {"horizontal": _thresholds(graph)},
                    "yAxis": {"left": {"min": 0}},
                },
            }


def _thresholds(graph: Graph) -> list[dict[str, Any]]:
    """A line for each threshold; rows that share one share the line."""
    first = {(row.threshold, row.severity): row for row in reversed(graph.alarms)}
    return [
        {"value": threshold, "label": f"{severity}: {row.name}", "color": _COLORS[severity]}
        for (threshold, severity), row in sorted(first.items())
    ]


def _lines(graph: Graph) -> Iterator[list[Any]]:
    """Lines without a threshold, then what each row compares; rows that compare the same share it."""
    seconds = _LINE_SECONDS_OF_DAYS if graph.days else _LINE_SECONDS
    for number, (label, line) in enumerate(graph.lines.items()):
        if isinstance(line, Metric):
            yield _metric(line, seconds, {"label": label})
        else:
            yield from _formula(line, label, seconds, f"l{number}")
    compared: list[tuple[Mapping[str, Metric], str | None, pulumi.Input[str] | None]] = []
    for number, row in enumerate(graph.alarms):
        what = (row.metrics, row.expression, row.server)
        if what not in compared:
            compared.append(what)
            yield from _row(row, f"r{number}")


def _formula(line: Formula, label: str, seconds: int, prefix: str) -> Iterator[list[Any]]:
    for identity, metric in line.metrics.items():
        yield _metric(metric, seconds, {"id": f"{prefix}{identity}", "visible": False})
    expression = _renamed(line.expression, line.metrics, prefix)
    yield [{"expression": expression, "id": f"{prefix}shown", "label": label, "period": seconds}]


def _row(row: Alarm, prefix: str) -> Iterator[list[Any]]:
    for identity, metric in row.metrics.items():
        shown = {"label": row.name} if row.expression is None else {"visible": False}
        yield _metric(metric, row.period_seconds, {"id": f"{prefix}{identity}", **shown})
    if row.expression is not None:
        yield [
            {
                "expression": _renamed(row.expression, row.metrics, prefix)
                if row.server is None
                else pulumi.Output.format(row.expression, row.server),
                "id": f"{prefix}compared",
                "label": row.name,
                "period": row.period_seconds,
            }
        ]


def _renamed(expression: str, metrics: Mapping[str, Metric], prefix: str) -> str:
    """An expression with the ids that its metrics have in the graph, where several meet."""
    names = "|".join(map(re.escape, metrics))
    return re.sub(rf"\b({names})\b", rf"{prefix}\1", expression)


def _metric(metric: Metric, seconds: int, shown: Mapping[str, Any]) -> list[Any]:
    dimensions = [part for pair in metric.dimensions.items() for part in pair]
    return [metric.namespace, metric.name, *dimensions, {"stat": metric.statistic, "period": seconds, **shown}]


class Dashboards(pulumi.ComponentResource):
    """Dashboards that cannot disagree with the alarms: both are made of the same rows."""

    TYPE: Final = "tmi:monitoring:Dashboards"

    def __init__(self, name: str, args: DashboardsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        pages = {
            None: on_call(args.stack_name, args.region, args.tiers),
            **{tier: of_tier(args.tiers[tier]) for tier in args.tiers},
        }
        for tier, widgets in pages.items():
            aws.cloudwatch.Dashboard(
                f"{name}-{tier or 'on-call'}",
                dashboard_name=dashboard_name(args.stack_name, tier),
                dashboard_body=pulumi.Output.json_dumps(body(widgets, args.region, args.alarm_arns)),
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
