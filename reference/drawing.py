"""The layout of a dashboard as a picture (SVG): every box in its place, with its head, its lines and its thresholds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from components.monitoring.layout import COLUMNS, Graph, States, Text, Widget
from components.monitoring.rows import Severity

_COLUMN: Final = 56
"""Pixels of a column of the grid."""
_ROW: Final = 32
"""Pixels of a row."""
_GAP: Final = 4
_SMALL: Final = 11
_LETTER: Final = 6.1
"""About the width of a letter of the small font."""
_BOLD: Final = 1.15
"""So much wider it is in bold."""
_CURVES: Final = ("#1f77b4", "#2ca02c", "#9467bd", "#8c564b", "#17becf", "#7f7f7f")
_SEVERITIES: Final = {Severity.PAGE: "#d62728", Severity.TICKET: "#ff7f0e", Severity.INFO: "#7f7f7f"}
_CALM: Final = "#2ca02c"
_LEGEND: Final = 3
"""So many lines are named; of the others their number is."""


def svg(widgets: Sequence[Widget]) -> str:
    """The picture."""
    width = COLUMNS * _COLUMN
    height = max(widget.y + widget.height for widget in widgets) * _ROW
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="Arial, sans-serif">',
            f'<rect width="{width}" height="{height}" fill="#eaeded"/>',
            *(part for widget in widgets for part in _widget(widget)),
            "</svg>",
        )
    )


def _widget(widget: Widget) -> Iterator[str]:
    left, top = widget.x * _COLUMN + _GAP, widget.y * _ROW + _GAP
    width, height = widget.width * _COLUMN - 2 * _GAP, widget.height * _ROW - 2 * _GAP
    yield f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="#ffffff" stroke="#d5dbdb"/>'
    yield _words(left + 8, top + 18, widget.title, size=13, weight="bold", room=width - 16)
    match widget.content:
        case Text(markdown=markdown):
            for number, line in enumerate(filter(None, markdown.splitlines())):
                shown = re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", line.lstrip("# ")).replace("`", "")
                yield _words(left + 8, top + 22 + 20 * number, shown, size=13 if number else 16, room=width - 16)
        case States(names=names):
            yield from _states(names, left + 8, top + 28, width - 16, height - 34)
        case Graph() as graph:
            yield from _graph(graph, left + 8, top + 28, width - 16, height - 34)


def _words(x: float, y: float, text: str, *, size: int = _SMALL, weight: str = "normal", room: float = 0) -> str:
    """One line, cut where it would leave its box."""
    letter = _LETTER * size / _SMALL * (_BOLD if weight == "bold" else 1)
    most = int(room / letter) if room else len(text)
    shown = text if len(text) <= most else f"{text[: most - 1]}…"
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}" fill="#16191f">{escape(shown)}</text>'


def _states(names: Sequence[str], left: float, top: float, width: float, height: float) -> Iterator[str]:
    """A tile for each alarm, with its name where there is room for names."""
    named = len(names) * 16 <= height
    for number, name in enumerate(names):
        each = 14 if named else 16
        across = 1 if named else int(width // each)
        x, y = left + number % across * each, top + number // across * 16
        yield f'<rect x="{x:g}" y="{y:g}" width="11" height="11" fill="{_CALM}"/>'
        if named:
            yield _words(x + 16, y + 10, name, room=width - 16)
    if not named:
        yield _words(left, top + height - 4, f"{len(names)} alarms")


def _graph(graph: Graph, left: float, top: float, width: float, height: float) -> Iterator[str]:
    """Axes, a wave for each line, a dashed line for each threshold, and what the lines are called."""
    names = [*graph.lines, *(row.name for row in graph.alarms)]
    legend = min(len(names), _LEGEND) * 14 + (14 if len(names) > _LEGEND else 0)
    bottom = top + height - legend - 6
    yield f'<path d="M{left:g} {top:g}V{bottom:g}H{left + width:g}" fill="none" stroke="#aab7b8"/>'
    for number in range(min(len(names), len(_CURVES))):
        base = bottom - 8 - number * 7
        wave = " ".join(f"q{width / 16:g} {-7 - number} {width / 8:g} 0 t{width / 8:g} 0" for _ in range(4))
        yield f'<path d="M{left:g} {base:g} {wave}" fill="none" stroke="{_CURVES[number]}" stroke-width="1.5"/>'
    thresholds = {(row.threshold, row.severity) for row in graph.alarms}
    for number, (threshold, severity) in enumerate(sorted(thresholds, reverse=True)[:2]):
        y = top + 12 + number * 14
        yield (f'<path d="M{left:g} {y:g}H{left + width:g}" stroke="{_SEVERITIES[severity]}" stroke-dasharray="5 3"/>')
        yield _words(left + 4, y - 2, f"{severity}: {threshold:,.10g}", size=10)
    for number, name in enumerate(names[:_LEGEND]):
        y = bottom + 14 + number * 14
        yield f'<rect x="{left:g}" y="{y - 8:g}" width="9" height="9" fill="{_CURVES[number]}"/>'
        yield _words(left + 14, y, name, room=width - 14)
    if len(names) > _LEGEND:
        yield _words(left + 14, bottom + 14 + _LEGEND * 14, f"and {len(names) - _LEGEND} more")
