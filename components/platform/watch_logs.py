"""Who watches the logs: what counts in them, what learns from them, and what asks them."""

from __future__ import annotations

import pulumi

from components.database_names import primary_identifier
from components.monitoring import (
    LogAnomalies,
    LogAnomaliesArgs,
    LogEvents,
    LogEventsArgs,
    SavedQueries,
    SavedQueriesArgs,
)
from components.monitoring.security_events import security_events
from components.monitoring.tables.logs import Archive, Logs
from components.platform.compute import Compute
from components.platform.foundation import Foundation
from components.settings import Settings


def watch_logs(settings: Settings, base: Foundation, machines: Compute, opts: pulumi.ResourceOptions) -> Logs:
    """Filters, detector and saved queries; what the alarms need to know of them."""
    events = security_events(settings_encryption=settings.server.settings_encryption)
    containers = machines.add_ons.application_log_group
    LogEvents("log-events", LogEventsArgs(stack_name=settings.name, log_group_name=containers, events=events), opts)
    if settings.monitoring.anomaly_detection:
        LogAnomalies(
            "log-anomalies",
            LogAnomaliesArgs(
                stack_name=settings.name,
                log_group_arn=machines.add_ons.application_log_group_arn,
                key_arn=base.encryption.logs_key_arn,
            ),
            opts,
        )
    SavedQueries(
        "saved-queries",
        SavedQueriesArgs(
            stack_name=settings.name,
            database_identifier=primary_identifier(settings.name, settings.database.active),
        ),
        opts,
    )
    archive = base.archive
    return Logs(
        stack_name=settings.name,
        containers=containers,
        events=events,
        archive=Archive(subscription=archive.subscription, streams=archive.stream_names) if archive else None,
        anomaly_detection=settings.monitoring.anomaly_detection,
    )
