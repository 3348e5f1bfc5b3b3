"""TMI's way to Redis: plaintext on loopback to a real HAProxy, verified TLS from there to a real Redis."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.server import REDIS
from tests.servers.authority import Authority, KeyPair
from tests.servers.name_server import NameServer, name_server
from tests.servers.processes import User, free_port, wait_until
from tests.servers.proxy import Proxy, proxy
from tests.servers.redis import Client, Redis, RedisError, redis

FIRST, SECOND = "127.0.0.2", "127.0.0.3"


@pytest.fixture(scope="module")
def certificate(authority: Authority) -> KeyPair:
    return authority.certify(REDIS)


@pytest.fixture
def names() -> Iterator[NameServer]:
    with name_server(REDIS, FIRST) as server:
        yield server


@pytest.fixture
def primary(user: User, certificate: KeyPair) -> Iterator[Redis]:
    with redis(user, certificate, address=FIRST, port=free_port()) as server:
        yield server


@pytest.fixture
def tmis_proxy(
    user: User, authority: Authority, certificate: KeyPair, primary: Redis, names: NameServer
) -> Iterator[Proxy]:
    with proxy(
        user, certificate, redis_roots=authority.roots, redis_port=primary.port, name_server_port=names.port
    ) as running:
        wait_until(lambda: running.leads_to_redis, "the proxy leads to Redis", running.log)
        yield running


def test_tmi_reaches_redis(tmis_proxy: Proxy, primary: Redis) -> None:
    with tmis_proxy.connect() as tmi:
        assert tmi.ask("SET", "refresh_token:1", "alice", "EX", "60") == "OK"
        assert tmi.ask("GETDEL", "refresh_token:1") == "alice"
        tmi.ask("SET", "kept", "1")
    assert primary.ask("GET", "kept") == "1"
    wait_until(lambda: tmis_proxy.readiness == 200, "ready", tmis_proxy.log)


def test_a_blocking_read_is_not_cut(tmis_proxy: Proxy) -> None:
    """TMI waits 5 s for events, again and again on one connection."""
    with tmis_proxy.connect() as tmi:
        tmi.ask("XGROUP", "CREATE", "tmi:events", "webhook-consumers", "$", "MKSTREAM")
        began = time.monotonic()
        read = ("XREADGROUP", "GROUP", "webhook-consumers", "one", "BLOCK", "5000", "STREAMS", "tmi:events", ">")
        assert tmi.ask(*read) is None
        assert time.monotonic() - began >= 5
        tmi.ask("XADD", "tmi:events", "1-1", "type", "created")
        assert tmi.ask(*read) == [["tmi:events", [["1-1", ["type", "created"]]]]]


def refused(running: Proxy) -> None:
    """The check fails in the TLS handshake, HAProxy's layer 6, and with it everything."""
    reason = "Server redis/primary is DOWN, reason: Layer6"
    wait_until(lambda: reason in running.log.read_text(), reason, running.log)
    wait_until(lambda: running.readiness == 503, "not ready", running.log)
    assert not running.leads_to_redis


def test_a_redis_of_another_authority_is_refused(
    user: User, strangers: Authority, certificate: KeyPair, primary: Redis, names: NameServer
) -> None:
    with proxy(
        user, certificate, redis_roots=strangers.roots, redis_port=primary.port, name_server_port=names.port
    ) as running:
        refused(running)


def test_a_redis_of_another_name_is_refused(
    user: User, authority: Authority, certificate: KeyPair, primary: Redis
) -> None:
    other = "master.other.example.euw1.cache.amazonaws.com"
    with (
        name_server(other, FIRST) as names,
        proxy(
            user,
            certificate,
            redis_roots=authority.roots,
            redis_port=primary.port,
            name_server_port=names.port,
            name=other,
        ) as running,
    ):
        refused(running)


def is_cut(client: Client) -> bool:
    try:
        client.ask("SET", "still", "here")
    except RedisError:
        return False
    except ConnectionError:
        return True
    return False


def test_a_redis_that_lost_its_role_is_left_until_it_has_it_again(tmis_proxy: Proxy, primary: Redis) -> None:
    with tmis_proxy.connect() as tmi:
        primary.ask("REPLICAOF", "127.0.0.1", "1")
        with pytest.raises(RedisError, match="READONLY"):
            tmi.ask("SET", "still", "here")
        wait_until(lambda: is_cut(tmi), "the open connection is cut", tmis_proxy.log)
    assert not tmis_proxy.leads_to_redis
    assert tmis_proxy.readiness == 503
    primary.ask("REPLICAOF", "NO", "ONE")
    wait_until(lambda: tmis_proxy.leads_to_redis, "the proxy leads to Redis again", tmis_proxy.log)


def test_the_kubelet_is_told_whether_there_is_a_redis(
    user: User, authority: Authority, certificate: KeyPair, names: NameServer
) -> None:
    """None at first, then one, then none again."""
    port = free_port()
    with proxy(user, certificate, redis_roots=authority.roots, redis_port=port, name_server_port=names.port) as running:
        wait_until(lambda: running.readiness == 503, "not ready", running.log)
        with redis(user, certificate, address=FIRST, port=port):
            wait_until(lambda: running.readiness == 200, "ready", running.log)
        wait_until(lambda: running.readiness == 503, "not ready again", running.log)


def test_a_redis_that_takes_another_token_is_none(tmis_proxy: Proxy, primary: Redis) -> None:
    """As after a rotation on one side alone."""
    wait_until(lambda: tmis_proxy.readiness == 200, "ready", tmis_proxy.log)
    primary.ask("CONFIG", "SET", "requirepass", "anotherToken")
    wait_until(lambda: tmis_proxy.readiness == 503, "not ready", tmis_proxy.log)
    assert "Server redis/primary is DOWN, reason: Layer7" in tmis_proxy.log.read_text()


def test_a_redis_at_another_address_is_followed(
    tmis_proxy: Proxy, primary: Redis, names: NameServer, user: User, certificate: KeyPair
) -> None:
    """The primary ends and its name moves: only a proxy that asks again arrives at the new one."""
    with redis(user, certificate, address=SECOND, port=primary.port) as successor:
        names.address = SECOND
        with pytest.raises(ConnectionError):
            primary.ask("SHUTDOWN", "NOSAVE")
        wait_until(lambda: tmis_proxy.leads_to_redis, "the proxy leads to the new primary", tmis_proxy.log)
        with tmis_proxy.connect() as tmi:
            tmi.ask("SET", "written", "after the move")
        assert successor.ask("GET", "written") == "after the move"
