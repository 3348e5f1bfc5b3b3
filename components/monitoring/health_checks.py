"""Route 53 asks from several regions whether TMI answers; who is paged then does not depend on the stack's region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.monitoring.alarms import metric_alarm
from components.monitoring.messages import Source, message
from components.monitoring.tables.health_checks import FAILURES, INTERVAL_SECONDS, outside

PATH: Final = "/robots.txt"
"""It costs TMI a tenth of a millisecond; `/` would cost a third of a second of processor."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthChecksArgs:
    """What :class:`HealthChecks` needs from its caller."""

    source: Source
    """The stack that is asked."""
    domains: tuple[str, ...]
    """Every name of TMI."""
    regions: tuple[str, ...]
    """Where Route 53 asks from."""
    topic_arn: pulumi.Input[str]
    """Where pages go: a topic of the region that the provider is for, since an alarm acts in its own."""


class HealthChecks(pulumi.ComponentResource):
    """A health check and an alarm for each name; made by a provider for the region that has their metrics."""

    TYPE: Final = "tmi:monitoring:HealthChecks"

    def __init__(self, name: str, args: HealthChecksArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        checks = {
            domain: aws.route53.HealthCheck(
                f"{name}-{domain}",
                type="HTTPS",
                fqdn=domain,
                port=443,
                resource_path=PATH,
                enable_sni=True,
                request_interval=INTERVAL_SECONDS,
                failure_threshold=FAILURES,
                regions=list(args.regions),
                tags={"Name": f"{args.source.stack_name} {domain}"},
                opts=child,
            )
            for domain in args.domains
        }
        for row in outside({domain: check.id for domain, check in checks.items()}):
            metric_alarm(
                f"{name}-{row.name}",
                row,
                alarm_name=f"{args.source.stack_name}-{row.name}",
                text=message(args.source, row.severity, row.meaning, row.runbook, None),
                told=[args.topic_arn],
                opts=child,
            )
        self.register_outputs({})
