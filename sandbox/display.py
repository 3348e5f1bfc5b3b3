"""What a user sees while the engine runs: each change as it is done, and what is under way."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from sandbox.events import Failed, Finished, Started
from sandbox.report import step_line
from sandbox.state import STACK_TYPE
from sandbox.tree import short_type

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from rich.console import Console, RenderableType

    from sandbox.events import Event, Step

SHOWN: Final = 6
"""How many resources under way are named."""
REMINDER_SECONDS: Final = 30
"""How often a log without a terminal hears that something long still goes on."""


class Progress:
    """Listens to a run. Unchanged resources pass in silence; a preview only counts, its plan comes with the summary."""

    def __init__(self, console: Console, title: str, *, quiet: bool) -> None:
        self._console = console
        self._title = title
        self._quiet = quiet
        self._under_way: dict[str, tuple[Step, float]] = {}
        self._printed: set[tuple[str, str]] = set()
        self._done = 0
        self._spinner = Spinner("dots")

    def __call__(self, event: Event) -> None:
        """Take one event; called from the thread that serves the engine's event stream."""
        if isinstance(event, Started):
            self._under_way[event.step.urn] = event.step, time.monotonic()
        elif isinstance(event, (Finished, Failed)):
            self._under_way.pop(event.step.urn, None)
            self._ended(event.step, failed=isinstance(event, Failed))

    def _ended(self, step: Step, *, failed: bool) -> None:
        key = step.operation, step.urn
        if not step.is_own or key in self._printed:
            return
        self._printed.add(key)
        self._done += 1
        if failed:
            self._console.print(Text(f"✗ {step.operation} failed: {short_type(step.type)} {step.name}", "red"))
        elif not self._quiet and step.operation not in {"same", "read", "refresh"}:
            self._console.print(step_line(step))

    def __rich__(self) -> RenderableType:
        """Render the line under the changes; rich asks several times a second."""
        under_way = [(step, since) for step, since in list(self._under_way.values()) if step.type != STACK_TYPE]
        now = time.monotonic()
        named = ", ".join(f"{step.name} {now - since:.0f} s" for step, since in under_way[:SHOWN])
        more = f" and {len(under_way) - SHOWN} more" if len(under_way) > SHOWN else ""
        self._spinner.update(
            text=Text(f"{self._title}: {self._done} resources  {named}{more}", overflow="ellipsis", no_wrap=True)
        )
        return self._spinner


@contextmanager
def progress(console: Console, title: str, *, quiet: bool) -> Generator[Progress]:
    """Show a run until the block ends; without a terminal there are only the lines of the changes."""
    shown = Progress(console, title, quiet=quiet)
    if not console.is_terminal:
        yield shown
        return
    with Live(shown, console=console, transient=True, refresh_per_second=8):
        yield shown


@contextmanager
def status(console: Console) -> Generator[Callable[[str], None]]:
    """Show what is being prepared: in place on a terminal, elsewhere a line a new subject and one every half minute."""
    if console.is_terminal:
        with console.status("") as spinner:
            yield spinner.update
        return
    last = [("", 0.0)]

    def report(message: str) -> None:
        subject = message.partition(":")[0]
        if subject != last[0][0] or time.monotonic() - last[0][1] > REMINDER_SECONDS:
            console.print(Text(message))
            last[0] = subject, time.monotonic()

    yield report
