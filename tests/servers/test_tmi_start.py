"""TMI's environment as the program renders it, read as TMI reads it, and started before real stores."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.database_names import DATABASE, OWNER, connection_url
from tests.cloud import run
from tests.server import EDGE, REDIS, server
from tests.servers.authority import Authority
from tests.servers.name_server import name_server
from tests.servers.pod_certificate import PodCertificate, domain
from tests.servers.postgres import Postgres
from tests.servers.processes import User, directory, free_port, wait_until
from tests.servers.proxy import Proxy, proxy
from tests.servers.redis import TOKEN, redis
from tests.servers.tmi_configuration import SETTINGS_KEY, Configuration, Fatal, parse_database_url, read
from tests.servers.tmi_pod import TmiContainer, started
from tests.servers.way_in import SETTINGS, UI, Door

PASSWORD: Final = "passwordOfTmi0"  # noqa: S105 -- of a test
LISTENS: Final = "Server listening"


def url(password: str, host: str = "localhost", port: int = 5432) -> str:
    """The connection URL of the program."""
    found: list[str] = []
    run(lambda: connection_url(host, "PASSWORD").apply(found.append))
    return found[0].replace("PASSWORD", password).replace(":5432/", f":{port}/")


def secrets(database_url: str) -> dict[str, str]:
    return {"url": database_url, "redis": TOKEN, "jwt": "j" * 64, "settings": "0123456789abcdef" * 4}


@pytest.fixture(scope="module")
def environment(user: User, pod_certificate: PodCertificate, authority: Authority) -> Iterator[dict[str, str]]:
    """TMI's, with its files in place."""
    with directory(user) as home:
        container = TmiContainer.of(server(), secrets(url(PASSWORD)))
        yield container.placed(home, pod_certificate, authority.roots)


@pytest.fixture(scope="module")
def understood(environment: dict[str, str]) -> Configuration:
    return read(environment)


def test_tmi_has_nothing_to_complain_of(understood: Configuration) -> None:
    assert understood.warnings == ()


def test_secrets_arrive_by_file_and_by_variable(understood: Configuration) -> None:
    values = understood.values
    assert (values["TMI_JWT_SECRET"], values["TMI_REDIS_PASSWORD"]) == ("j" * 64, TOKEN)
    assert values[SETTINGS_KEY] == "0123456789abcdef" * 4
    assert {name: found.variables["CLIENT_SECRET"] for name, found in understood.providers.items()} == {
        name: f"value-of-oauth-{name}" for name in SETTINGS.server.oauth_providers
    }


def test_of_the_url_all_that_matters_is_left(understood: Configuration) -> None:
    found = understood.database
    assert (found.host, found.port, found.name) == ("localhost", "5432", DATABASE)
    assert (found.user, found.password, found.sslmode) == (OWNER, PASSWORD, "verify-full")
    assert understood.values["PGSSLROOTCERT"].endswith("/rds/roots.pem")


def test_addresses_and_origins_are_what_the_edge_and_the_user_interface_have(understood: Configuration) -> None:
    trusted = [str(ipaddress.ip_network(entry)) for entry in understood.listed("TMI_TRUSTED_PROXIES")]
    assert trusted == ["127.0.0.0/8", *EDGE]
    for name in ("TMI_CORS_ALLOWED_ORIGINS", "WEBSOCKET_ALLOWED_ORIGINS"):
        assert understood.listed(name) == list(SETTINGS.server.user_interface_origins)
    assert understood.values["TMI_OAUTH_CALLBACK_URL"] == f"https://{domain()}/oauth2/callback"


def test_websockets_are_at_the_public_name(environment: dict[str, str]) -> None:
    assert read(environment).websocket_base == f"wss://{domain()}"
    assert read({**environment, "TMI_SERVER_PORT": "8443"}).websocket_base == f"wss://{domain()}:8443"
    assert read({**environment, "TMI_SERVER_TLS_ENABLED": "false"}).websocket_base.startswith("ws://")


PROVIDER: Final = f"OAUTH_PROVIDERS_{next(iter(SETTINGS.server.oauth_providers)).upper().replace('-', '_')}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TMI_BUILD_MODE", ""),
        ("TMI_JWT_SECRET", ""),
        ("TMI_JWT_SECRET", "file:///absent/jwt-secret"),
        ("TMI_JWT_SECRET", TOKEN),
        ("TMI_DATABASE_URL", ""),
        ("TMI_DATABASE_URL", "mariadb://tmi@localhost/tmi"),
        ("TMI_DB_MAX_IDLE_CONNS", "10s"),
        ("TMI_SERVER_READ_TIMEOUT", "30"),
        ("TMI_LOG_IS_DEV", "no"),
        ("TMI_CORS_ALLOWED_ORIGINS", "*"),
        ("TMI_CORS_ALLOWED_ORIGINS", "ui.example.com"),
        (f"{PROVIDER}_USERINFO_URL", ""),
        (f"{PROVIDER}_USERINFO_CLAIMS_SUBJECT_CLAIM", ""),
    ],
)
def test_each_of_these_would_stop_tmi(environment: dict[str, str], name: str, value: str) -> None:
    assert name in environment
    with pytest.raises(Fatal):
        read({**environment, name: value})


@pytest.mark.parametrize(
    ("name", "value", "warning"),
    [
        (SETTINGS_KEY, "file:///run/tmi/secrets/settings-key", "settings encryption is off"),
        (SETTINGS_KEY, "0123456789abcdef", "settings encryption is off"),
        ("TMI_LOG_IS_DEV", "", "development mode"),
        ("TMI_CORS_ALLOWED_ORIGINS", "", "TMI_CORS_ALLOWED_ORIGINS is empty"),
        ("TMI_OAUTH_CLIENT_CALLBACK_ALLOWLIST", "", "TMI_OAUTH_CLIENT_CALLBACK_ALLOWLIST is empty"),
        ("TMI_ADMIN_PROVIDER_ID", "", "no administrator"),
    ],
)
def test_each_of_these_would_be_wrong_in_silence(
    environment: dict[str, str], name: str, value: str, warning: str
) -> None:
    assert name in environment
    assert read({**environment, name: value}).warnings == (warning,)


@pytest.mark.parametrize("value", ["", "True", "1", "yes"])
def test_a_provider_that_does_not_say_true_is_none(environment: dict[str, str], value: str) -> None:
    assert read({**environment, f"{PROVIDER}_ENABLED": value}).providers == {}


@given(st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1))
def test_any_password_that_is_generated_survives(password: str) -> None:
    found = parse_database_url(f"postgres://tmi:{password}@localhost:5432/tmi?sslmode=verify-full")
    assert found.password == password
    assert f" password={password} " in found.keywords


@dataclass(frozen=True, slots=True)
class Stores:
    """PostgreSQL, and Redis behind the pod's proxy, which also leads to where TMI will listen."""

    environment: Mapping[str, str]
    proxy: Proxy


@pytest.fixture
def stores(
    user: User, authority: Authority, pod_certificate: PodCertificate, postgres_server: Postgres
) -> Iterator[Stores]:
    postgres_server.sql(f"CREATE ROLE {OWNER} LOGIN PASSWORD '{PASSWORD}'; CREATE DATABASE {DATABASE} OWNER {OWNER}")
    tmi_port = free_port()
    with (
        directory(user) as home,
        name_server(REDIS, "127.0.0.2") as names,
        redis(user, authority.certify(REDIS), address="127.0.0.2", port=free_port()) as primary,
        proxy(
            user, pod_certificate.pair, redis_roots=authority.roots, redis_port=primary.port,
            name_server_port=names.port, tmi_port=tmi_port,
        ) as running,
    ):  # fmt: skip
        wait_until(lambda: running.leads_to_redis, "the proxy leads to Redis", running.log)
        container = TmiContainer.of(server(), secrets(url(PASSWORD, port=postgres_server.port)))
        environment = container.placed(home, pod_certificate, authority.roots)
        ports = {"TMI_SERVER_PORT": str(tmi_port), "TMI_REDIS_PORT": str(running.port)}
        yield Stores({**environment, **ports}, running)
    postgres_server.clear()


def test_the_whole_pod_works(stores: Stores, pod_certificate: PodCertificate, tmp_path: Path) -> None:
    """The certificate of the init container, the proxy, TMI in its environment, both stores over verified TLS."""
    log = tmp_path / "log"
    with started(stores.environment, log) as process:
        wait_until(lambda: LISTENS in log.read_text() or process.poll() is not None, LISTENS, log)
        assert log.read_text() == f"{LISTENS}\n"
        pod = Door(stores.proxy.https_port, pod_certificate.pair.certificate)
        assert pod.ask("GET", "/me").body == b'{"path": "/me"}'
        with pod.websocket("/threat_models/t/diagrams/d/ws?ticket=t", UI) as socket:
            socket.send("a cell")
            assert socket.recv(timeout=20) == "a cell"
        process.terminate()
        assert process.wait(timeout=20) == 0


def exit_of(environment: Mapping[str, str], log: Path) -> tuple[int, str]:
    with started(environment, log) as process:
        wait_until(lambda: LISTENS in log.read_text() or process.poll() is not None, "an end", log)
        assert process.poll() is not None, "it listens"
        return process.returncode, log.read_text()


def test_tmi_does_not_start_without_what_it_needs(stores: Stores, strangers: Authority, tmp_path: Path) -> None:
    whole = stores.environment
    without = {
        "failed to ping database": {"PGSSLROOTCERT": str(strangers.roots)},
        "failed to connect to Redis": {"TMI_REDIS_PASSWORD": "tokenOfNobody"},
        "reading file reference": {"TMI_DATABASE_URL": "file:///absent/database-url"},
        "TLS key or address": {"TMI_SERVER_TLS_KEY_FILE": f"file://{whole['TMI_SERVER_TLS_KEY_FILE']}"},
    }
    ends = {reason: exit_of({**whole, **change}, tmp_path / reason) for reason, change in without.items()}
    assert {reason: (code, reason in text) for reason, (code, text) in ends.items()} == dict.fromkeys(
        without, (1, True)
    )
