"""A PostgreSQL of a test: TLS alone, and a master who may no more than that of RDS."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Final

from tests.servers.authority import KeyPair
from tests.servers.processes import User, directory, free_port, program, run, running, wait_until

SUPERUSER: Final = "rdsadmin"
"""The only superuser, as on RDS; reached by a socket that nobody else can open."""
_ATTEMPTS: Final = 5
"""How often another port is tried when somebody was quicker."""
_CONFIGURATION: Final = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{directory}'
ssl = on
ssl_cert_file = '{directory}/server.crt'
ssl_key_file = '{directory}/server.key'
fsync = off
shared_buffers = 16MB
timezone = UTC
log_timezone = UTC
log_statement = all
log_connections = on
"""
_ACCESS: Final = f"""\
local   all {SUPERUSER} trust
hostssl all all 127.0.0.1/32 scram-sha-256
"""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server."""

    port: int
    directory: Path
    user: User
    roots: Path
    """The authority of its certificate."""
    log: Path

    def sql(self, statements: str, database: str = "postgres") -> list[str]:
        """What the superuser gets: a line a row, columns apart by `|`."""
        done = self._psql(
            {"PGHOST": str(self.directory), "PGUSER": SUPERUSER, "PGDATABASE": database, "PGPORT": str(self.port)},
            statements,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout.splitlines()

    def as_login(self, login: str, password: str, statements: str, database: str = "tmi") -> CompletedProcess[str]:
        """What a login gets, over verified TLS."""
        return self._psql(
            {
                "PGHOST": "localhost",
                "PGPORT": str(self.port),
                "PGUSER": login,
                "PGPASSWORD": password,
                "PGDATABASE": database,
                "PGSSLMODE": "verify-full",
                "PGSSLROOTCERT": str(self.roots),
            },
            statements,
        )

    def _psql(self, environment: dict[str, str], statements: str) -> CompletedProcess[str]:
        command = [program("psql"), "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        return run(command, user=self.user, environment=environment, given=statements)

    def clear(self) -> None:
        """Drop every database and role that a test made."""
        databases = self.sql(
            "SELECT format('DROP DATABASE %I WITH (FORCE);', datname) FROM pg_database"
            " WHERE datname NOT IN ('postgres', 'template0', 'template1')"
        )
        roles = self.sql(
            "SELECT format('DROP OWNED BY %1$I; DROP ROLE %1$I;', rolname) FROM pg_roles"
            " WHERE rolname NOT LIKE 'pg\\_%' AND rolname <> CURRENT_USER"
        )
        self.sql("\n".join([*databases, *roles]))


@contextmanager
def postgres(user: User, certificate: KeyPair, roots: Path) -> Generator[Postgres]:
    """A new server that shows this certificate."""
    with directory(user) as home:
        for source, target in ((certificate.certificate, home / "server.crt"), (certificate.key, home / "server.key")):
            target.write_bytes(source.read_bytes())
            target.chmod(0o600)
            user.own(target)
        data = home / "data"
        log = home / "log"
        made = run(
            [
                program("initdb"), f"--pgdata={data}", f"--username={SUPERUSER}", "--auth=trust", "--no-sync",
                "--encoding=UTF8", "--locale=C",
            ],
            user=user, environment={},
        )  # fmt: skip
        assert made.returncode == 0, made.stdout
        (data / "pg_hba.conf").write_text(_ACCESS)
        for _ in range(_ATTEMPTS):
            port = free_port()
            with (data / "postgresql.auto.conf").open("w") as settings:
                settings.write(_CONFIGURATION.format(port=port, directory=home))
            with running([program("postgres"), "-D", str(data)], user=user, log=log) as process:
                wait_until(
                    lambda running=process: running.poll() is not None or _is_ready(log), "PostgreSQL is ready", log
                )
                if process.poll() is None:
                    yield Postgres(port=port, directory=home, user=user, roots=roots, log=log)
                    return
        raise AssertionError(f"PostgreSQL does not start:\n{log.read_text()[-4000:]}")


def _is_ready(log: Path) -> bool:
    return "database system is ready to accept connections" in log.read_text()
