"""The dump's job on a real PostgreSQL: what was dumped comes back, half a dump is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.servers.authority import Authority
from tests.servers.dump_job import DumpJob, Outcome
from tests.servers.prepared import DEFINITIONS, LARGE, OWNER, ROWS, Place, reset
from tests.servers.runbook import commands

OTHER = "otherPassword0"
DONE = '{"job":"tmi-database-dump","outcome":"done"}\n'


def emptied(place: Place) -> None:
    """Another server, as the bootstrap job leaves it: the same one without TMI's database."""
    place.server.sql("DROP DATABASE tmi WITH (FORCE)")
    place.bootstrap()


def restored(place: Place, dump: Path) -> str:
    """Restore a dump as the runbook says; what pg_restore said."""
    typing, restoring = commands("restore-a-dump")
    typed = place.tools.run(typing, given=f"{OWNER}\n")
    assert typed.returncode == 0, typed.stdout
    done = place.tools.run(restoring, piped=dump)
    assert done.returncode == 0, done.stdout
    return done.stdout


def only(objects: list[Path]) -> Path:
    (found,) = objects
    return found


def test_what_is_dumped_dropped_and_restored_is_what_it_was(place: Place) -> None:
    rows, definitions = place.sql(ROWS), place.sql(DEFINITIONS)
    job = place.job()
    assert job.run() == Outcome(0, 0, DONE)
    assert [path.name for path in job.objects("incoming")] == [path.name for path in job.objects("dumps")]
    emptied(place)
    assert place.sql(ROWS) == []
    assert restored(place, only(job.objects("dumps"))) == ""
    place.bootstrap()
    assert place.sql(ROWS) == rows
    assert place.sql(DEFINITIONS) == definitions


def test_it_is_restored_into_what_tmi_made_at_its_first_start_once_that_is_reset(place: Place) -> None:
    rows = place.sql(ROWS)
    job = place.job()
    assert job.run().succeeded
    place.sql("DROP VIEW grave; DROP TABLE threat_models; INSERT INTO users VALUES (gen_random_uuid(), 'me', now())")
    reset(place, "localhost")
    restored(place, only(job.objects("dumps")))
    assert place.sql(ROWS) == rows
    # And what is dumped of that comes back too.
    again = place.job("again")
    assert again.run().succeeded
    emptied(place)
    restored(place, only(again.objects("dumps")))
    assert place.sql(ROWS) == rows


def test_a_restore_that_fails_leaves_nothing_behind(place: Place) -> None:
    job = place.job()
    assert job.run().succeeded
    emptied(place)
    place.sql("CREATE VIEW grave AS SELECT 1")
    with pytest.raises(AssertionError, match='relation "grave" already exists'):
        restored(place, only(job.objects("dumps")))
    assert place.sql("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace") == ["grave"]


def halved(job: DumpJob, outcome: Outcome) -> None:
    """Half a dump came in, both containers failed, and there is no dump."""
    assert outcome.dump != 0
    assert outcome.upload != 0
    assert "the dump is not whole" in outcome.said
    assert only(job.objects("incoming")).read_bytes().startswith(b"PGDMP")
    assert job.objects("dumps") == []


def test_a_pg_dump_that_loses_its_server_in_the_middle_leaves_no_dump(place: Place) -> None:
    place.sql(LARGE)
    job = place.job()
    with job.begun() as running:
        ended = place.server.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'pg_dump' AND query LIKE 'COPY %large%'"
        )
        assert ended == ["t"]
        outcome = running.ended()
    halved(job, outcome)
    assert "pg_dump: error: " in outcome.said


def test_a_pg_dump_that_is_killed_leaves_no_dump(place: Place) -> None:
    place.sql(LARGE)
    job = place.job()
    with job.begun() as running:
        running.kill_pg_dump()
        halved(job, running.ended())


def test_a_container_that_is_lost_leaves_no_dump(place: Place) -> None:
    place.sql(LARGE)
    job = place.job()
    with job.begun() as running:
        running.lost()
        halved(job, running.ended())


def test_a_table_that_may_not_be_read_fails_the_job(place: Place) -> None:
    place.server.sql("CREATE ROLE other; CREATE TABLE hidden (); ALTER TABLE hidden OWNER TO other", "tmi")
    job = place.job()
    outcome = job.run()
    assert not outcome.succeeded
    assert "permission denied for table hidden" in outcome.said
    assert job.objects("dumps") == []


@pytest.mark.parametrize("prefix", ["incoming", "dumps"])
def test_an_upload_that_fails_fails_the_job(place: Place, prefix: str) -> None:
    place.sql(LARGE)
    job = replace(place.job(), faults={"REFUSED": prefix})
    outcome = job.run()
    assert outcome.upload != 0
    assert "AccessDenied" in outcome.said
    assert job.objects("dumps") == []


def test_no_password_is_an_argument_or_in_what_anybody_says(place: Place) -> None:
    job = place.job()
    outcome = job.run()
    assert outcome.succeeded
    arguments = job.arguments
    assert all(f"/{name} " in arguments for name in ("pg_dump", "pg_restore", "aws"))
    log = place.server.log.read_text()
    assert "application_name=pg_dump" in log
    for said in (arguments, outcome.said, log, place.sql(ROWS)[0]):
        assert OWNER not in said


def refused(job: DumpJob) -> str:
    """Nothing was dumped; what was said."""
    outcome = job.run()
    assert outcome.dump != 0
    assert outcome.upload != 0
    assert job.objects("dumps") == []
    return outcome.said


def test_a_server_of_another_authority_is_refused(place: Place, strangers: Authority) -> None:
    assert "certificate verify failed" in refused(replace(place.job(), roots=strangers.roots))


def test_a_server_of_another_name_is_refused(place: Place) -> None:
    assert 'does not match host name "127.0.0.1"' in refused(replace(place.job(), host="127.0.0.1"))


def test_a_wrong_password_is_refused(place: Place) -> None:
    assert "password authentication failed" in refused(replace(place.job(), password=OTHER))
