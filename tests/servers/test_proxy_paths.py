"""The paths that a real HAProxy lets through: compared as TMI reads them, however a client writes them.

The load balancer compares what was sent, so here nothing may get by. TLS is left out on both sides: it has no part in
this.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Final
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.server.haproxy import configuration
from components.server.routes import Destination, destination
from tests.servers.processes import User, directory, free_port, program, running, wait_until
from tests.tmi_requests import REQUESTS

TMI_ANSWERED: Final = 418
"""What stands in for TMI answers with; the proxy itself never does."""
REFUSED, HUB_ALONE, MALFORMED, FOREIGN = 404, 503, 400, 403

DIAGRAM = "/threat_models/t/diagrams/d"
UI = {"Origin": "https://ui.example.com"}
STRANGER = {"Origin": "https://ui.example.com.evil.example"}


class _Tmi(StreamRequestHandler):
    """Answers everything alike; what it is asked has no body."""

    def handle(self) -> None:
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.1 %d Seen\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % TMI_ANSWERED)


@contextmanager
def tmi() -> Generator[int]:
    """The port of what stands in for TMI."""
    with ThreadingTCPServer(("127.0.0.1", 0), _Tmi) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def file(port: int, behind: int, *, pool: bool) -> str:
    """The program's own configuration, up to what is not the way in."""
    text = configuration(
        domain="tmi.example.com",
        origins=["https://ui.example.com"],
        body_limit_mib=2,
        idle_timeout_seconds=120,
        redis_endpoint="master.tmi.example.cache.amazonaws.com",
        pool=pool,
    )
    way_in, _, _ = text.partition("frontend readiness")
    way_in, bound = re.subn(r"bind :8443 ssl .*", f"bind 127.0.0.1:{port}", way_in)
    way_in, connected = re.subn(r"127\.0\.0\.1:443 ssl .* sni str\(localhost\)", f"127.0.0.1:{behind}", way_in)
    assert (bound, connected) == (1, 3)
    return way_in


@contextmanager
def proxy(user: User, *, pool: bool) -> Generator[int]:
    """The port of a proxy before TMI."""
    with directory(user) as home, tmi() as behind:
        port, log, path = free_port(), home / "log", home / "haproxy.cfg"
        path.write_text(file(port, behind, pool=pool))
        user.own(path)

        def listens() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        with running([program("haproxy"), "-db", "-f", str(path)], user=user, log=log):
            wait_until(listens, "the proxy listens", log)
            yield port


@pytest.fixture(scope="module")
def hub(user: User) -> Iterator[int]:
    with proxy(user, pool=False) as port:
        yield port


@pytest.fixture(scope="module")
def pool(user: User) -> Iterator[int]:
    with proxy(user, pool=True) as port:
        yield port


def status(port: int, method: str, target: str, headers: dict[str, str] | None = None) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in {"Content-Length": "0", **(headers or {})}.items():
            connection.putheader(name, value)
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/me", TMI_ANSWERED),
        ("/dev/me", REFUSED),
        ("/%64ev/me", REFUSED),
        ("/dev%2Fme", REFUSED),
        ("/dev%2fme", REFUSED),
        ("/dev/me?next=/me", REFUSED),
        ("http://tmi.example.com/dev/me", REFUSED),
        ("https://tmi.example.com/%64ev/me", REFUSED),
        ("/ws%2fnotifications", REFUSED),
        ("/ws/notifications%2F", REFUSED),
        ("/api%2fserver%2dinfo", REFUSED),
        # To TMI these are other paths: it decodes once, cleans nothing and compares with regard to case.
        ("/%2564ev/me", TMI_ANSWERED),
        ("//dev/me", TMI_ANSWERED),
        ("/./dev/me", TMI_ANSWERED),
        ("/DEV/me", TMI_ANSWERED),
        ("/dev%3Fme", TMI_ANSWERED),
        ("/dev+/me", TMI_ANSWERED),
        ("/me?next=/dev/me", TMI_ANSWERED),
        # What TMI could not read either, and what no route holds.
        ("/%zz", MALFORMED),
        ("/me%", MALFORMED),
        ("/saml/corporate%0a/login", MALFORMED),
        ("/dev/me%00", MALFORMED),
        ("/me%7f", MALFORMED),
    ],
)
def test_a_path_is_what_tmi_reads(hub: int, target: str, expected: int) -> None:
    assert status(hub, "GET", target) == expected


@pytest.mark.parametrize("target", [f"{DIAGRAM}/ws", f"{DIAGRAM}%2fws", f"{DIAGRAM}/w%73", "/threat_models%2Ft/x/ws"])
def test_no_spelling_lets_a_stranger_open_a_websocket(hub: int, target: str) -> None:
    assert status(hub, "GET", target, STRANGER) == FOREIGN
    assert status(hub, "GET", target, UI) == TMI_ANSWERED


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", f"{DIAGRAM}/ws"),
        ("GET", f"{DIAGRAM}%2fws"),
        ("POST", f"{DIAGRAM}/collabor%61te"),
        ("PUT", "/threat_models/t/diagrams%2fd"),
        ("DELETE", "/threat_models%2ft"),
        ("HEAD", "/ws/ticket"),
        ("GET", "/%73aml/corporate/login"),
    ],
)
def test_no_spelling_lets_a_pool_pod_answer_for_the_hub(hub: int, pool: int, method: str, target: str) -> None:
    assert status(pool, method, target) == HUB_ALONE
    assert status(hub, method, target) == TMI_ANSWERED


def test_every_real_request_is_answered_by_whom_it_must(hub: int, pool: int) -> None:
    in_pool = {Destination.REFUSED: REFUSED, Destination.HUB: HUB_ALONE, Destination.POOL: TMI_ANSWERED}
    in_hub = {**in_pool, Destination.HUB: TMI_ANSWERED}
    wrong = [
        str(request)
        for request in REQUESTS
        for port, expected in ((hub, in_hub), (pool, in_pool))
        if status(port, request.method, request.path) != expected[request.destination]
    ]
    assert wrong == []


@st.composite
def targets(draw: st.DrawFn) -> str:
    """A path of TMI's or nearly one, some of its characters as escapes."""
    path = draw(st.sampled_from([request.path for request in REQUESTS]))
    path += draw(st.sampled_from(["", "", "", "/", "/x", "x", "//"]))
    escaped = draw(st.sets(st.integers(1, len(path) - 1), max_size=6)) if len(path) > 1 else set[int]()
    form = draw(st.sampled_from(["%{:02x}", "%{:02X}"]))
    return "".join(form.format(ord(sign)) if place in escaped else sign for place, sign in enumerate(path))


@settings(max_examples=150)
@given(method=st.sampled_from(["GET", "PUT", "DELETE", "POST"]), target=targets())
def test_whatever_is_escaped_the_table_decides(pool: int, method: str, target: str) -> None:
    expected = {Destination.REFUSED: REFUSED, Destination.HUB: HUB_ALONE, Destination.POOL: TMI_ANSWERED}
    assert status(pool, method, target) == expected[destination(method, unquote(target), pool=True)]
