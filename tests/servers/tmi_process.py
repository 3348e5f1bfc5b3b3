"""TMI's stand-in as a program: it reads the environment, asks its stores, listens, and exits with 1 where TMI would."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NoReturn

from tests.servers.authority import KeyPair
from tests.servers.processes import User, program, run
from tests.servers.redis import Client, RedisError
from tests.servers.tmi import StandIn, serving
from tests.servers.tmi_configuration import Configuration, Database, Fatal, read

_MYSELF: Final = User(None, None)


def check_database(database: Database, environ: Mapping[str, str]) -> None:
    """Log in, as the driver would: with TMI's unquoted string, and the authorities of `PGSSLROOTCERT`.

    Raises:
        Fatal: that fails.
    """
    kept = {name: environ[name] for name in ("PGSSLROOTCERT",) if name in environ}
    command = [program("psql"), "--no-psqlrc", "--quiet", "--command=SELECT 1", database.keywords]
    done = run(command, user=_MYSELF, environment=kept)
    if done.returncode:
        raise Fatal(f"failed to ping database: {done.stdout}")


def check_redis(values: Mapping[str, str]) -> None:
    """Log in and ask once; in plaintext, TMI knows no other way.

    Raises:
        Fatal: that fails.
    """
    try:
        with Client((values["TMI_REDIS_HOST"], int(values["TMI_REDIS_PORT"]))) as client:
            if password := values.get("TMI_REDIS_PASSWORD"):
                client.ask("AUTH", password)
            client.ask("PING")
    except (OSError, RedisError) as error:
        raise Fatal(f"failed to connect to Redis: {error}") from error


def listening(configuration: Configuration) -> StandIn:
    """The server, on the address and with the key that the environment names.

    Raises:
        Fatal: there is no key, or none that fits.
    """
    values = configuration.values
    pair = KeyPair(Path(values["TMI_SERVER_TLS_CERT_FILE"]), Path(values["TMI_SERVER_TLS_KEY_FILE"]))
    address = (values["TMI_SERVER_INTERFACE"], int(values["TMI_SERVER_PORT"]))
    try:
        return StandIn(address, pair, configuration.listed("WEBSOCKET_ALLOWED_ORIGINS"))
    except OSError as error:
        raise Fatal(f"TLS key or address: {error}") from error


def main() -> NoReturn:
    """Run until SIGTERM."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        configuration = read(os.environ)
        for warning in configuration.warnings:
            sys.stdout.write(f"WARN {warning}\n")
        Path(configuration.values["TMI_LOG_DIR"]).mkdir(parents=True, exist_ok=True)
        check_database(configuration.database, os.environ)
        check_redis(configuration.values)
        server = listening(configuration)
    except Fatal as error:
        sys.exit(f"ERROR {error}")
    with serving(server):
        sys.stdout.write("Server listening\n")
        sys.stdout.flush()
        signal.sigwait({signal.SIGTERM})
    sys.exit(0)


if __name__ == "__main__":
    main()
