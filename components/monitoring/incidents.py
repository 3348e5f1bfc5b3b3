"""Outages as users know them: each pages once, whatever it sets off. And budgets of errors that go too fast.

An incident is a composite alarm over rows of the table; those of its severity send no message themselves. While
PostgreSQL or Redis is down, TMI fails as well: that page is held back, and sent if TMI is still down when the store is
back. In the same way an outage holds back what it does to the budgets.
Source: Amazon CloudWatch User Guide, composite alarm action suppression.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from components.monitoring.rows import Alarm, Incident, Severity
from components.monitoring.tables.objectives import PACES

STORES_DOWN: Final = "stores-down"
"""PostgreSQL or Redis is down. It tells nobody and only holds back what follows from that."""
ANY_OUTAGE: Final = "any-outage"
"""Something is down, and whoever is on call knows. It tells nobody either."""
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
    severity: Severity
    """How soon a person has to look."""
    held_back_by: str | None = None
    """The suppressor while whose alarm no message is sent; none where nothing explains it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Suppressor:
    """What holds messages back, and tells nobody."""

    description: str
    """What it is for, for whoever comes across it."""
    incidents: tuple[Incident, ...]
    """Any of these."""


SUPPRESSORS: Final[Mapping[str, Suppressor]] = {
    STORES_DOWN: Suppressor(
        description="Holds back the page for TMI while one of its stores is down; tells nobody.",
        incidents=(Incident.DATABASE, Incident.CACHE),
    ),
    ANY_OUTAGE: Suppressor(
        description="Holds back what an outage does to the error budgets; tells nobody.",
        incidents=(Incident.DATABASE, Incident.CACHE, Incident.SERVICE),
    ),
}
"""By their names in the stack."""


OUTAGES: Final = (
    Outage(
        incident=Incident.DATABASE,
        meaning="PostgreSQL is down or full: TMI shows empty lists, refuses logins, and says nothing of it.",
        every=False,
        runbook="database-connections",
        severity=Severity.PAGE,
    ),
    Outage(
        incident=Incident.CACHE,
        meaning="Every node of Redis is gone: TMI answers 503 to everybody, and those who were logged in are not.",
        every=True,
        runbook="cache-down",
        severity=Severity.PAGE,
    ),
    Outage(
        incident=Incident.SERVICE,
        meaning="TMI does not answer, fails, or is too slow to work with.",
        every=False,
        runbook="service-down",
        severity=Severity.PAGE,
        held_back_by=STORES_DOWN,
    ),
)

BURNS: Final = tuple(
    Outage(
        incident=Incident(f"{objective}-burn-{pace.name}"),
        meaning=f"{what}: {pace.spent:.0%} of the error budget would be gone in {pace.name}, and it goes on.",
        every=True,
        runbook="error-budget",
        severity=pace.severity,
        held_back_by=ANY_OUTAGE,
    )
    for objective, what in (("availability", "TMI fails too often"), ("latency", "TMI is too often slow"))
    for pace in PACES
)
"""Budgets of errors that go too fast: in the long span and in the short one."""
INCIDENTS: Final = (*OUTAGES, *BURNS)
"""Everything that is made of several alarms, each after those that may hold it back."""
_SEVERITIES: Final = {each.incident: each.severity for each in INCIDENTS}


def told_by_incident(row: Alarm) -> bool:
    """Whether the row sends no message, because its incident sends one as urgent."""
    return row.incident is not None and row.severity is _SEVERITIES[row.incident]


def members(outage: Outage, rows: Sequence[Alarm]) -> tuple[str, ...]:
    """The names of the rows that make an outage."""
    return tuple(row.name for row in rows if row.incident is outage.incident)


def firing(names: Sequence[str], *, every: bool) -> str:
    """The rule of a composite alarm over alarms by their names in CloudWatch."""
    return (" AND " if every else " OR ").join(f'ALARM("{name}")' for name in names)
