"""A PostgreSQL as TMI finds it: the bootstrap job has run on it, and TMI's role has filled its database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.servers.bootstrap_job import run_job
from tests.servers.dump_job import DumpJob
from tests.servers.postgres import Postgres
from tests.servers.processes import User, program
from tests.servers.runbook import ToolsPod, commands

MASTER = "masterPassword0"
OWNER = "ownerPassword0"
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


def reset(place: Place, typed: str) -> str:
    """Reset the database as the runbook says, with what is typed; what psql said, if it came to an end."""
    (command,) = commands("reset-database")
    place.tools.copied("reset-database.sql")
    done = place.tools.run(command, given=f"{typed}\n", PGPASSWORD=OWNER)
    assert done.returncode == 0, done.stdout
    return done.stdout
