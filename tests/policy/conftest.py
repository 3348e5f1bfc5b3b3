"""What the tests of the pack say beside passing or failing."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import pytest

NOTICED = "unsafe values that a rule notices"
TRIED = "unsafe values that were tried"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The share of what would hurt that some rule notices."""
    reports = [each for kind in ("passed", "failed") for each in terminalreporter.stats.get(kind, [])]
    properties = [pair for each in reports for pair in cast("list[tuple[str, object]]", each.user_properties)]
    counted = {
        wanted: sum(int(str(value)) for name, value in properties if name == wanted) for wanted in (NOTICED, TRIED)
    }
    if tried := counted[TRIED]:
        share = 100 * counted[NOTICED] / tried
        terminalreporter.write_line(f"{NOTICED}: {counted[NOTICED]} of {tried}, {share:.1f} %")
