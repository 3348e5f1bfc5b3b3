"""The pages of docs/reference say what the platform's tables say."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from components.firewall import RULES, Peer, Rule
from reference import __main__ as command
from reference import addresses, firewall, markdown


def written(root: Path) -> Path:
    """A directory of fresh pages."""
    assert command.main([], root) == 0
    return root / command.DIRECTORY


def test_the_committed_pages_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--check"]) == 0, capsys.readouterr().err


def test_fresh_pages_pass(tmp_path: Path) -> None:
    written(tmp_path)
    assert command.main(["--check"], tmp_path) == 0
    assert {path.name for path in (tmp_path / command.DIRECTORY).iterdir()} == set(command.PAGES)
    assert (tmp_path / command.CATALOGUE).exists()


@pytest.mark.parametrize("rules", [RULES[1:], (*RULES, Rule(Peer.NODES, Peer.DATABASE, 5432, "A way in"))])
def test_a_rule_more_or_less_is_noticed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    rules: tuple[Rule, ...],
) -> None:
    written(tmp_path)
    monkeypatch.setattr(firewall, "RULES", rules)
    assert command.main(["--check"], tmp_path) == 1
    assert capsys.readouterr().err == "docs/reference/firewall.md is not up to date; `make format` writes it\n"


def test_another_reason_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    changed = dataclasses.replace(RULES[0], why="Everybody")
    monkeypatch.setattr(firewall, "RULES", (changed, *RULES[1:]))
    assert command.stale(tmp_path) == ["docs/reference/firewall.md"]


def test_a_page_changed_by_hand_is_noticed(tmp_path: Path) -> None:
    page = written(tmp_path) / "addresses.md"
    page.write_text(page.read_text() + "More.\n")
    assert command.stale(tmp_path) == ["docs/reference/addresses.md"]


def test_a_missing_page_is_noticed(tmp_path: Path) -> None:
    (written(tmp_path) / "firewall.md").unlink()
    assert command.stale(tmp_path) == ["docs/reference/firewall.md"]


def test_a_page_that_nothing_writes_is_noticed_and_goes(tmp_path: Path) -> None:
    (written(tmp_path) / "old.md").write_text("# Old\n")
    assert command.stale(tmp_path) == ["docs/reference/old.md"]
    written(tmp_path)
    assert command.stale(tmp_path) == []


@pytest.mark.parametrize("change", ["More.\n", None], ids=["changed", "gone"])
def test_the_packs_catalogue_is_watched_as_well(tmp_path: Path, change: str | None) -> None:
    written(tmp_path)
    page = tmp_path / command.CATALOGUE
    if change is None:
        page.unlink()
    else:
        page.write_text(page.read_text() + change)
    assert command.stale(tmp_path) == ["policy/CATALOGUE.md"]


def test_the_matrix_holds_every_rule() -> None:
    header, _, *rows = (line.strip("| ").split(" | ") for line in firewall.page().splitlines() if line.startswith("| "))
    matrix = rows[: len({rule.source for rule in RULES})]
    targets = [cell.strip("`") for cell in header[1:]]
    cells = {
        (row[0].strip("`"), target, int(port))
        for row in matrix
        for target, ports in zip(targets, row[1:], strict=False)
        for port in ports.split(", ")
        if port.strip()
    }
    assert cells == {(rule.source.value, rule.target.value, rule.port) for rule in RULES}


def test_every_reason_stands_on_the_page() -> None:
    page = firewall.page()
    assert [rule for rule in RULES if f"| {rule.port} | {rule.why} |" not in page] == []


def test_addresses_are_those_of_the_plan() -> None:
    assert (
        "| `data` | PostgreSQL, Redis | 10.64.160.0/20 | 10.64.160.0/22 | 10.64.164.0/22 | 10.64.168.0/22 "
        "| 10.64.172.0/22 | 1,019 |"
    ) in addresses.page()
    assert "Kubernetes Services: 10.100.0.0/16, outside the VPC; the cluster's DNS answers at 10.100.0.10." in (
        addresses.page()
    )


def test_a_bar_in_a_cell_breaks_no_table() -> None:
    assert markdown.table(("a",), [("b|c",)]) == "| a |\n| --- |\n| b\\|c |"
