"""Where the collectors of TMI's pods send metrics and traces, and their right to do so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from components.log_sink import LogSink, log_group
from components.server.collector import COLLECTOR_FILE, configuration, rendered
from components.server.content import config_map
from components.server.workplace import Workplace
from components.settings.telemetry import NoTelemetry
from components.settings.telemetry import Telemetry as TelemetrySettings

_SERVICES: Final = ("logs", "xray")
"""What a collector speaks to: CloudWatch makes metrics of what is in a log group."""


def telemetry_names(region: str, settings: TelemetrySettings) -> tuple[str, ...]:
    """The host names of AWS that collectors send to; none where there are no collectors."""
    return () if isinstance(settings, NoTelemetry) else tuple(f"{name}.{region}.amazonaws.com" for name in _SERVICES)


@dataclass(frozen=True, kw_only=True, slots=True)
class TelemetryArgs:
    """What :class:`Telemetry` needs from its caller."""

    place: Workplace
    """Where the pods run."""
    logs: LogSink
    """How the log group is kept that metrics pass through."""


class Telemetry(pulumi.ComponentResource):
    """The log group of metrics and the collectors' configuration."""

    TYPE: Final = "tmi:server:Telemetry"

    configuration: pulumi.Output[str]
    """The ConfigMap of what a collector reads."""
    log_group_arn: pulumi.Output[str]
    """The log group."""

    def __init__(self, name: str, args: TelemetryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        place = args.place
        group = log_group(f"{name}-metrics", f"/tmi/{place.access.cluster_name}/metrics", args.logs, child)
        text = group.name.apply(
            lambda log_group: rendered(
                configuration(stack_name=place.access.cluster_name, region=place.region, log_group=log_group)
            )
        )
        self.configuration = config_map(
            f"{name}-configuration", "tmi-collector", place.namespace, {COLLECTOR_FILE: text}, child
        )
        self.log_group_arn = group.arn
        self.register_outputs({"configuration": self.configuration, "log_group_arn": self.log_group_arn})


def sending(log_group_arn: pulumi.Input[str]) -> list[Mapping[str, Any]]:
    """Statements of a role that adds metrics to the log group, and traces.

    The exporter of metrics makes a stream a pod; it would make the group too, were it not there. That of traces uses
    one action, as long as it does not report on itself. Source: aws-otel-collector v0.49.0, cwlogs and awsxrayexporter.
    """
    return [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": pulumi.Output.concat(log_group_arn, ":*"),
        },
        # X-Ray knows no resource for traces. Source: Service Authorization Reference, AWS X-Ray.
        {"Effect": "Allow", "Action": "xray:PutTraceSegments", "Resource": "*"},
    ]
