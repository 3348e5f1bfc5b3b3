"""Every alarm leads to a runbook that is there, and every runbook of an alarm names it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from components.monitoring.database_events import RUNBOOK
from components.monitoring.incidents import INCIDENTS
from components.monitoring.rows import Alarm
from tests.alarms import ROWS

RUNBOOKS = Path(__file__).parents[2] / "docs" / "runbooks"
OF_ALARMS = [path for path in sorted(RUNBOOKS.glob("*.md")) if "**Procedure**" not in path.read_text()]
"""Those that an alarm leads to; the others are for what somebody plans to do."""
OF_MESSAGES = {"costs"}
"""Those of messages that AWS words, which lead nowhere."""


def missing_runbooks(rows: list[Alarm]) -> set[str]:
    """The runbooks that are named and not there."""
    named = {row.runbook for row in rows} | {outage.runbook for outage in INCIDENTS} | {RUNBOOK}
    return named - {path.stem for path in OF_ALARMS}


def test_every_runbook_is_there_and_none_is_left_over() -> None:
    rows = list(ROWS.values())
    assert missing_runbooks(rows) == set()
    named = {row.runbook for row in rows} | {outage.runbook for outage in INCIDENTS} | {RUNBOOK}
    assert {path.stem for path in OF_ALARMS} - named == OF_MESSAGES
    assert missing_runbooks([replace(rows[0], runbook="gone")]) == {"gone"}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_runbook_names_its_alarms(row: Alarm) -> None:
    kind = re.sub(
        r"^(hub|pool|database-main(-reporting)?|cache-\d+|nat-eu-west-1a|archive-(network|control-plane))-"
        r"|-(long|short)$|-tmi.example.com$",
        "",
        row.name,
    )
    assert kind in (RUNBOOKS / f"{row.runbook}.md").read_text()


@pytest.mark.parametrize("path", OF_ALARMS, ids=lambda path: path.stem)
def test_a_runbook_says_how_to_look_and_when_it_is_over(path: Path) -> None:
    text = path.read_text()
    assert ("**Message**" if path.stem in OF_MESSAGES else "**Alarm**") in text
    assert {"## Look", "## Over when"} <= set(text.splitlines())
    assert "scalate" in text
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert all((RUNBOOKS / link).exists() for link in links)
