"""What is watched in the recovery region while nothing runs there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi

from components.monitoring.alarms import metric_alarm
from components.monitoring.messages import Source, message
from components.monitoring.rows import Alarm, Comparison, Metric, MissingData, Severity

_DAY: Final = 86_400


@dataclass(frozen=True, kw_only=True, slots=True)
class StandbyAlarmsArgs:
    """What :class:`StandbyAlarms` need from their caller."""

    source: Source
    """The stack whose recovery region this is."""
    topic_arn: pulumi.Input[str]
    """Where they are sent; an alarm acts on topics of its own region alone."""
    certificate_arn: pulumi.Input[str]
    """The certificate that a stack there would take."""


class StandbyAlarms(pulumi.ComponentResource):
    """An alarm for each of the rows below, by the provider of the recovery region."""

    TYPE: Final = "tmi:monitoring:StandbyAlarms"

    def __init__(self, name: str, args: StandbyAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        for row in standby_rows(args.certificate_arn):
            metric_alarm(
                f"{name}-{row.name}",
                row,
                alarm_name=f"{args.source.stack_name}-{row.name}",
                text=message(args.source, row.severity, row.meaning, row.runbook, None),
                told=[args.topic_arn],
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})


def standby_rows(certificate_arn: pulumi.Input[str]) -> tuple[Alarm, ...]:
    """The certificate: nothing uses it, and ACM renews what is in use alone.

    Source: AWS Certificate Manager User Guide, managed certificate renewal; for what is reported of a certificate that
    has ended: AWS CDK API reference, metricDaysToExpiry.
    """
    return (
        Alarm(
            name="standby-certificate",
            meaning="The certificate in the recovery region ends: without it a failover has no HTTPS.",
            metrics={
                "left": Metric(
                    namespace="AWS/CertificateManager",
                    name="DaysToExpiry",
                    statistic="Minimum",
                    dimensions={"CertificateArn": certificate_arn},
                )
            },
            expression=None,
            comparison=Comparison.BELOW,
            threshold=30,
            reason="Days, our figure. Nobody renews it but whoever reads this; once it has ended nothing is reported.",
            period_seconds=_DAY,
            periods=2,
            bad_periods=2,
            missing=MissingData.BAD,
            severity=Severity.TICKET,
            runbook="certificate-expiry",
        ),
    )
