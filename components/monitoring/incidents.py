"""Outages as users know them: each pages once, whatever it sets off.

An incident is a composite alarm over rows of the table, which send no page themselves. While PostgreSQL or Redis is
down, TMI fails as well: that page is held back, and sent if TMI is still down when the store is back.
Source: Amazon CloudWatch User Guide, composite alarm action suppression.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from components.monitoring.rows import Alarm, Incident

STORES_DOWN: Final = "stores-down"
"""PostgreSQL or Redis is down. It tells nobody and only holds back what follows from that."""
WAIT_SECONDS: Final = 180
"""How long the page for TMI waits for the alarm of a store: a store is silent for five minutes before it counts as
gone, TMI fails for three, and a minute is what a late metric takes."""
EXTENSION_SECONDS: Final = 300
"""How long after the store is back TMI may take to be well: its pods reconnect, or are started again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outage:
    """One incident."""

    incident: Incident
    """Which; its name in the stack."""
    meaning: str
    """What users notice, for whoever gets the page."""
    every: bool
    """Whether every one of its alarms has to fire, where one alone is no outage."""
    runbook: str
    """What to do first: `docs/runbooks/<runbook>.md`."""
    held_back: bool
    """Whether no page is sent while a store is down."""


OUTAGES: Final = (
    Outage(
        incident=Incident.DATABASE,
        meaning="PostgreSQL is down or full: TMI shows empty lists, refuses logins, and says nothing of it.",
        every=False,
        runbook="database-connections",
        held_back=False,
    ),
    Outage(
        incident=Incident.CACHE,
        meaning="Every node of Redis is gone: TMI answers 503 to everybody, and those who were logged in are not.",
        every=True,
        runbook="cache-down",
        held_back=False,
    ),
    Outage(
        incident=Incident.SERVICE,
        meaning="TMI does not answer, fails, or is too slow to work with.",
        every=False,
        runbook="service-down",
        held_back=True,
    ),
)


def members(outage: Outage, rows: Sequence[Alarm]) -> tuple[str, ...]:
    """The names of the rows that make an outage."""
    return tuple(row.name for row in rows if row.incident is outage.incident)


def firing(names: Sequence[str], *, every: bool) -> str:
    """The rule of a composite alarm over alarms by their names in CloudWatch."""
    return (" AND " if every else " OR ").join(f'ALARM("{name}")' for name in names)
