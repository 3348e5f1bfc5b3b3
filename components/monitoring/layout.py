"""Which graphs a dashboard has and where they stand, out of the same rows as the alarms.

Sizes are CloudWatch's grid of 24 columns. Source: Amazon CloudWatch API Reference, dashboard body structure and syntax.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import quote

from components.monitoring.incidents import OUTAGES
from components.monitoring.rows import Alarm, Formula, Metric, Signal, Tier, Watched

COLUMNS: Final = 24
_HEAD: Final = 3
_BAND: Final = 6
_STATE_WIDTH: Final = 4
_CELL_WIDTH: Final = 5
_HALF: Final = 12
_STATES_EACH_ROW: Final = 6
"""How many alarms an alarm widget of full width shows beside each other."""

ON_CALL: Final[Mapping[Tier, Mapping[Signal, str]]] = {
    Tier.OBJECTIVES: {
        Signal.TRAFFIC: "Requests and failures (1 min)",
        Signal.ERRORS: "Budget burn: failures",
        Signal.LATENCY: "Budget burn: slow answers",
        Signal.SATURATION: "Error budget left (%)",
    },
    Tier.EDGE: {
        Signal.TRAFFIC: "Requests and connections",
        Signal.ERRORS: "Answers 5xx of the pods (%)",
        Signal.LATENCY: "Time to answer, p95 (s)",
        Signal.SATURATION: "Rejected connections (5 min)",
    },
    Tier.SERVER: {
        Signal.TRAFFIC: "Requests answered (1 min)",
        Signal.ERRORS: "Answers 500 of TMI (%)",
        Signal.SATURATION: "Database connections in use",
    },
    Tier.CLUSTER: {
        Signal.TRAFFIC: "Pods ready",
        Signal.ERRORS: "Failed nodes",
        Signal.SATURATION: "Memory of pods (% of limit)",
    },
    Tier.DATABASE: {
        Signal.TRAFFIC: "Reads and writes (IOPS)",
        Signal.ERRORS: "Deadlocks (a minute)",
        Signal.LATENCY: "Disk: a read (s)",
        Signal.SATURATION: "Connections",
    },
    Tier.CACHE: {
        Signal.TRAFFIC: "Reads and writes (1 min)",
        Signal.ERRORS: "Hit rate (%)",
        Signal.LATENCY: "Replication lag (s)",
        Signal.SATURATION: "Memory (%)",
    },
    Tier.NETWORK: {
        Signal.TRAFFIC: "To the internet (bytes)",
        Signal.ERRORS: "Refused a port (1 min)",
        Signal.SATURATION: "Open connections",
    },
    Tier.LOGS: {
        Signal.TRAFFIC: "Lines of containers (1 min)",
        Signal.ERRORS: "Security events (5 min)",
        Signal.LATENCY: "Archive: oldest line (s)",
        Signal.SATURATION: "Bytes of containers (1 min)",
    },
}
"""The one graph of each kind that whoever is on call sees first. Where a tier measures no latency its cell is empty."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words, in Markdown."""

    markdown: str


@dataclass(frozen=True, slots=True)
class States:
    """The states of alarms and outages, by their names in the table."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """Lines over time, with the thresholds of the rows."""

    alarms: tuple[Alarm, ...]
    lines: Mapping[str, Metric | Formula]
    """Lines without a threshold, by their label."""
    days: int | None = None
    """How far it looks back; as far as its dashboard where none is said."""


Content: TypeAlias = Text | States | Graph


@dataclass(frozen=True, kw_only=True, slots=True)
class Widget:
    """One box of a dashboard; places and sizes are cells of the grid."""

    title: str
    """Its head; of words none is shown."""
    x: int
    y: int
    width: int
    height: int
    content: Content


def graphs(tier: Watched) -> Mapping[str, Graph]:
    """Every graph of a tier by its title: first what passes through it, then what has a threshold."""
    found = {chart.title: Graph((), chart.lines, chart.days) for chart in tier.charts}
    for row in tier.alarms:
        if row.graph:
            before = found.get(row.graph, Graph((), {}))
            found[row.graph] = Graph((*before.alarms, row), before.lines, before.days)
    return found


def dashboard_name(stack_name: str, tier: Tier | None) -> str:
    """The name of a tier's dashboard in CloudWatch; that for whoever is on call where there is none."""
    return f"{stack_name}-{tier.value if tier else 'on-call'}"


def dashboard_address(region: str, name: str) -> str:
    """Where the console shows a dashboard."""
    place, page = quote(region, safe=""), quote(name, safe="")
    return f"https://{place}.console.aws.amazon.com/cloudwatch/home?region={place}#dashboards/dashboard/{page}"


def on_call(stack_name: str, region: str, tiers: Mapping[Tier, Watched]) -> tuple[Widget, ...]:
    """One page: outages, then a band for each tier with its state, traffic, errors, latency and saturation."""
    links = ", ".join(f"[{tier}]({dashboard_address(region, dashboard_name(stack_name, tier))})" for tier in tiers)
    head = (
        Widget(
            title="",
            x=0,
            y=0,
            width=_HALF,
            height=_HEAD,
            content=Text(
                f"# {stack_name}\nMessages name their runbook. A line called after an alarm is its threshold.\n\n"
                f"By tier: {links}"
            ),
        ),
        Widget(
            title="Outages",
            x=_HALF,
            y=0,
            width=COLUMNS - _HALF,
            height=_HEAD,
            content=States(tuple(outage.incident.value for outage in OUTAGES)),
        ),
    )
    return (*head, *(widget for at, tier in enumerate(tiers) for widget in _band(tier, tiers[tier], at)))


def _band(tier: Tier, watched: Watched, at: int) -> Iterator[Widget]:
    top = _HEAD + at * _BAND
    yield Widget(
        title=tier.value,
        x=0,
        y=top,
        width=_STATE_WIDTH,
        height=_BAND,
        content=States(tuple(row.name for row in watched.alarms)),
    )
    known = graphs(watched)
    for column, signal in enumerate(Signal):
        title = ON_CALL[tier].get(signal)
        if title is not None and title in known:
            yield Widget(
                title=title,
                x=_STATE_WIDTH + column * _CELL_WIDTH,
                y=top,
                width=_CELL_WIDTH,
                height=_BAND,
                content=known[title],
            )


def of_tier(watched: Watched) -> tuple[Widget, ...]:
    """The states of all alarms of a tier, then each of its graphs, two beside each other."""
    names = tuple(row.name for row in watched.alarms)
    top = 1 + -(-len(names) // _STATES_EACH_ROW)
    states = Widget(title="Alarms", x=0, y=0, width=COLUMNS, height=top, content=States(names))
    return (
        states,
        *(
            Widget(
                title=title,
                x=number % 2 * _HALF,
                y=top + number // 2 * _BAND,
                width=_HALF,
                height=_BAND,
                content=graph,
            )
            for number, (title, graph) in enumerate(graphs(watched).items())
        ),
    )
