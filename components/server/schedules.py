"""When TMI's pods are restarted, as cron says it."""

from __future__ import annotations

from components.capacity import restart_interval
from components.settings.capacity import DailyRestart, HubRestart, WeeklyRestart
from components.settings.capacity_rules import pool_load
from components.settings.server import ServerSettings
from components.settings.topology import HubAndPoolTopology
from components.tmi_versions import Defect, has

_POOL_MINUTE = 43
"""Beside the full hour, and beside the other jobs of the namespace."""


def hub_schedule(restart: HubRestart) -> str | None:
    """When the pod with the live sessions is restarted, in UTC; None where the clock restarts nothing."""
    match restart:
        case DailyRestart(time=time):
            return f"{_minute_and_hour(time)} * * *"
        case WeeklyRestart(day=day, time=time):
            return f"{_minute_and_hour(time)} * * {day.value}"
        case _:
            return None


def pool_interval(server: ServerSettings) -> int | None:
    """Every how many hours the pool is restarted; None without a pool, and for a TMI that does not leak.

    Its load is that of its quietest size, at the busiest hour: the most that a pod can leak.
    """
    if not isinstance(server.topology, HubAndPoolTopology) or not has(server.images.tmi, Defect.MEMORY_LEAK):
        return None
    return restart_interval(server.topology.pool.resources.memory_mib, pool_load(server))


def pool_schedule(hours: int) -> str:
    """A restart every so many hours, which divide a day."""
    hour = {1: "*", 24: "0"}.get(hours, f"*/{hours}")
    return f"{_POOL_MINUTE} {hour} * * *"


def _minute_and_hour(time: str) -> str:
    hour, minute = time.split(":")
    return f"{int(minute)} {int(hour)}"
