"""How the way in ends: softly, as the kubelet ends it, and in bounded time.

By then the load balancer has taken the pod out of its targets, so a connection that is refused is no loss. A request
that was accepted and gets no whole answer is one.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest
from websockets.exceptions import ConnectionClosed

from components import timeouts
from tests.servers.pod_certificate import PodCertificate
from tests.servers.processes import User, wait_until
from tests.servers.tmi import HELD
from tests.servers.way_in import UI, WayIn, ask, way_in

CLIENTS = 8
DIAGRAM = "/threat_models/t/diagrams/d"


@pytest.fixture
def pod(user: User, pod_certificate: PodCertificate) -> Iterator[WayIn]:
    with way_in(user, pod_certificate) as found:
        yield found


def stop(pod: WayIn) -> None:
    """As the kubelet does: the image of HAProxy says that SIGUSR1 stops it. Source: its Dockerfile, STOPSIGNAL."""
    pod.proxy.process.send_signal(signal.SIGUSR1)


def refuses(pod: WayIn) -> bool:
    try:
        pod.connect().close()
    except OSError:
        return True
    return False


def test_what_is_under_way_is_answered(pod: WayIn) -> None:
    """Requests that TMI is still at, and an upload that is half there."""
    with ThreadPoolExecutor(CLIENTS) as clients:
        held = [clients.submit(pod.ask, "GET", HELD) for _ in range(CLIENTS)]
        wait_until(lambda: len(pod.tmi.asked(HELD)) == CLIENTS, "TMI is asked", pod.proxy.log)
        with pod.connect() as upload:
            upload.sendall(b"POST /upload HTTP/1.1\r\nHost: tmi\r\nContent-Length: 30000\r\n\r\n" + b"x" * 20000)
            stop(pod)
            wait_until(lambda: refuses(pod), "the proxy listens no more", pod.proxy.log)
            upload.sendall(b"x" * 10000)
            assert upload.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
        pod.tmi.released.set()
        assert [answer.result().status for answer in held] == [200] * CLIENTS
    assert pod.proxy.process.wait(timeout=timeouts.PROXY_HARD_STOP) == 0


def load(pod: WayIn, stopped: Event) -> tuple[int, list[str]]:
    """Request after request, each on a connection of its own, until none opens: how many, and what was lost.

    What the kernel had queued for the proxy is reset when it stops to listen; no request was sent on that.
    """
    answered, lost = 0, list[str]()
    while True:
        try:
            connection = pod.connect()
        except OSError as error:
            return answered, [*lost, *([] if stopped.is_set() else [f"connection: {error!r}"])]
        with connection:
            try:
                connection.sendall(b"GET /me HTTP/1.1\r\nHost: tmi\r\nConnection: close\r\n\r\n")
                whole = connection.makefile("rb").read()
            except OSError as error:
                lost.append(f"request: {error!r}")
                continue
        if whole.startswith(b"HTTP/1.1 200 ") and whole.endswith(b'{"path": "/me"}'):
            answered += 1
        else:
            lost.append(f"answer: {whole[:80]!r}")


def test_under_load_nothing_is_lost(pod: WayIn) -> None:
    stopped = Event()
    with ThreadPoolExecutor(CLIENTS) as clients:
        loads: list[Future[tuple[int, list[str]]]] = [clients.submit(load, pod, stopped) for _ in range(CLIENTS)]
        wait_until(lambda: len(pod.tmi.asked("/me")) > 20 * CLIENTS, "there is load", pod.proxy.log)
        stopped.set()
        stop(pod)
        results = [found.result() for found in loads]
    assert [lost for _, lost in results if lost] == []
    assert sum(answered for answered, _ in results) > 20 * CLIENTS
    assert pod.proxy.process.wait(timeout=timeouts.PROXY_HARD_STOP) == 0


def test_an_idle_connection_does_not_hold_it(pod: WayIn) -> None:
    with pod.client() as client:
        assert ask(client, "GET", "/me").status == 200
        stop(pod)
        assert pod.proxy.process.wait(timeout=timeouts.PROXY_HARD_STOP / 2) == 0


def test_an_open_websocket_serves_on_and_is_ended_in_time(pod: WayIn) -> None:
    """It would hold the proxy as long as its silence may last; the hard stop is sooner, and within the pod's grace."""
    assert timeouts.PROXY_HARD_STOP < timeouts.GRACE
    with pod.websocket(f"{DIAGRAM}/ws?ticket=t", UI) as socket:
        stop(pod)
        wait_until(lambda: refuses(pod), "the proxy listens no more", pod.proxy.log)
        socket.send("still there")
        assert socket.recv(timeout=timeouts.PROXY_HARD_STOP / 2) == "still there"
        pod.proxy.process.wait(timeout=timeouts.PROXY_HARD_STOP + 10)
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=20)
