"""Who hears of the stack: people by severity, a chat, and what costs are watched for them."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.monitoring import Chat, ChatArgs, CostGuard, CostGuardArgs, Notification, NotificationArgs
from components.monitoring.messages import Source
from components.monitoring.notification import Told
from components.monitoring.rows import Severity
from components.platform.foundation import Foundation
from components.settings import Settings, StackFile
from components.settings.costs import NoBudget, NoCostAnomalies
from components.settings.notification import NoChat, by_severity


def told(file: StackFile) -> Mapping[Severity, Told]:
    """Who hears of each severity, whatever the region of its topic."""
    return {
        Severity(name): Told(
            emails=subscribers.emails,
            endpoints={endpoint: file.endpoints[endpoint] for endpoint in subscribers.endpoints},
        )
        for name, subscribers in by_severity(file.settings.monitoring.notifications).items()
    }


def sender(settings: Settings) -> Source:
    """Where the stack's messages come from, whichever region sends them."""
    return Source(stack_name=settings.name, region=settings.region, repository=settings.repository)


def notify(file: StackFile, base: Foundation, opts: pulumi.ResourceOptions) -> Notification:
    """The topics, before anything that publishes to them."""
    settings = file.settings
    notification = Notification(
        "notification",
        NotificationArgs(
            stack_name=settings.name,
            account=settings.account,
            key_arn=base.encryption.notifications_key_arn,
            told=told(file),
        ),
        opts,
    )
    channel = settings.monitoring.notifications.chat
    if not isinstance(channel, NoChat):
        shown = [name for name, each in by_severity(settings.monitoring.notifications).items() if each.chat]
        topics = [notification.topic_arns[Severity(name)] for name in shown]
        Chat("chat", ChatArgs(stack_name=settings.name, channel=channel, topic_arns=topics), opts)
    _guard_costs(settings, notification.topic_arns[Severity.TICKET], opts)
    return notification


def _guard_costs(settings: Settings, topic_arn: pulumi.Input[str], opts: pulumi.ResourceOptions) -> None:
    budget, anomalies = settings.monitoring.budget, settings.monitoring.cost_anomalies
    if isinstance(budget, NoBudget) and isinstance(anomalies, NoCostAnomalies):
        return
    CostGuard(
        "cost-guard",
        CostGuardArgs(stack_name=settings.name, budget=budget, anomalies=anomalies, topic_arn=topic_arn),
        opts,
    )
