"""The dump's job and its procedures on a real PostgreSQL: what was dumped comes back, half a dump is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from components.database_names import MASTER_USER
from components.tmi_paths import RDS_ROOTS_FILE
from tests.servers.authority import Authority
from tests.servers.bootstrap_job import run_job
from tests.servers.dump_job import DumpJob, Outcome
from tests.servers.postgres import Postgres
from tests.servers.processes import User, directory, program
from tests.servers.runbook import ToolsPod, commands, statements, variables

MASTER = "masterPassword0"
OWNER = "ownerPassword0"
OTHER = "otherPassword0"
CONTENT = """
CREATE TYPE severity AS ENUM ('low', 'high');
CREATE TABLE users (id uuid PRIMARY KEY, email text UNIQUE NOT NULL, created timestamptz NOT NULL);
CREATE TABLE threat_models (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  name text NOT NULL CHECK (name <> ''), severity severity, tags text[], document jsonb, picture bytea
);
CREATE INDEX ON threat_models USING gin (document);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''append only''; END';
CREATE TRIGGER append_only BEFORE DELETE ON threat_models FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE VIEW grave AS SELECT id, name FROM threat_models WHERE severity = 'high';
INSERT INTO users
  SELECT md5(i::text)::uuid, i || '@example.com', '2026-11-01 12:00+00' FROM generate_series(1, 50) AS i;
INSERT INTO threat_models (owner, name, severity, tags, document, picture)
  SELECT md5((i % 50 + 1)::text)::uuid, E'Angriff \\u2116 ' || i || E'\\t\\\\N',
         (ARRAY['low', 'high', NULL])[i % 3 + 1]::severity, ARRAY['a,b', NULL, ''],
         jsonb_build_object('i', i, 'text', E'line\\nline'), decode(md5(i::text), 'hex')
    FROM generate_series(1, 500) AS i;
"""
"""Of each kind of thing that TMI's migrations make, with values that are easily spoilt."""
LARGE = (
    "CREATE TABLE large AS SELECT md5(random()::text) || md5(random()::text) AS text FROM generate_series(1, 200000)"
)
"""More than fits between pg_dump and S3, so that pg_dump waits in the middle of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A server on which the bootstrap job has run, and a home for what else runs on it."""

    server: Postgres
    user: User
    roots: Path
    home: Path

    def bootstrap(self) -> None:
        home = self.home / "bootstrap"
        home.mkdir(exist_ok=True)
        secrets = {"master-password": MASTER, "owner-password": OWNER}
        done = run_job(
            home, self.user, port=self.server.port, roots=self.roots, secrets=secrets, host="localhost",
            programs=Path(program("psql")).parent,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout

    def job(self, name: str = "dump") -> DumpJob:
        home = self.home / name
        home.mkdir()
        return DumpJob(home, self.user, self.server.port, self.roots, OWNER)

    @property
    def tools(self) -> ToolsPod:
        return ToolsPod(self.home, self.user, self.server.port, self.roots)

    def sql(self, statements: str) -> list[str]:
        """What TMI's role gets."""
        done = self.server.as_login("tmi", OWNER, statements)
        assert done.returncode == 0, done.stdout
        return done.stdout.splitlines()


@pytest.fixture
def place(postgres_server: Postgres, user: User, authority: Authority) -> Iterator[Place]:
    postgres_server.sql(f"CREATE ROLE {MASTER_USER} LOGIN CREATEDB CREATEROLE PASSWORD '{MASTER}'")
    with directory(user) as home:
        found = Place(postgres_server, user, authority.roots, home)
        found.bootstrap()
        found.sql(CONTENT)
        yield found
    postgres_server.clear()


ROWS = """
SELECT relname, query_to_xml(format('SELECT * FROM %I ORDER BY 1', relname), true, false, '')
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') ORDER BY 1
"""
DEFINITIONS = """
SELECT table_name, column_name, udt_name, is_nullable, is_identity FROM information_schema.columns
 WHERE table_schema = 'public' ORDER BY table_name, ordinal_position;
SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1;
SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2;
SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1;
SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1;
SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1;
SELECT sequencename, last_value FROM pg_sequences ORDER BY 1;
SELECT relname, relowner::regrole, ARRAY(SELECT unnest(relacl)::text ORDER BY 1) FROM pg_class
 WHERE relnamespace = 'public'::regnamespace ORDER BY 1;
"""
"""Who may do what is among them: it is not in a restore, and the bootstrap job gives it again."""


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
    assert job.run() == Outcome(0, 0, "")
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


def reset(place: Place, typed: str) -> str:
    """Reset the database as the runbook says, with what is typed; what psql said, if it came to an end."""
    (command,) = commands("reset-database")
    place.tools.copied("reset-database.sql")
    done = place.tools.run(command, given=f"{typed}\n", PGPASSWORD=OWNER)
    assert done.returncode == 0, done.stdout
    return done.stdout


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
