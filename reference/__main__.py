"""`python -m reference` writes the pages of `docs/reference/`; with `--check` it names those that are not up to date.

Exit codes: 0 if every page is as it should be, 1 if `--check` finds one that is not, 2 if the command line makes no
sense.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from reference import (
    addresses,
    alarms,
    configuration,
    dashboards,
    firewall,
    images,
    queries,
    reachability,
    retention,
    secrets,
    sizing,
    web_firewall,
)

DIRECTORY: Final = Path(__file__).resolve().parents[1] / "docs" / "reference"
PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "addresses.md": addresses.page,
    "alarms.md": alarms.page,
    "configuration.md": configuration.page,
    "dashboards.md": dashboards.page,
    "firewall.md": firewall.page,
    "images.md": images.page,
    "on-call.svg": dashboards.picture,
    "queries.md": queries.page,
    "reachability.md": reachability.page,
    "retention.md": retention.page,
    "secrets.md": secrets.page,
    "sizing.md": sizing.page,
    "web-firewall.md": web_firewall.page,
}
"""Each page and what writes it."""
NOTE: Final = "\n*`make format` writes this page; what is changed here by hand is lost.*\n"
"""The end of every page in words."""


def texts() -> dict[str, str]:
    """What each page says."""
    return {name: page().rstrip("\n") + "\n" + (NOTE if name.endswith(".md") else "") for name, page in PAGES.items()}


def stale(directory: Path) -> list[str]:
    """The pages that differ from what would be written, are missing, or are written by nothing."""
    found = {path.name: path.read_text(encoding="utf-8") for path in directory.glob("*.*")}
    wanted = texts()
    return sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))


def write(directory: Path) -> None:
    """Every page anew; those that nothing writes any more go."""
    directory.mkdir(parents=True, exist_ok=True)
    for path in directory.glob("*.*"):
        if path.name not in PAGES:
            path.unlink()
    for name, text in texts().items():
        (directory / name).write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None, directory: Path = DIRECTORY) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m reference", description="Write the pages of docs/reference.")
    parser.add_argument("--check", action="store_true", help="write nothing, and fail if a page is not up to date")
    if not parser.parse_args(arguments).check:
        write(directory)
        return 0
    pages = stale(directory)
    for name in pages:
        sys.stderr.write(f"docs/reference/{name} is not up to date; `make format` writes it\n")
    return 1 if pages else 0


if __name__ == "__main__":
    sys.exit(main())
