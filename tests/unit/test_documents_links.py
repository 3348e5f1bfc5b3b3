"""What the documents link to is there, and so is the heading where one is named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
DOCUMENTS: Final = {
    str(path.relative_to(ROOT)): path
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
}
_ELSEWHERE: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
"""A target with a scheme is not of this repository."""


def prose(text: str) -> str:
    """A document without its blocks and spans of code, in which brackets are brackets."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL))


def targets(text: str) -> list[str]:
    """Where the links of a document lead inside this repository."""
    found = re.findall(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)|^\[[^\]]+\]: +(\S+)", prose(text), re.MULTILINE)
    return [target for pair in found for target in pair if target and not _ELSEWHERE.match(target)]


def anchors(text: str) -> set[str]:
    """The fragments of a document's headings, as GitHub makes them."""
    headings = re.findall(
        r"^#+ +(.+)$", re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(document: Path) -> list[str]:
    """The links of a document that lead nowhere."""
    found: list[str] = []
    for target in targets(document.read_text()):
        path, _, fragment = target.partition("#")
        there = document.parent / path if path else document
        if not there.exists() or (fragment and fragment not in anchors(there.read_text())):
            found.append(target)
    return found


def test_there_are_links_to_follow() -> None:
    assert {"README.md", "CONTRIBUTING.md", "docs/runbooks/restore-a-dump.md"} <= DOCUMENTS.keys()
    assert len([target for path in DOCUMENTS.values() for target in targets(path.read_text())]) > 50


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_of_a_document_leads_somewhere(name: str) -> None:
    assert broken(DOCUMENTS[name]) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# Go back, *then* on\n")
    page = tmp_path / "page.md"
    page.write_text(
        "# Page\n[a](there.md) [b](gone.md) [c](there.md#go-back-then-on) [d](there.md#gone) [e](#page) [f](#gone)\n"
        "[g](https://example.com/gone) `[h](gone)` ![i](gone.svg)\n```\n[j](gone)\n```\n[k]: gone/k.md\n"
    )
    assert broken(page) == ["gone.md", "there.md#gone", "#gone", "gone.svg", "gone/k.md"]
