"""What runbooks tell people to run, on a real PostgreSQL: a reset asks first, and every question has an answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from components.tmi_paths import RDS_ROOTS_FILE
from tests.servers.authority import Authority
from tests.servers.prepared import CONTENT, DEFINITIONS, LARGE, MASTER, ROWS, Place, reset
from tests.servers.runbook import commands, statements, variables


def test_a_reset_deletes_everything_once_the_server_is_named(place: Place) -> None:
    before = place.sql(DEFINITIONS)
    said = reset(place, "localhost")
    assert "Type the name of this server in RDS:" in said
    assert said.rstrip().endswith("COMMIT")
    assert place.sql(ROWS) == []
    # TMI makes its schema anew, and readers get their rights back from the bootstrap job.
    place.bootstrap()
    place.sql(CONTENT)
    assert place.sql(DEFINITIONS) == before


@pytest.mark.parametrize("typed", ["", "yes", "LOCALHOST", "localhost.example.com"])
def test_a_reset_of_a_server_that_is_not_named_touches_nothing(place: Place, typed: str) -> None:
    before = place.sql(ROWS)
    with pytest.raises(AssertionError, match="that is not the name of this server; nothing was touched"):
        reset(place, typed)
    assert place.sql(ROWS) == before


def test_a_reset_while_somebody_is_connected_touches_nothing(place: Place) -> None:
    before = place.sql(ROWS)
    job = place.job()
    place.sql(LARGE)
    with job.begun() as running:
        with pytest.raises(AssertionError, match="somebody is still connected; stop TMI first; nothing was touched"):
            reset(place, "localhost")
        assert running.ended().succeeded
    place.sql("DROP TABLE large")
    assert place.sql(ROWS) == before


@pytest.mark.parametrize("page", ["database-connections", "database-storage", "restore-point-in-time"])
def test_what_a_page_asks_the_server_is_answered(place: Place, page: str) -> None:
    (command,) = commands(page)
    done = place.tools.run(command, given="\n".join(statements(page)), PGPASSWORD=MASTER)
    assert (done.returncode, "ERROR" in done.stdout) == (0, False), done.stdout


def test_the_pages_of_alarms_ask_something() -> None:
    assert [len(statements(page)) for page in ("database-connections", "database-storage")] == [1, 1]


def test_the_pod_of_the_pages_reads_the_file_of_authorities_that_the_stack_makes() -> None:
    assert variables()["PGSSLMODE"] == "verify-full"
    assert Path(variables()["PGSSLROOTCERT"]).name == RDS_ROOTS_FILE


def test_the_pod_of_the_pages_trusts_the_authorities_of_rds_alone(place: Place, strangers: Authority) -> None:
    (command,) = commands("restore-point-in-time")
    done = replace(place.tools, roots=strangers.roots).run(command, PGPASSWORD=MASTER)
    assert done.returncode != 0
    assert "certificate verify failed" in done.stdout
