"""Who hears of the stack: people by severity, a chat, and what costs are watched for them."""

from __future__ import annotations

import pulumi

from components.monitoring import Notification, NotificationArgs
from components.monitoring.notification import Told
from components.monitoring.rows import Severity
from components.platform.foundation import Foundation
from components.settings import StackFile
from components.settings.notification import by_severity


def notify(file: StackFile, base: Foundation, opts: pulumi.ResourceOptions) -> Notification:
    """The topics, before anything that publishes to them."""
    settings = file.settings
    return Notification(
        "notification",
        NotificationArgs(
            stack_name=settings.name,
            account=settings.account,
            key_arn=base.encryption.notifications_key_arn,
            told={
                Severity(severity): Told(
                    emails=subscribers.emails,
                    endpoints={name: file.endpoints[name] for name in subscribers.endpoints},
                )
                for severity, subscribers in by_severity(settings.monitoring.notifications).items()
            },
        ),
        opts,
    )
