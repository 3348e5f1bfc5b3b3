"""Rules over logs: security events are in them, and the archive keeps more than CloudWatch, but nothing by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from components.settings.choices import LogLevel, Tier
from components.settings.edge import LoadBalancerSettings
from components.settings.log_archive import COLD_AFTER_DAYS, BucketArchive, NoLock
from components.settings.problems import Problem, of_value
from components.settings.sections import MonitoringSettings
from components.settings.server import ServerSettings

_CLASSES: Final = ("application", "database", "network", "control_plane")


def events_of_production(tier: Tier, server: ServerSettings) -> Iterator[Problem]:
    """TMI says of most attacks as a warning that there was one."""
    if tier is Tier.PRODUCTION and server.log_level is LogLevel.ERROR:
        rule = "hides security events, which TMI logs as warnings, and is not for production; write 'warn' or 'info'"
        yield of_value("server.log_level", server.log_level, rule)


def archive_of_production(tier: Tier, monitoring: MonitoringSettings) -> Iterator[Problem]:
    """Evidence of production is kept where nobody who broke in can delete it."""
    archive = monitoring.archive
    if tier is not Tier.PRODUCTION:
        return
    if not isinstance(archive, BucketArchive):
        yield of_value("monitoring.archive.kind", archive.kind, "is not for production; write 'bucket'")
    elif isinstance(archive.lock, NoLock):
        rule = "is not for production; write 'governance' or 'compliance'"
        yield of_value("monitoring.archive.lock.kind", archive.lock.kind, rule)


def archive_outlives_cloudwatch(monitoring: MonitoringSettings) -> Iterator[Problem]:
    """An archive that forgets first is no archive."""
    archive = monitoring.archive
    if not isinstance(archive, BucketArchive):
        return
    for name in _CLASSES:
        kept, shown = getattr(archive.retention_days, name), getattr(monitoring.log_retention_days, name)
        if kept < shown:
            rule = f"is less than monitoring.log_retention_days.{name}; write {shown} or more"
            yield of_value(f"monitoring.archive.retention_days.{name}", kept, rule)


def locked_within_retention(monitoring: MonitoringSettings) -> Iterator[Problem]:
    """What is locked cannot expire: the lock would decide the retention of every class that is shorter."""
    archive = monitoring.archive
    if isinstance(archive, BucketArchive) and not isinstance(archive.lock, NoLock):
        shortest = min(getattr(archive.retention_days, name) for name in _CLASSES)
        if archive.lock.days > shortest:
            rule = f"is longer than the shortest of monitoring.archive.retention_days; write {shortest} or less"
            yield of_value("monitoring.archive.lock.days", archive.lock.days, rule)


def cold_before_the_end(monitoring: MonitoringSettings, load_balancer: LoadBalancerSettings) -> Iterator[Problem]:
    """S3 refuses to expire what it moves later."""
    archive = monitoring.archive
    if isinstance(archive, BucketArchive):
        days = [*(getattr(archive.retention_days, name) for name in _CLASSES), load_balancer.log_retention_days]
        if archive.cold_after_days >= min(days):
            way_out = (
                f"write {min(days) - 1} or less"
                if min(days) > COLD_AFTER_DAYS
                else f"keep all of them for {archive.cold_after_days + 1} or more"
            )
            rule = (
                "must be less than each of monitoring.archive.retention_days and than "
                f"load_balancer.log_retention_days; {way_out}"
            )
            yield of_value("monitoring.archive.cold_after_days", archive.cold_after_days, rule)


RULES: Final = (
    events_of_production,
    archive_of_production,
    archive_outlives_cloudwatch,
    locked_within_retention,
    cold_before_the_end,
)
"""Every rule of this module."""
