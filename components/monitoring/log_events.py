"""What counts the security events in TMI's log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.monitoring.security_events import SecurityEvent, filter_pattern, metric_namespace


@dataclass(frozen=True, kw_only=True, slots=True)
class LogEventsArgs:
    """What :class:`LogEvents` need from their caller."""

    stack_name: str
    """Part of the namespace of the counts."""
    log_group_name: pulumi.Input[str]
    """Where the containers' logs go."""
    events: tuple[SecurityEvent, ...]
    """What is counted."""


class LogEvents(pulumi.ComponentResource):
    """A metric for each event: how many of its lines came in a minute, and 0 where others came."""

    TYPE: Final = "tmi:monitoring:LogEvents"

    def __init__(self, name: str, args: LogEventsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        for event in args.events:
            aws.cloudwatch.LogMetricFilter(
                f"{name}-{event.name}",
                name=event.name,
                log_group_name=args.log_group_name,
                pattern=filter_pattern(event),
                metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
                    namespace=metric_namespace(args.stack_name),
                    name=event.name,
                    value="1",
                    default_value="0",
                    unit="Count",
                ),
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
