"""What holds for every test."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Final, cast

from hypothesis import settings
from typing_extensions import override
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    import pytest
    from xdist.remote import Producer

# Tests do not time: how long an example takes is the machine's business.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A provider's SDK is half a million objects for good; at Python's 700 new ones, searching them for cycles would be half
# of the work of a test.
gc.set_threshold(100_000)


class ByFileOfTheEngine(LoadScopeScheduling):
    """Gives a whole file of `tests/engine` to one process, and every other test to whichever is free.

    Tests there look at one life of a stack, which costs up to a minute; several processes would live it several times.
    xdist's own `loadgroup` groups nothing here: version 3.8 writes the group into an attribute that pytest 9.2 no
    longer has. Files with many tests come first, so these do not keep one process busy at the end.
    """

    @override
    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0] if nodeid.startswith("tests/engine/") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFileOfTheEngine:
    return ByFileOfTheEngine(config, log)


NOTICED: Final = "unsafe values that a rule notices"
TRIED: Final = "unsafe values that were tried"


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
