"""Who tries TMI from the internet, and pages even while the stack's own region is lost."""

from __future__ import annotations

import pulumi

from components.monitoring import HealthChecks, HealthChecksArgs, Notification, NotificationArgs
from components.monitoring.rows import Severity
from components.monitoring.tables.health_checks import METRICS_REGION
from components.notification_key import NotificationKey, NotificationKeyArgs
from components.platform.notification import sender, told
from components.providers import health_check_provider
from components.server import Server
from components.settings import StackFile
from components.settings.availability import RegionalHealthChecks


def outside(file: StackFile, home: Notification, server: Server, opts: pulumi.ResourceOptions) -> None:
    """The health checks, if there are any: once TMI runs, or the first of them would page."""
    settings = file.settings
    wanted = settings.monitoring.health_checks
    if not isinstance(wanted, RegionalHealthChecks):
        return
    there, notification = opts, home
    if settings.region != METRICS_REGION:
        there = pulumi.ResourceOptions(providers=[health_check_provider(settings, METRICS_REGION)])
        notification = _notification(file, there)
    HealthChecks(
        "health-checks",
        HealthChecksArgs(
            source=sender(settings),
            domains=(settings.load_balancer.domain, *settings.load_balancer.alternative_names),
            regions=wanted.regions,
            topic_arn=notification.topic_arns[Severity.PAGE],
        ),
        pulumi.ResourceOptions.merge(there, pulumi.ResourceOptions(depends_on=[server])),
    )


def _notification(file: StackFile, there: pulumi.ResourceOptions) -> Notification:
    """Those who are told at home, by a topic of its own: a topic at home would be lost with the region."""
    settings = file.settings
    key = NotificationKey(
        "outside-key",
        NotificationKeyArgs(
            stack_name=settings.name,
            database_identifiers=(),
            account=settings.account,
            region=METRICS_REGION,
            deletion_protection=settings.deletion_protection,
        ),
        there,
    )
    return Notification(
        "outside-notification",
        NotificationArgs(
            stack_name=settings.name,
            account=settings.account,
            key_arn=key.arn,
            told={Severity.PAGE: told(file)[Severity.PAGE]},
        ),
        there,
    )
