"""What stands in for TMI: HTTP and WebSockets over TLS, answered as TMI answers them where the proxy could tell.

It reads a body whole before it answers, costs the caller of `/` nothing but counts it, echoes WebSocket frames, and
compares the Origin of a WebSocket as loosely as TMI does. Source: TMI, api/version.go and api/websocket.go.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socket import socket
from socketserver import ThreadingTCPServer
from threading import Event, Thread
from typing import ClassVar, Final
from urllib.parse import urlsplit

from websockets.datastructures import Headers
from websockets.frames import Frame, Opcode
from websockets.http11 import Request as Handshake
from websockets.server import ServerProtocol

from tests.servers.authority import KeyPair

HELD: Final = "/held"
"""A path that is answered only when the test says so."""
ROBOTS: Final = b"User-agent: *\nDisallow: /\n"
_CHUNK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it arrived."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: int
    """How many bytes of it."""

    def all(self, name: str) -> list[str]:
        """Every line of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


class StandIn(ThreadingTCPServer):
    """The server, and what it was asked."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], pair: KeyPair, origins: Iterable[str]) -> None:
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2
        self._tls.load_cert_chain(pair.certificate, pair.key)
        self.origins = tuple(origins)
        self.seen: list[Seen] = []
        self.released = Event()
        super().__init__(address, _Handler)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def asked(self, path: str) -> list[Seen]:
        """The requests for a path, whatever their query."""
        return [request for request in self.seen if urlsplit(request.target).path == path]

    def get_request(self) -> tuple[socket, tuple[str, int]]:
        """A connection; its handshake is left to the thread that serves it."""
        connection, address = self.socket.accept()
        wrapped = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return wrapped, address

    def handle_error(self, request: object, client_address: object) -> None:
        """Who hangs up, or speaks no TLS, is not the test's concern."""


class _Handler(BaseHTTPRequestHandler):
    server: StandIn  # pyright: ignore[reportIncompatibleVariableOverride] -- it serves no other
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize: ClassVar[int] = -1

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class names it so
        """Say nothing: tests read `seen`."""

    def _take(self) -> None:
        body = len(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
        self.server.seen.append(Seen(self.command, self.path, tuple(self.headers.items()), body))

    def _answer(self, body: bytes, kind: str, headers: Iterable[tuple[str, str]] = ()) -> None:
        self.send_response(HTTPStatus.OK)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self) -> None:
        """Answer what has no body, or upgrade."""
        self._take()
        path = urlsplit(self.path).path
        if self.headers.get("Upgrade", "").lower() == "websocket":
            self._websocket()
        elif path == "/":
            self._root()
        elif path == "/robots.txt":
            self._answer(ROBOTS, "text/plain")
        else:
            if path == HELD:
                self.server.released.wait(60)
            self._answer(json.dumps({"path": self.path}).encode(), "application/json")

    def do_POST(self) -> None:
        """Answer what has one."""
        self._take()
        self._answer(b"{}", "application/json")

    do_HEAD = do_DELETE = do_OPTIONS = do_GET  # noqa: N815
    do_PUT = do_PATCH = do_POST  # noqa: N815

    def _root(self) -> None:
        origin = self.headers.get("Origin", "")
        known = (("Access-Control-Allow-Origin", origin), ("Vary", "Origin")) if origin in self.server.origins else ()
        # TMI 1.8.22 says Vary only to a known origin; that it never says it here, the cache should not depend on.
        headers = (*known, ("Vary", "Accept-Encoding"))
        count = len(self.server.asked("/"))
        if "text/html" in self.headers.get("Accept", ""):
            self._answer(b"<html>answer %d</html>" % count, "text/html; charset=utf-8", headers)
        else:
            body = json.dumps({"status": {"code": "ok"}, "answer": count}).encode()
            self._answer(body, "application/json; charset=utf-8", headers)

    def _websocket(self) -> None:
        """Shake hands, then give every message back, until the client closes or hangs up."""
        self.close_connection = True
        protocol = ServerProtocol()
        protocol.receive_data(Handshake(self.path, Headers(self.headers.items())).serialize())
        (handshake,) = protocol.events_received()
        assert isinstance(handshake, Handshake), handshake
        response = protocol.accept(handshake)
        origin = self.headers.get("Origin", "")
        if origin and not origin.startswith(self.server.origins):
            response = protocol.reject(HTTPStatus.FORBIDDEN, "origin")
        protocol.send_response(response)
        self._send(protocol)
        while not protocol.close_expected() and (data := self._received()):
            protocol.receive_data(data)
            for event in protocol.events_received():
                if isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                    protocol.send_text(event.data)
                elif isinstance(event, Frame) and event.opcode is Opcode.BINARY:
                    protocol.send_binary(event.data)
            self._send(protocol)

    def _received(self) -> bytes:
        return self.connection.recv(_CHUNK)

    def _send(self, protocol: ServerProtocol) -> None:
        for data in protocol.data_to_send():
            self.connection.sendall(data)


@contextmanager
def serving(server: StandIn) -> Generator[StandIn]:
    """The server, answering; whatever it still holds is let go at the end."""
    with server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join()
