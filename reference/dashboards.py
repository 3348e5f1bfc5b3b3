"""The page of dashboards, and the picture of the one for whoever is on call."""

from __future__ import annotations

from typing import Final

from components.monitoring.alarms import watched
from components.monitoring.layout import ON_CALL, Graph, dashboard_name, graphs, on_call
from components.monitoring.rows import Signal
from reference import alarms, drawing, markdown

_STACK: Final = "prod"


def picture() -> str:
    """The layout of production's dashboard for whoever is on call, drawn."""
    settings = alarms.settings_of(_STACK)
    return drawing.svg(on_call(settings.name, settings.region, watched(alarms.arguments(settings))))


def page() -> str:
    """The whole page."""
    settings = alarms.settings_of(_STACK)
    tiers = watched(alarms.arguments(settings))
    return markdown.page(
        "# Dashboards",
        "Made of the rows that the alarms are made of ([alarms](alarms.md)): each graph shows the thresholds of its "
        "alarms. One is for whoever is on call, with a band for each tier; each tier has one with all of its graphs. "
        "What a setting switches off is on none.",
        "![The dashboard for whoever is on call](on-call.svg)",
        "The picture shows where things stand in production's; the lines in it are drawn, not measured.",
        "## For whoever is on call",
        markdown.table(
            ("tier", *(signal.value for signal in Signal)),
            ((f"`{tier}`", *(ON_CALL[tier].get(signal, "-") for signal in Signal)) for tier in tiers),
        ),
        *(
            block
            for tier, each in tiers.items()
            for block in (
                f"## {tier}",
                f"`{dashboard_name(settings.name, tier)}` shows the states of its {len(each.alarms)} alarms, and:",
                markdown.table(
                    ("graph", "lines", "thresholds"),
                    ((title, _lines(graph), _thresholds(graph)) for title, graph in graphs(each).items()),
                ),
            )
        ),
    )


def _lines(graph: Graph) -> str:
    return ", ".join(f"`{name}`" for name in (*graph.lines, *(row.name for row in graph.alarms)))


def _thresholds(graph: Graph) -> str:
    return ", ".join(sorted({f"{row.threshold:,.10g} ({row.severity})" for row in graph.alarms})) or "-"
