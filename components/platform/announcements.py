"""Who hears of what happens without an alarm: events of the databases, and secrets that are due."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.database_names import server_identifiers
from components.monitoring import DatabaseEvents, DatabaseEventsArgs, RotationReminders, RotationRemindersArgs
from components.monitoring.rows import Severity
from components.settings import Settings
from components.settings.safekeeping import ExistingKey


def announcements(
    settings: Settings, topic_arns: Mapping[Severity, pulumi.Input[str]], opts: pulumi.ResourceOptions
) -> None:
    """After the topics, whose policies let EventBridge publish."""
    DatabaseEvents(
        "database-events",
        DatabaseEventsArgs(identifiers=server_identifiers(settings.name, settings.database), topic_arns=topic_arns),
        opts,
    )
    RotationReminders(
        "rotation-reminders",
        RotationRemindersArgs(labels=labels(settings), topic_arn=topic_arns[Severity.TICKET]),
        opts,
    )


def labels(settings: Settings) -> dict[str, str]:
    """The month of the last rotation of each secret that this stack makes, by its field."""
    rotation, key = settings.secrets.rotation, settings.secrets.settings_key
    return {
        "database": rotation.database,
        "redis": rotation.redis,
        "jwt": rotation.jwt,
        **({} if isinstance(key, ExistingKey) else {"settings-key": key.label}),
    }
