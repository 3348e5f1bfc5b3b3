from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from components.database_names import MASTER_USER
from tests.servers.authority import Authority
from tests.servers.pod_certificate import PodCertificate, made
from tests.servers.postgres import Postgres, postgres
from tests.servers.prepared import CONTENT, MASTER, Place
from tests.servers.processes import User, directory, ordinary_user, require_servers


@pytest.fixture(scope="session")
def user() -> User:
    """Who runs the servers; only where there are servers to run."""
    require_servers()
    return ordinary_user()


@pytest.fixture(scope="session")
def certificates(user: User) -> Iterator[Path]:
    """Where the authorities of the tests are."""
    with directory(user) as home:
        home.chmod(0o755)
        yield home


@pytest.fixture(scope="session")
def authority(certificates: Path) -> Authority:
    """The authority of the servers."""
    return Authority.made(certificates, "right")


@pytest.fixture(scope="session")
def strangers(certificates: Path) -> Authority:
    """An authority that certified nothing here."""
    return Authority.made(certificates, "wrong")


@pytest.fixture(scope="session")
def postgres_server(user: User, authority: Authority) -> Iterator[Postgres]:
    """A PostgreSQL called localhost, for all tests of a process."""
    with postgres(user, authority.certify("localhost"), authority.roots) as server:
        yield server


@pytest.fixture(scope="session")
def pod_certificate(user: User) -> Iterator[PodCertificate]:
    """What the init container of a pod made."""
    with directory(user) as home:
        yield made(home, user)


@pytest.fixture
def place(postgres_server: Postgres, user: User, authority: Authority) -> Iterator[Place]:
    """A PostgreSQL as TMI finds it."""
    postgres_server.sql(f"CREATE ROLE {MASTER_USER} LOGIN CREATEDB CREATEROLE PASSWORD '{MASTER}'")
    with directory(user) as home:
        found = Place(postgres_server, user, authority.roots, home)
        found.bootstrap()
        found.sql(CONTENT)
        yield found
    postgres_server.clear()
