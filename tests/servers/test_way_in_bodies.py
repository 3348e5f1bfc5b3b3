"""Bodies, on the way in: TMI reads any of them whole before it asks who sends it, so the proxy has to look first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from components import timeouts
from tests.servers.pod_certificate import PodCertificate, domain
from tests.servers.processes import User
from tests.servers.way_in import LIMIT, WayIn, answer_on, way_in

PATH = "/threat_models"


@pytest.fixture(scope="module")
def pod(user: User, pod_certificate: PodCertificate) -> Iterator[WayIn]:
    with way_in(user, pod_certificate) as found:
        yield found


def head(*lines: str, method: str = "POST", path: str = PATH) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {domain()}", *lines, "", ""]).encode()


def test_a_body_of_the_limit_arrives_whole(pod: WayIn) -> None:
    assert pod.ask("POST", "/limit", body=b"x" * LIMIT).status == 200
    assert [request.body for request in pod.tmi.asked("/limit")] == [LIMIT]


@pytest.mark.parametrize("length", [LIMIT + 1, 100 * LIMIT, 2**32 + 1, 2**63 - 1])
def test_a_longer_one_is_refused_by_its_length_alone(pod: WayIn, length: int) -> None:
    """Not a byte of it is sent."""
    assert pod.exchange(head(f"Content-Length: {length}")).status == 413
    assert pod.tmi.asked(PATH) == []


@pytest.mark.parametrize(("length", "first"), [(LIMIT + 1, 413), (3, 100)])
def test_a_client_that_asks_first_is_told_before_it_sends(pod: WayIn, length: int, first: int) -> None:
    with pod.connect() as connection:
        connection.sendall(head(f"Content-Length: {length}", "Expect: 100-continue", path="/asked"))
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 %d " % first)
        if first == 100:
            connection.sendall(b"abc")
            assert answer_on(connection).status == 200


def test_a_body_without_a_length_is_refused(pod: WayIn) -> None:
    chunked = head("Transfer-Encoding: chunked") + b"3\r\nabc\r\n0\r\n\r\n"
    assert pod.exchange(chunked).status == 400
    both = head("Transfer-Encoding: chunked", "Content-Length: 3") + b"3\r\nabc\r\n0\r\n\r\n"
    assert pod.exchange(both).status == 400
    assert pod.tmi.asked(PATH) == []


@pytest.mark.parametrize("lines", [["Content-Length: 3", "Content-Length: 4"], ["Content-Length: -1"]])
def test_a_length_that_is_none_is_refused(pod: WayIn, lines: list[str]) -> None:
    assert pod.exchange(head(*lines) + b"abcd").status == 400
    assert pod.tmi.asked(PATH) == []


def test_http_2_which_needs_no_length_is_not_spoken(pod: WayIn) -> None:
    """HAProxy would change to it on its own where a client begins with the preface."""
    answer = pod.exchange(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
    assert answer.status == 400


def test_an_upload_that_stalls_is_cut_off_before_tmi_sees_it(pod: WayIn) -> None:
    """As much as the proxy's buffer holds has to be there in time."""
    assert timeouts.PROXY_REQUEST < timeouts.READ
    answer = pod.exchange(head("Content-Length: 1000", path="/stalled") + b"x" * 999)
    assert answer.status == 408
    assert pod.tmi.asked("/stalled") == []


def test_a_request_that_stalls_is_cut_off(pod: WayIn) -> None:
    assert pod.exchange(head()[:-2]).status == 408
