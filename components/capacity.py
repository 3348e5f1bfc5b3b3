"""How much TMI takes and how much it carries: connections, memory, processor.

Pure arithmetic on figures measured on TMI 1.8.22: server, PostgreSQL 15, Redis 7.0, HAProxy 2.6 and the load's source
on two shared cores. `docs/reference/sizing.md` shows the figures, what they come to for each stack, and how to measure
again. All numbers are plain, so that the rules of the stack file can use them before there is a stack.
"""

from __future__ import annotations

import math
from typing import Final

HUBS: Final = 1
SURGE: Final = 1
"""How many pods a rolling update of the pool adds for its time."""

POOL_CONNECTIONS: Final = 10
"""Connections that a process of TMI opens to PostgreSQL at most."""
_BOOT_CONNECTIONS: Final = 1
"""Each process opens one more while it boots. Source: TMI 1.8.22, the second connection of its schema validation."""
_OTHER_CONNECTIONS: Final = 10
"""Room for those who come as TMI and are not: the bootstrap job's last step, dumps, TMI's own database tool."""
_REDIS_CONNECTIONS: Final = 12
"""Of a process: its pool of 10, and two checks by its proxy. Source: TMI 1.8.22, auth/db/redis.go."""

RESTING_MEMORY_MB: Final = 400
"""What a process takes under load before it has leaked anything: 321 MB were seen under lists, 405 MB under `GET /`."""
LEAKED_KB_PER_REQUEST: Final = 5.2
"""Of each authenticated request, for ever. Measured from the 4,000th to the 24,000th `GET /me`: 52 MB per 10,000."""
RESTART_SHARE: Final = 0.5
"""A pod is restarted after this part of the time until it is full: the load is expected, not promised."""
RESTART_HOURS: Final = (24, 12, 8, 6, 4, 3, 2, 1)
"""Intervals that a schedule can say: those that divide a day."""

CPU_SECONDS_PER_REQUEST: Final = 0.0152
"""For a load of mostly lists, 0.015 s in TMI and 0.0002 s in its proxy. A list of 20 took 12 to 18 ms, `/me` 1.2 ms."""
BUSY_SHARE: Final = 0.6
"""How busy a pod of the pool should be at the peak: above it queues grow faster than the load."""
SPARE_PODS: Final = 1
"""For a zone that is lost, or for the pod that an update replaces."""


def processes(pool_maximum: int) -> int:
    """How many processes of TMI there are at most, with the pool at its maximum; 0 is no pool at all."""
    return HUBS + (pool_maximum + SURGE if pool_maximum else 0)


def database_connections(of_processes: int) -> int:
    """How many connections TMI's role may hold, with this many processes of TMI at work.

    One process more is counted: the server may take minutes to notice that a node is lost, and the pod that replaces it
    must not be refused for connections nobody uses.
    """
    return (of_processes + 1) * (POOL_CONNECTIONS + _BOOT_CONNECTIONS) + _OTHER_CONNECTIONS


def redis_connections(of_processes: int) -> int:
    """How many connections this many processes of TMI and their proxies open to Redis at most."""
    return of_processes * _REDIS_CONNECTIONS


def hours_until_full(memory_mib: int, requests_per_minute: float) -> float:
    """After how long a pod has leaked up to its limit, if it gets this many authenticated requests all the time.

    The limit is read as if it were megabytes, which errs to the safe side by a twentieth.
    """
    leaked_mb_per_hour = requests_per_minute * 60 * LEAKED_KB_PER_REQUEST / 1000
    return (memory_mib - RESTING_MEMORY_MB) / leaked_mb_per_hour


def restart_interval(memory_mib: int, requests_per_minute: float) -> int | None:
    """Every how many hours a pod has to be restarted; None where even once an hour would be too seldom."""
    safe = hours_until_full(memory_mib, requests_per_minute) * RESTART_SHARE
    return next((hours for hours in RESTART_HOURS if hours <= safe), None)


def memory_for(hours: int, requests_per_minute: float) -> int:
    """The smallest limit, in whole 64 MiB, with which a pod may live this many hours; the inverse of the above."""
    leaked_mb = requests_per_minute * 60 * LEAKED_KB_PER_REQUEST / 1000 * hours / RESTART_SHARE
    return math.ceil((RESTING_MEMORY_MB + leaked_mb) / 64) * 64


def pool_size(requests_per_minute: float, cpu_millis: int) -> int:
    """How many pods of this much processor a peak needs, one spare among them."""
    busy = requests_per_minute / 60 * CPU_SECONDS_PER_REQUEST
    return math.ceil(busy / (cpu_millis / 1000 * BUSY_SHARE)) + SPARE_PODS
