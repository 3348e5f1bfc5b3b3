"""The bootstrap job on a real PostgreSQL: what it makes, what it takes away, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from inline_snapshot import snapshot

from components.database_names import MASTER_USER
from tests.servers.authority import Authority
from tests.servers.bootstrap_job import run_job
from tests.servers.postgres import Postgres
from tests.servers.processes import User, directory, program

MASTER = "masterPassword0"
OWNER = "ownerPassword0"
OTHER = "otherPassword0"


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """The job with the password it is to give TMI's role, and with what may go wrong."""

    server: Postgres
    user: User
    home: Path
    roots: Path
    programs: Path
    owner: str = OWNER
    host: str = "localhost"

    def run(self) -> CompletedProcess[str]:
        secrets = {"master-password": MASTER, "owner-password": self.owner}
        return run_job(
            self.home, self.user, port=self.server.port, roots=self.roots, secrets=secrets, host=self.host,
            programs=self.programs,
        )  # fmt: skip

    def succeed(self) -> None:
        done = self.run()
        assert done.returncode == 0, done.stdout

    def refuse(self) -> str:
        done = self.run()
        assert done.returncode != 0, done.stdout
        return done.stdout


@pytest.fixture
def server(postgres_server: Postgres) -> Iterator[Postgres]:
    """With a master who, like that of RDS, makes roles and databases and is no superuser."""
    postgres_server.sql(f"CREATE ROLE {MASTER_USER} LOGIN CREATEDB CREATEROLE PASSWORD '{MASTER}'")
    yield postgres_server
    postgres_server.clear()


@pytest.fixture
def bootstrap(server: Postgres, user: User, authority: Authority) -> Iterator[Bootstrap]:
    with directory(user) as home:
        yield Bootstrap(server, user, home, authority.roots, Path(program("psql")).parent)


def as_owner(server: Postgres, statements: str, password: str = OWNER, database: str = "tmi") -> list[str]:
    done = server.as_login("tmi", password, statements, database)
    assert done.returncode == 0, done.stdout
    return done.stdout.splitlines()


def refused(done: CompletedProcess[str]) -> str:
    assert done.returncode != 0, done.stdout
    return done.stdout


def roles(server: Postgres) -> list[str]:
    return server.sql(
        "SELECT rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, rolconnlimit"
        " FROM pg_roles WHERE rolname LIKE 'tmi%' ORDER BY rolname"
    )


def settings(server: Postgres) -> list[str]:
    return server.sql(
        "SELECT coalesce(rolname, 'everybody'), unnest(setconfig) FROM pg_db_role_setting"
        " JOIN pg_database ON pg_database.oid = setdatabase LEFT JOIN pg_roles ON pg_roles.oid = setrole"
        " WHERE datname = 'tmi' ORDER BY 1, 2"
    )


def rights(server: Postgres) -> list[str]:
    """Everything the job decides but the password, whose stored form never repeats."""
    members = "SELECT roleid::regrole, member::regrole, admin_option FROM pg_auth_members WHERE member::regrole::text"
    owners = "SELECT datname, datdba::regrole, datacl FROM pg_database ORDER BY 1"
    inside = (
        "SELECT nspname, nspowner::regrole, nspacl FROM pg_namespace WHERE nspname = 'public';"
        "SELECT defaclrole::regrole, defaclobjtype, defaclacl FROM pg_default_acl;"
        "SELECT relname, ARRAY(SELECT unnest(relacl)::text ORDER BY 1) FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
    )
    return [
        *roles(server),
        *settings(server),
        *server.sql(f"{members} LIKE 'tmi%' ORDER BY 1, 2, 3"),
        *server.sql(owners),
        *server.sql(inside, "tmi"),
    ]


def test_roles_are_what_they_should_be(bootstrap: Bootstrap) -> None:
    bootstrap.succeed()
    assert roles(bootstrap.server) == snapshot(
        ["tmi|t|f|f|f|f|f|360", "tmi_master|t|f|t|t|f|f|-1", "tmi_readers|f|f|f|f|f|f|-1"]
    )


def test_a_second_run_changes_nothing(bootstrap: Bootstrap) -> None:
    bootstrap.succeed()
    as_owner(bootstrap.server, "CREATE TABLE users (id int)")
    before = rights(bootstrap.server)
    bootstrap.succeed()
    assert rights(bootstrap.server) == before
    assert any("tmi_readers=r/tmi" in line for line in before)


def test_the_owner_migrates_its_schema(bootstrap: Bootstrap) -> None:
    bootstrap.succeed()
    migrated = as_owner(
        bootstrap.server,
        """
        ALTER ROLE CURRENT_USER SET default_transaction_isolation = 'serializable';
        SELECT pg_advisory_lock(1);
        CREATE TABLE threats (id int PRIMARY KEY);
        ALTER TABLE threats ADD COLUMN name text;
        CREATE UNIQUE INDEX ON threats (name);
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER append_only BEFORE UPDATE ON threats EXECUTE FUNCTION refuse();
        INSERT INTO threats VALUES (1, 'spoofing');
        SELECT name, current_schema() FROM threats;
        """,
    )
    assert migrated[-1] == "spoofing|public"
    assert as_owner(bootstrap.server, "SHOW default_transaction_isolation") == ["serializable"]


def test_the_database_that_rds_made_is_handed_over(bootstrap: Bootstrap) -> None:
    bootstrap.server.sql(f"CREATE DATABASE tmi OWNER {MASTER_USER}")
    bootstrap.server.sql(f"CREATE TABLE of_the_master (); ALTER TABLE of_the_master OWNER TO {MASTER_USER}", "tmi")
    bootstrap.succeed()
    assert as_owner(bootstrap.server, "SELECT datdba::regrole FROM pg_database WHERE datname = 'tmi'") == ["tmi"]
    acl = bootstrap.server.sql("SELECT relacl IS NULL FROM pg_class WHERE relname = 'of_the_master'", "tmi")
    assert acl == ["t"]


def test_a_rotated_password_replaces_the_old_one(bootstrap: Bootstrap) -> None:
    bootstrap.succeed()
    replace(bootstrap, owner="ownerPassword1").succeed()
    assert as_owner(bootstrap.server, "SELECT 1", "ownerPassword1") == ["1"]
    assert "password authentication failed" in refused(bootstrap.server.as_login("tmi", OWNER, "SELECT 1"))


def test_passwords_are_stored_as_scram(bootstrap: Bootstrap) -> None:
    bootstrap.succeed()
    assert bootstrap.server.sql("SELECT left(rolpassword, 14) FROM pg_authid WHERE rolname = 'tmi'") == [
        "SCRAM-SHA-256$"
    ]


@pytest.mark.parametrize("password", ["", "\n"])
def test_an_empty_password_is_refused_before_anything_is_touched(bootstrap: Bootstrap, password: str) -> None:
    bootstrap.succeed()
    replace(bootstrap, owner=password).refuse()
    assert as_owner(bootstrap.server, "SELECT 1") == ["1"]


def test_a_server_of_another_authority_is_refused(bootstrap: Bootstrap, strangers: Authority) -> None:
    assert "certificate verify failed" in replace(bootstrap, roots=strangers.roots).refuse()
    assert roles(bootstrap.server) == [f"{MASTER_USER}|t|f|t|t|f|f|-1"]


def test_a_server_of_another_name_is_refused(bootstrap: Bootstrap) -> None:
    message = replace(bootstrap, host="127.0.0.1").refuse()
    assert 'does not match host name "127.0.0.1"' in message
    assert roles(bootstrap.server) == [f"{MASTER_USER}|t|f|t|t|f|f|-1"]


def test_no_password_is_an_argument_or_in_a_log(bootstrap: Bootstrap) -> None:
    """psql is wrapped by a program that notes its arguments; the server logs each statement."""
    arguments = bootstrap.home / "arguments"
    wrapper = bootstrap.home / "bin" / "psql"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {arguments}\nexec {program("psql")} "$@"\n')
    wrapper.chmod(0o755)
    done = replace(bootstrap, programs=wrapper.parent).run()
    assert done.returncode == 0, done.stdout
    log = bootstrap.server.log.read_text()
    assert "\\password tmi" in arguments.read_text()
    assert "ALTER USER tmi PASSWORD 'SCRAM-SHA-256$" in log
    for password in (MASTER, OWNER):
        assert password not in done.stdout
        assert password not in arguments.read_text()
    assert OWNER not in log


def test_the_owner_has_nothing_but_its_database(bootstrap: Bootstrap) -> None:
    server = bootstrap.server
    bootstrap.succeed()
    server.sql("CREATE ROLE other; CREATE DATABASE other OWNER other")
    server.sql("CREATE TABLE secrets AS SELECT 1; ALTER TABLE secrets OWNER TO other", "other")
    server.sql("CREATE SCHEMA other AUTHORIZATION other; CREATE TABLE other.notes AS SELECT 1", "tmi")
    server.sql("CREATE TABLE public.foreign_notes AS SELECT 1; ALTER TABLE foreign_notes OWNER TO other", "tmi")
    for statement, database in (
        ("SELECT * FROM secrets", "other"),
        ("CREATE TABLE mine ()", "other"),
        ("SELECT * FROM other.notes", "tmi"),
        ("SELECT * FROM foreign_notes", "tmi"),
        ("CREATE DATABASE more", "tmi"),
        ("CREATE ROLE more", "tmi"),
        ("GRANT pg_read_all_data TO tmi", "tmi"),
        (f"SET ROLE {MASTER_USER}", "tmi"),
        ("SELECT * FROM pg_authid", "tmi"),
        ("ALTER SYSTEM SET log_statement = 'none'", "tmi"),
    ):
        answer = refused(server.as_login("tmi", OWNER, statement, database))
        assert "permission denied" in answer or "must" in answer, (statement, answer)


def test_strangers_do_not_get_in(bootstrap: Bootstrap) -> None:
    bootstrap.succeed()
    bootstrap.server.sql(f"CREATE ROLE stranger LOGIN PASSWORD '{OTHER}'")
    answer = refused(bootstrap.server.as_login("stranger", OTHER, "SELECT 1"))
    assert 'permission denied for database "tmi"' in answer


@pytest.fixture
def reader(bootstrap: Bootstrap) -> Postgres:
    """A server with a table from before the job's second run, one from after, and a login of the readers' group."""
    server = bootstrap.server
    bootstrap.succeed()
    server.sql("ALTER DEFAULT PRIVILEGES FOR ROLE tmi IN SCHEMA public REVOKE ALL ON TABLES FROM tmi_readers", "tmi")
    as_owner(server, "CREATE TABLE before AS SELECT 1 AS id; GRANT ALL ON before TO tmi_readers")
    bootstrap.succeed()
    as_owner(server, "CREATE TABLE after AS SELECT 2 AS id; CREATE VIEW joined AS SELECT 3 FROM before, after")
    server.sql(f"CREATE ROLE analyst LOGIN PASSWORD '{OTHER}' IN ROLE tmi_readers")
    return server


def test_readers_read_what_was_and_what_will_be(reader: Postgres) -> None:
    read = reader.as_login("analyst", OTHER, "TABLE before; TABLE after; TABLE joined")
    assert (read.returncode, read.stdout.split()) == (0, ["1", "2", "3"])


def test_readers_do_no_more_than_read(reader: Postgres) -> None:
    for statement in (
        "INSERT INTO before VALUES (1)",
        "UPDATE after SET id = 3",
        "DELETE FROM before",
        "TRUNCATE after",
        "CREATE TABLE mine ()",
        "CREATE TEMPORARY TABLE mine ()",
        "CREATE SCHEMA mine",
        "DROP TABLE before",
        "SET ROLE tmi",
    ):
        answer = refused(reader.as_login("analyst", OTHER, statement))
        assert "permission denied" in answer or "must be owner" in answer, (statement, answer)


LIMITS = "SHOW statement_timeout; SHOW lock_timeout"


def test_people_have_limits_and_migrations_have_none(reader: Postgres) -> None:
    assert reader.as_login("analyst", OTHER, LIMITS).stdout.split() == ["5min", "5s"]
    assert as_owner(reader, LIMITS) == ["0", "0"]
    assert settings(reader) == snapshot(
        [
            "everybody|lock_timeout=5s",
            "everybody|statement_timeout=5min",
            "tmi|lock_timeout=0",
            "tmi|search_path=public",
            "tmi|statement_timeout=0",
        ]
    )


def test_what_a_role_had_too_much_is_taken_away(bootstrap: Bootstrap) -> None:
    """As the master made them once, with rights he may grant."""
    server = bootstrap.server
    server.sql(
        f"""
        SET ROLE {MASTER_USER};
        CREATE ROLE payroll;
        CREATE ROLE tmi CREATEDB CREATEROLE NOINHERIT CONNECTION LIMIT -1 VALID UNTIL '2020-01-01' IN ROLE payroll;
        CREATE ROLE tmi_readers LOGIN CREATEDB CREATEROLE IN ROLE payroll PASSWORD '{OTHER}';
        CREATE DATABASE tmi;
        ALTER ROLE tmi SET statement_timeout = '1s';
        ALTER ROLE tmi SET lock_timeout = '1s';
        ALTER ROLE tmi SET search_path = payroll;
        GRANT ALL ON DATABASE tmi TO PUBLIC, tmi_readers;
        """
    )
    server.sql("GRANT ALL ON SCHEMA public TO PUBLIC, tmi_readers", "tmi")
    assert "tmi|f|f|t|t|f|f|-1" in roles(server)
    bootstrap.succeed()
    assert roles(server)[0] == snapshot("tmi|t|f|f|f|f|f|360")
    assert roles(server)[2] == snapshot("tmi_readers|f|f|f|f|f|f|-1")
    members = server.sql("SELECT member::regrole FROM pg_auth_members WHERE roleid = 'payroll'::regrole")
    assert not {"tmi", "tmi_readers"} & set(members)
    assert as_owner(server, f"{LIMITS}; SHOW search_path") == ["0", "0", "public"]
    refused(server.as_login("tmi_readers", OTHER, "SELECT 1"))
    login = f"LOGIN PASSWORD '{OTHER}'"
    server.sql(f"CREATE ROLE stranger {login}; CREATE ROLE analyst {login} IN ROLE tmi_readers")
    refused(server.as_login("stranger", OTHER, "SELECT 1"))
    refused(server.as_login("analyst", OTHER, "CREATE TABLE mine ()"))
    assert server.as_login("analyst", OTHER, "SELECT 1").returncode == 0


@pytest.mark.parametrize("attribute", ["SUPERUSER", "REPLICATION", "BYPASSRLS"])
def test_what_only_a_superuser_takes_away_stops_the_job(bootstrap: Bootstrap, attribute: str) -> None:
    server = bootstrap.server
    server.sql(f"CREATE ROLE tmi LOGIN {attribute} PASSWORD '{OTHER}'; GRANT tmi TO {MASTER_USER} WITH ADMIN OPTION")
    bootstrap.refuse()
    assert server.sql("SELECT count(*) FROM pg_database WHERE datname = 'tmi'") == ["0"]
    assert server.as_login("tmi", OTHER, "SELECT 1", "postgres").returncode == 0


@pytest.mark.parametrize("role", ["payroll", "pg_read_all_data"])
def test_a_membership_that_somebody_else_granted_goes_or_stops_the_job(bootstrap: Bootstrap, role: str) -> None:
    """Up to PostgreSQL 15 a master takes it away; later only who granted it does, and the job has to say so."""
    server = bootstrap.server
    server.sql(f"SET ROLE {MASTER_USER}; CREATE ROLE payroll; CREATE ROLE tmi; RESET ROLE; GRANT {role} TO tmi")
    done = bootstrap.run()
    assert (done.returncode == 0) == (server.sql(f"SELECT pg_has_role('tmi', '{role}', 'MEMBER')") == ["f"])
    assert done.returncode == 0 or re.search(f"tmi is a member of {role}|permission denied to revoke", done.stdout)


def test_a_wrong_master_password_stops_the_job(bootstrap: Bootstrap) -> None:
    bootstrap.server.sql(f"ALTER ROLE {MASTER_USER} PASSWORD '{OTHER}'")
    assert "password authentication failed" in bootstrap.refuse()
