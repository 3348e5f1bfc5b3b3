"""The way in, as users meet it: the root from the cache, WebSockets, addresses, and what a pod of the pool answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import pytest
from websockets.exceptions import InvalidStatus

from components.server.entrance import HEALTH_PATH
from components.server.routes import Destination
from tests.servers.authority import Authority
from tests.servers.pod_certificate import PodCertificate, domain
from tests.servers.processes import User, wait_until
from tests.servers.way_in import NOTHING, UI, WayIn, ask, way_in
from tests.tmi_requests import REQUESTS

DIAGRAM = "/threat_models/t/diagrams/d"
HTML, JSON = {"Accept": "text/html,application/xhtml+xml"}, {"Accept": "application/json"}


@pytest.fixture
def pod(user: User, pod_certificate: PodCertificate) -> Iterator[WayIn]:
    with way_in(user, pod_certificate) as found:
        yield found


@pytest.fixture
def pool_pod(user: User, pod_certificate: PodCertificate) -> Iterator[WayIn]:
    with way_in(user, pod_certificate, pool=True) as found:
        yield found


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/", JSON),
        ("/?a=1", JSON),
        ("/", NOTHING),
        ("/", {"Authorization": "Bearer token"}),
        ("/", {"Cookie": "tmi_access_token=token"}),
        ("/", {"Cache-Control": "no-cache", "Pragma": "no-cache"}),
        ("/", {"Host": "tmi.example.org"}),
        ("/", {"Origin": UI}),
        ("/", {"Origin": "https://ui.example.org"}),
    ],
)
def test_whoever_asks_for_the_root_tmi_is_asked_once(pod: WayIn, target: str, headers: Mapping[str, str]) -> None:
    first = pod.ask("GET", "/", JSON)
    again = pod.ask("GET", target, headers)
    assert json.loads(first.body)["answer"] == 1
    assert again.body == first.body
    (seen,) = pod.tmi.asked("/")
    assert seen.all("Host") == [domain()]
    assert [seen.all(name) for name in ("Origin", "Authorization", "Cookie")] == [[], [], []]


def test_it_is_asked_again_after_five_seconds(pod: WayIn) -> None:
    def newest() -> int:
        return json.loads(pod.ask("GET", "/", JSON).body)["answer"]

    assert newest() == 1
    wait_until(lambda: newest() == 2, "another answer of the root", pod.proxy.log)


def test_browsers_and_programs_get_what_they_accept(pod: WayIn) -> None:
    for _ in range(2):
        html, data = pod.ask("GET", "/", HTML), pod.ask("GET", "/", JSON)
        assert html.headers["Content-Type"] == "text/html; charset=utf-8"
        assert html.body.startswith(b"<html>")
        assert data.headers["Content-Type"] == "application/json; charset=utf-8"
        assert json.loads(data.body)["status"] == {"code": "ok"}
    assert len(pod.tmi.asked("/")) == 2


def test_a_known_origin_may_read_the_cached_root_and_no_other(pod: WayIn) -> None:
    """Filled by a stranger, read by the user interface, then by a stranger again."""
    pod.ask("GET", "/", JSON)
    known = pod.ask("GET", "/", {"Origin": UI, **JSON})
    assert known.headers["Access-Control-Allow-Origin"] == UI
    assert known.headers["Access-Control-Allow-Credentials"] == "true"
    for origin in (f"{UI}.example.org", "null", "https://ui.example.org"):
        stranger = pod.ask("GET", "/", {"Origin": origin, **JSON})
        assert (stranger.status, stranger.headers["Access-Control-Allow-Origin"]) == (200, None)
        assert stranger.headers["Access-Control-Allow-Credentials"] is None
        assert stranger.headers.get_all("Vary") == known.headers.get_all("Vary") == ["Origin"]
    assert len(pod.tmi.asked("/")) == 1


def test_what_a_known_origin_filled_says_nothing_of_it_to_others(pod: WayIn) -> None:
    pod.ask("GET", "/", {"Origin": UI, **JSON})
    others = pod.ask("GET", "/", JSON)
    assert others.headers["Access-Control-Allow-Origin"] is None
    assert others.headers["Cache-Control"] == "max-age=5"
    assert len(pod.tmi.asked("/")) == 1


def test_nobody_else_on_loopback_is_taken_for_tmi(
    user: User, pod_certificate: PodCertificate, strangers: Authority
) -> None:
    """Neither a certificate of another, nor one of the pod's own key for another name."""
    of_the_pod = Authority(pod_certificate.directory, "tls").certify("elsewhere")
    for pair in (strangers.certify("localhost"), of_the_pod):
        with way_in(user, pod_certificate, tmis=pair) as pod:
            assert [pod.ask("GET", path).status for path in ("/me", "/")] == [503, 503]
            assert pod.tmi.seen == []


def test_other_paths_are_asked_every_time_and_keep_what_tmi_says(pod: WayIn) -> None:
    with pod.client() as client:
        for _ in range(2):
            assert ask(client, "GET", "/config", {"Origin": UI, "Cookie": "a=b"}).status == 200
        assert ask(client, "GET", HEALTH_PATH).body.startswith(b"User-agent")
    first, second = pod.tmi.asked("/config")
    assert first.all("Cookie") == second.all("Cookie") == ["a=b"]
    assert first.all("Origin") == [UI]


@pytest.mark.parametrize("origin", [UI, None])
def test_a_websocket_carries_messages_both_ways(pod: WayIn, origin: str | None) -> None:
    with pod.websocket(f"{DIAGRAM}/ws?ticket=t&session_id=s", origin) as socket:
        for message in ("a cell", b"\x00\xff", "x" * 65536):
            socket.send(message)
            assert socket.recv(timeout=20) == message
    (seen,) = pod.tmi.asked(f"{DIAGRAM}/ws")
    assert seen.target == f"{DIAGRAM}/ws?ticket=t&session_id=s"
    assert seen.all("Host") == [domain()]
    assert seen.all("Sec-WebSocket-Version") == ["13"]


@pytest.mark.parametrize(
    "origin", [f"{UI}.example.org", "https://localhost.example.org", "null", f"https://{domain()}"]
)
def test_a_websocket_of_another_origin_never_reaches_tmi(pod: WayIn, origin: str) -> None:
    """TMI itself would take the first two for a prefix of what it allows, and pages of its own host it has none."""
    with pytest.raises(InvalidStatus) as refused, pod.websocket(f"{DIAGRAM}/ws?ticket=t", origin):
        pass
    assert refused.value.response.status_code == 403
    assert pod.tmi.seen == []


def test_queries_hold_tickets_so_the_log_holds_none(pod: WayIn) -> None:
    pod.ask("GET", "/config?ticket=of-a-websocket")
    wait_until(lambda: '/config"' in pod.proxy.log.read_text(), "the request is logged", pod.proxy.log)
    assert "of-a-websocket" not in pod.proxy.log.read_text()


def test_tmi_sees_the_chain_of_addresses_and_the_proxys_own_request_id(pod: WayIn) -> None:
    """The balancer has added its client to whatever that client claimed, the proxy adds the balancer."""
    claimed = {"X-Real-IP": "192.0.2.66", "X-Request-ID": "chosen-by-the-client", "X-Forwarded-Proto": "http"}
    with pod.client() as client:
        for _ in range(2):
            ask(client, "GET", "/me", {**claimed, "X-Forwarded-For": "127.0.0.1, 203.0.113.7"})
    first, second = pod.tmi.asked("/me")
    assert first.all("X-Forwarded-For") == ["127.0.0.1, 203.0.113.7", "127.0.0.1"]
    assert first.all("X-Real-IP") == []
    assert first.all("X-Forwarded-Proto") == ["https"]
    identifiers = [*first.all("X-Request-ID"), *second.all("X-Request-ID")]
    assert len(set(identifiers)) == 2
    assert all(len(identifier) == 36 for identifier in identifiers)
    wait_until(lambda: identifiers[1] in pod.proxy.log.read_text(), "the id is logged", pod.proxy.log)


def test_the_pool_leaves_to_the_hub_what_is_the_hubs(pool_pod: WayIn) -> None:
    """Every operation of TMI, over TLS. With a body too: refused by its first lines."""
    expected = {Destination.REFUSED: 404, Destination.HUB: 503, Destination.POOL: 200}
    wrong: list[str] = []
    for request in REQUESTS:
        body = b"{}" if request.method in {"POST", "PUT", "PATCH"} else None
        if (found := pool_pod.ask(request.method, request.path, body=body).status) != expected[request.destination]:
            wrong.append(f"{request}: {found}")
    assert wrong == []
    assert len(pool_pod.tmi.seen) == len([found for found in REQUESTS if found.destination is Destination.POOL])
    assert {request.destination for request in REQUESTS} == set(Destination)


def test_no_websocket_opens_in_the_pool(pool_pod: WayIn) -> None:
    with pytest.raises(InvalidStatus) as refused, pool_pod.websocket(f"{DIAGRAM}/ws?ticket=t", UI):
        pass
    assert refused.value.response.status_code == 503
    assert pool_pod.tmi.seen == []
