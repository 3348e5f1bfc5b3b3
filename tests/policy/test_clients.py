"""Clients: which URLs pods may be told, wherever they stand."""

from __future__ import annotations

import pytest

from policy.rules.workload.clients import CLIENTS_SPEAK_TLS
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource
from tests.policy.pods import HUB, deployment, faults, patch, pod_with

MAP = "kubernetes:core/v1:ConfigMap"
UNCHECKED = "it speaks to PostgreSQL without sslmode=verify-full"


def plaintext(scheme: str) -> str:
    return f"it speaks {scheme} to another host: take the scheme that has TLS"


CASES: list[tuple[Plain, list[str]]] = [
    ("https://tmi.example.com/path", []),
    ("http://127.0.0.1:4317", []),
    ("http://localhost:8080/a http://[::1]/b HTTP://LOCALHOST", []),
    ("unix:///run/socket", []),
    ("http:///run/socket", []),
    ("xmlns=http://www.w3.org/2000/svg", []),
    ("http://schemas.xmlsoap.org/ws", []),
    ("http://tmi.example.com", [plaintext("http")]),
    ("http://127.0.0.1.example.com", [plaintext("http")]),
    ("http://localhost@example.com", [plaintext("http")]),
    ("HTTP://EXAMPLE.COM", [plaintext("http")]),
    ("rediss://redis.example.com:6379/0", []),
    ("redis://redis.example.com:6379/0", [plaintext("redis")]),
    (
        "ws://a.example.com ldap://b.example.com amqp://c.example.com",
        [plaintext(each) for each in ("ws", "ldap", "amqp")],
    ),
    ("url: 'redis://one.example.com' or 'redis://two.example.com'", [plaintext("redis")]),
    ("postgres://db.example.com/tmi?sslmode=verify-full", []),
    ("postgresql://tmi@db.example.com:5432/tmi?connect_timeout=5&sslmode=verify-full", []),
    ("postgres://db.example.com/tmi", [UNCHECKED]),
    ("postgres://db.example.com/tmi?sslmode=require", [UNCHECKED]),
    ("postgres://db.example.com/tmi?sslmode=verify-full-not", [UNCHECKED]),
    ("postgres:///tmi?host=/run/postgresql", []),
    ("jdbc:postgresql://db.example.com/tmi?user=tmi", [UNCHECKED]),
    ("", []),
    (None, []),
    (UNKNOWN, []),
    (7, []),
    (["http://example.com"], []),
]


@pytest.mark.parametrize(("value", "expected"), CASES)
def test_a_url_is_of_a_scheme_with_tls(value: Plain, expected: list[str]) -> None:
    env: Plain = [{"name": "OTHER", "value": "1"}, {"name": "UPSTREAM", "value": value}]
    prefix = "containers, number 1: env, number 2: "
    pod = pod_with("containers", "0", "env", to=env)
    for made in (deployment(HUB, pod), patch(pod)):
        assert faults(CLIENTS_SPEAK_TLS, made) == [f"{prefix}{fault}" for fault in expected]
    mapped = resource(MAP, "it", {"data": {"a": "b", "config.yml": value}})
    assert faults(CLIENTS_SPEAK_TLS, mapped) == [f"data, entry number 2: {fault}" for fault in expected]


@pytest.mark.parametrize("name", ["command", "args"])
def test_arguments_are_read_too(name: str) -> None:
    pod = pod_with("containers", "0", name, to=["serve", "--redis=redis://redis.example.com"])
    expected = [f"containers, number 1: its command or arguments: {plaintext('redis')}"]
    assert faults(CLIENTS_SPEAK_TLS, deployment(HUB, pod)) == expected
    assert faults(CLIENTS_SPEAK_TLS, patch(pod)) == expected


@pytest.mark.parametrize(
    ("mode", "count"), [("verify-full", 0), ("require", 2), ("disable", 2), (UNKNOWN, 1), (None, 1)]
)
def test_the_mode_may_stand_beside_the_url(mode: Plain, count: int) -> None:
    url = "postgres://db.example.com/tmi"
    env: Plain = [{"name": "PGSSLMODE", "value": mode}, {"name": "URL", "value": url}]
    assert len(faults(CLIENTS_SPEAK_TLS, deployment(HUB, pod_with("containers", "0", "env", to=env)))) == count
    assert len(faults(CLIENTS_SPEAK_TLS, resource(MAP, "it", {"data": {"PGSSLMODE": mode, "URL": url}}))) == count


@pytest.mark.parametrize("data", [None, UNKNOWN, "http://example.com", [], {"": ""}])
def test_a_map_of_any_shape(data: Plain) -> None:
    assert faults(CLIENTS_SPEAK_TLS, resource(MAP, "a\nname", {"data": data})) == []


@pytest.mark.parametrize(
    "text", ["http://" * 100_000, "postgres://" + "a" * 1_000_000, "x" * 1_000_000, "http://a@" * 100_000]
)
def test_a_huge_document_is_read(text: str) -> None:
    assert len(faults(CLIENTS_SPEAK_TLS, resource(MAP, "it", {"data": {"a": text}}))) < 2
