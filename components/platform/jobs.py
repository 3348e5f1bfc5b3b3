"""Which jobs run by the clock, and how often each has to end well."""

from __future__ import annotations

from typing import Final

from components.monitoring.tables.jobs import Job, Jobs, jobs_namespace
from components.platform.recycling import restarts
from components.server import database_dump, stream_trimming
from components.server.recycling import account_name
from components.server.roles import Role
from components.server.schedules import pool_interval
from components.settings import Settings
from components.settings.capacity import WeeklyRestart

_DAY_HOURS: Final = 24
_TRIMMING_HOURS: Final = 3
"""It runs every hour for a moment; one that failed is made up for by the next."""


def jobs(settings: Settings) -> Jobs:
    """The jobs of a stack."""
    return Jobs(
        namespace=jobs_namespace(settings.name),
        trimming=Job(
            name=stream_trimming.NAME,
            container="trim",
            hours=_TRIMMING_HOURS,
            meaning="Nobody cuts the stream of TMI's events: it fills Redis, which then evicts revoked tokens.",
        ),
        others=(
            Job(
                name=database_dump.NAME,
                container="upload",
                hours=_between(_DAY_HOURS, database_dump.DEADLINE_SECONDS),
                meaning="No whole dump of the database was made. AWS Backup and RDS keep theirs.",
            ),
            *(_restart(settings, role, deadline) for role, (_, deadline) in restarts(settings).items()),
        ),
    )


def _restart(settings: Settings, role: Role, deadline_seconds: int) -> Job:
    return Job(
        name=account_name(role),
        container="restart",
        hours=_between(_interval(settings, role), deadline_seconds),
        meaning=f"The {role.value} was not restarted in time: TMI leaks, and a pod that is killed loses audit entries.",
    )


def _interval(settings: Settings, role: Role) -> int:
    if role is Role.POOL:
        return pool_interval(settings.server) or _DAY_HOURS
    return 7 * _DAY_HOURS if isinstance(settings.server.hub_restart, WeeklyRestart) else _DAY_HOURS


def _between(interval_hours: int, deadline_seconds: int) -> int:
    """The longest time between two that end well, and an hour for the line to arrive and be counted."""
    return interval_hours + -(-deadline_seconds // 3600) + 1
