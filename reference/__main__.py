"""`python -m reference` writes the pages of `docs/reference/` and the catalogue of the policy pack.

With `--check` it names those that are not up to date.

Exit codes: 0 if every page is as it should be, 1 if `--check` finds one that is not, 2 if the command line makes no
sense.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from policy import catalogue
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

ROOT: Final = Path(__file__).resolve().parents[1]
DIRECTORY: Final = "docs/reference"
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
CATALOGUE: Final = "policy/CATALOGUE.md"
"""Stands with the pack, which others take without the rest."""
NOTE: Final = "\n*`make format` writes this page; what is changed here by hand is lost.*\n"
"""The end of every page in words."""


def texts() -> dict[str, str]:
    """What each page says, by its path."""
    pages = {**{f"{DIRECTORY}/{name}": page for name, page in PAGES.items()}, CATALOGUE: catalogue.page}
    return {path: page().rstrip("\n") + "\n" + (NOTE if path.endswith(".md") else "") for path, page in pages.items()}


def _written(root: Path) -> set[str]:
    """The paths of what was written, now or earlier."""
    earlier = {str(path.relative_to(root)) for path in (root / DIRECTORY).glob("*.*")}
    return earlier | {CATALOGUE} if (root / CATALOGUE).exists() else earlier


def stale(root: Path) -> list[str]:
    """The pages that differ from what would be written, are missing, or are written by nothing."""
    found = {path: (root / path).read_text(encoding="utf-8") for path in _written(root)}
    wanted = texts()
    return sorted(path for path in found.keys() | wanted.keys() if found.get(path) != wanted.get(path))


def write(root: Path) -> None:
    """Every page anew; those that nothing writes any more go."""
    wanted = texts()
    for path in _written(root) - wanted.keys():
        (root / path).unlink()
    for path, text in wanted.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m reference", description="Write the generated pages.")
    parser.add_argument("--check", action="store_true", help="write nothing, and fail if a page is not up to date")
    if not parser.parse_args(arguments).check:
        write(root)
        return 0
    pages = stale(root)
    for path in pages:
        sys.stderr.write(f"{path} is not up to date; `make format` writes it\n")
    return 1 if pages else 0


if __name__ == "__main__":
    sys.exit(main())
