"""What an alarm is: a row of a table that says what it means, when it fires, why there, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pulumi

SILENT: Final = "FILL({}, -1)"
"""A count of a store that is below none as soon as nobody reports it. Without FILL CloudWatch looks further back than
the periods of the alarm for counts, and the store is gone for longer before that is said. Source: Amazon CloudWatch
User Guide, how alarm state is evaluated when data is missing; using metric math."""


class Severity(StrEnum):
    """How soon a person has to look."""

    PAGE = "page"
    """Now, at any hour: users notice, or will within the hour."""
    TICKET = "ticket"
    """On the next working day."""
    INFO = "info"
    """When somebody looks into something else: it explains, and asks for nothing."""


class Tier(StrEnum):
    """The part of the platform that a row watches; each has a dashboard of its own."""

    OBJECTIVES = "objectives"
    """What users may expect of the whole."""
    EDGE = "edge"
    """The load balancer, its certificate and the web firewall."""
    SERVER = "server"
    """TMI, as it measures itself."""
    CLUSTER = "cluster"
    """Pods and nodes, as Kubernetes sees them."""
    DATABASE = "database"
    """PostgreSQL."""
    CACHE = "cache"
    """Redis."""
    NETWORK = "network"
    """The way out."""
    LOGS = "logs"
    """What TMI's log says, and whether logs are kept."""


class Signal(StrEnum):
    """What a graph tells of a tier: the columns of the dashboard for whoever is on call."""

    TRAFFIC = "traffic"
    ERRORS = "errors"
    LATENCY = "latency"
    SATURATION = "saturation"


class Incident(StrEnum):
    """What several alarms are signs of. Those of its severity send no message: the incident sends one for all."""

    DATABASE = "database-down"
    CACHE = "cache-down"
    SERVICE = "service-down"
    AVAILABILITY_1_HOUR = "availability-burn-1h"
    AVAILABILITY_6_HOURS = "availability-burn-6h"
    AVAILABILITY_1_DAY = "availability-burn-1d"
    AVAILABILITY_3_DAYS = "availability-burn-3d"
    LATENCY_1_HOUR = "latency-burn-1h"
    LATENCY_6_HOURS = "latency-burn-6h"
    LATENCY_1_DAY = "latency-burn-1d"
    LATENCY_3_DAYS = "latency-burn-3d"


class Comparison(StrEnum):
    """On which side of the threshold it is bad."""

    ABOVE = "GreaterThanThreshold"
    BELOW = "LessThanThreshold"


class MissingData(StrEnum):
    """What silence of a metric means."""

    BAD = "breaching"
    """Nothing reports because nothing is there."""
    GOOD = "notBreaching"
    """Nothing reports because nothing happened."""
    UNKNOWN = "missing"
    """Another alarm watches for silence; this one says that it has no data."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """A metric of CloudWatch with a statistic."""

    namespace: str
    """Whose it is, as in `AWS/RDS`."""
    name: str
    """Its name there."""
    statistic: str
    """How the values of a period become one."""
    dimensions: Mapping[str, pulumi.Input[str]]
    """What it is measured on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """One row of the table."""

    name: str
    """What it watches and what for; unique in the stack."""
    meaning: str
    """What is wrong when it fires, for whoever gets the message."""
    metrics: Mapping[str, Metric]
    """By the id that the expression uses, a lower-case word; empty where it asks Database or Metrics Insights."""
    expression: str | None
    """Metric math over those; none where the only metric is compared itself."""
    comparison: Comparison
    """Which side of the threshold is bad."""
    threshold: float
    """In the unit of the metric or expression."""
    reason: str
    """Why there, and the source of the figure."""
    period_seconds: int
    """The length of a period."""
    periods: int
    """How many of the last periods are looked at."""
    bad_periods: int
    """How many of them have to be bad."""
    missing: MissingData
    """What silence means."""
    severity: Severity
    """How soon a person has to look."""
    runbook: str
    """What to do: `docs/runbooks/<runbook>.md`."""
    server: pulumi.Input[str] | None = None
    """The server that Database Insights is asked about, for `{0}` in the expression."""
    incident: Incident | None = None
    """What it is a sign of; none where it stands for itself."""
    graph: str | None = None
    """The graph of its tier that shows it, shared by rows of one kind and unit; none where its state says it all."""
    signal: Signal | None = None
    """What that graph tells."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Formula:
    """Metric math that is shown and not compared."""

    metrics: Mapping[str, Metric]
    """By the id that the expression uses, a lower-case word."""
    expression: str
    """Metric math over those."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """A graph of what has no threshold, for it is neither good nor bad."""

    title: str
    """What it shows, with the unit."""
    signal: Signal
    """What it tells."""
    lines: Mapping[str, Metric | Formula]
    """Each line by its label."""
    days: int | None = None
    """How far it looks back; as far as its dashboard where none is said."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """All that is known of a tier."""

    alarms: tuple[Alarm, ...]
    """Its rows."""
    charts: tuple[Chart, ...]
    """What its dashboard shows beside them."""
