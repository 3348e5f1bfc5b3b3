"""`python -m sandbox.bench`: how long the runs take that people wait for, and how many empty previews that is.

Seconds differ from machine to machine; the ratio to a preview of an empty program, which is the engine and the
interpreter alone, differs less. Each figure is the best of several runs of the whole command, as a person starts it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from sandbox.pack_bench import Seconds, measure
from sandbox.project import Project
from sandbox.state import read_deployment, resources

ROOT: Final = Path(__file__).resolve().parents[1]
RUNS: Final = 3
TIMES: Final = 10
"""How many stacks the policy pack is given at once, to see how its work grows."""
_PROGRAM: Final = ("Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml", "__main__.py", "components")


def main() -> None:
    """Measure and print a table."""
    with tempfile.TemporaryDirectory() as directory:
        at = Path(directory)
        empty, plain, whole = _empty(at / "empty"), _linked(at / "plain"), _linked(at / "whole", "policy")
        up = timed(whole, "up", "prod", runs=1)
        _run(plain, "up", "prod")
        figures: list[tuple[str, float]] = [
            ("preview of an empty program", base := timed(empty, "preview", "dev")),
            ("preview of prod, from nothing", timed(_linked(at / "fresh", "policy"), "preview", "prod")),
            ("preview of prod, nothing to change", preview := timed(whole, "preview", "prod")),
            ("  of which the policy pack", preview - timed(plain, "preview", "prod")),
            ("up of prod, from nothing", up),
            ("up of prod, nothing to change", timed(whole, "up", "prod")),
        ]
        found = resources(read_deployment(Project(whole, None).stack("prod").state_file))
        once, tenfold = judged(found), judged(found, TIMES)
        figures += [
            ("the policy pack alone, until it answers", once.start),
            (f"  then, over the {len(found)} resources of prod", once.judging),
            (f"  and over {TIMES} such stacks at once", tenfold.judging),
        ]
    table = Table("what", "seconds", "empty previews")
    for name, seconds in figures:
        table.add_row(name, f"{seconds:.1f}", f"{seconds / base:.1f}")
    Console().print(table)
    Console().print(f"{TIMES} times the resources take the pack {tenfold.judging / once.judging:.1f} times as long.")


def judged(found: Sequence[Mapping[str, Any]], copies: int = 1) -> Seconds:
    """Time the policy pack by itself: the best of several runs."""
    return min((measure(ROOT / "policy", found, copies) for _ in range(RUNS)), key=lambda seconds: seconds.judging)


def timed(project: Path, *arguments: str, runs: int = RUNS) -> float:
    """Time a command of the sandbox in seconds: the best of `runs`, after one that does not count if there are more."""
    if runs > 1:
        _run(project, *arguments)
    return min(_seconds(lambda: _run(project, *arguments)) for _ in range(runs))


def _seconds(action: Callable[[], None]) -> float:
    started = time.monotonic()
    action()
    return time.monotonic() - started


def _run(project: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "sandbox", *arguments, "--project", str(project)]
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 -- this project's own command


def _empty(directory: Path) -> Path:
    directory.mkdir()
    (directory / "Pulumi.yaml").write_text("name: empty\nruntime: python\n")
    (directory / "Pulumi.dev.yaml").write_text("config: {}\n")
    (directory / "__main__.py").touch()
    return directory


def _linked(directory: Path, *more: str) -> Path:
    """Make a directory with the platform's program and a state of its own."""
    directory.mkdir()
    for name in (*_PROGRAM, *more):
        (directory / name).symlink_to(ROOT / name)
    return directory


if __name__ == "__main__":
    main()
