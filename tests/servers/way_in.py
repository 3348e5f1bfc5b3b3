"""The way into a pod: the proxy of the program before what stands in for TMI, with a certificate that the pod made.

What a client sends is written by hand where it has to be wrong, and by libraries where it has to be right.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage, HTTPResponse
from pathlib import Path
from types import MappingProxyType
from typing import Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from components.settings import parse
from tests.servers.authority import KeyPair
from tests.servers.pod_certificate import PodCertificate, domain
from tests.servers.processes import User, free_port
from tests.servers.proxy import Proxy, proxy
from tests.servers.tmi import StandIn, serving
from tests.stack_files import changed

_TIMEOUT_SECONDS: Final = 60
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})

SETTINGS: Final = parse(changed("dev"))
"""Of the stack whose pod is declared."""
UI: Final = SETTINGS.server.user_interface_origins[0]
"""The origin of a web user interface that is known."""
LIMIT: Final = SETTINGS.server.body_limit_mib * 1024 * 1024
"""How many bytes a body may have."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client got."""

    status: int
    headers: HTTPMessage
    body: bytes


@dataclass(frozen=True, slots=True)
class WebSocket:
    """An open WebSocket, read and written by one thread: a TLS connection of Python 3.11 may not be shared by two."""

    runner: asyncio.Runner
    connection: ClientConnection

    def send(self, message: str | bytes) -> None:
        self.runner.run(self.connection.send(message))

    def recv(self, timeout: float) -> str | bytes:
        """The next message. Raises `TimeoutError` after so many seconds, `ConnectionClosed` if none can come."""
        return self.runner.run(asyncio.wait_for(self.connection.recv(), timeout))


@dataclass(frozen=True, slots=True)
class Door:
    """A port that a proxy listens on, as its clients see it."""

    port: int
    roots: Path
    """What a client has to trust."""

    def connect(self) -> ssl.SSLSocket:
        """A connection whose server proved the public name."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=_TIMEOUT_SECONDS)
        try:
            return self._trusting().wrap_socket(plain, server_hostname=domain())
        except BaseException:
            plain.close()
            raise

    @contextmanager
    def client(self) -> Generator[HTTPConnection]:
        """A client that keeps its connection."""
        client = HTTPConnection(domain(), timeout=_TIMEOUT_SECONDS)
        client.sock = self.connect()
        try:
            yield client
        finally:
            client.close()

    def ask(self, method: str, target: str, headers: Mapping[str, str] = NOTHING, body: bytes | None = None) -> Answer:
        """One request on a connection of its own."""
        with self.client() as client:
            return ask(client, method, target, headers, body)

    def exchange(self, sent: bytes) -> Answer:
        """What answers these bytes. The connection may stay: HAProxy 3.2 waits for a body that it refused."""
        with self.connect() as connection:
            connection.sendall(sent)
            return answer_on(connection)

    @contextmanager
    def websocket(self, path: str, origin: str | None) -> Generator[WebSocket]:
        """An open WebSocket.

        Raises:
            InvalidStatus: it was refused.
        """
        with asyncio.Runner() as runner:
            connection = runner.run(self._open(path, origin))
            yield WebSocket(runner, connection)
            runner.run(connection.close())

    async def _open(self, path: str, origin: str | None) -> ClientConnection:
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=_TIMEOUT_SECONDS)
        plain.settimeout(0)
        return await connect(
            f"wss://{domain()}{path}",
            sock=plain,
            ssl=self._trusting(),
            origin=Origin(origin) if origin else None,
            compression=None,
            proxy=None,
            open_timeout=_TIMEOUT_SECONDS,
        )

    def _trusting(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.roots)
        return context


@dataclass(frozen=True, slots=True)
class WayIn(Door):
    """The way into a running pod, and what is behind it."""

    proxy: Proxy
    tmi: StandIn


def ask(
    client: HTTPConnection, method: str, target: str, headers: Mapping[str, str] = NOTHING, body: bytes | None = None
) -> Answer:
    """One request on a connection that may carry more."""
    client.request(method, target, body=body, headers=dict(headers))
    response = client.getresponse()
    return Answer(response.status, response.headers, response.read())


def answer_on(connection: socket.socket) -> Answer:
    """The next answer on a connection, whatever was sent there by hand."""
    with HTTPResponse(connection) as response:
        response.begin()
        return Answer(response.status, response.headers, response.read())


@contextmanager
def way_in(
    user: User, certificate: PodCertificate, *, pool: bool = False, tmis: KeyPair | None = None
) -> Generator[WayIn]:
    """A pod with a TMI and, since no client of its way in asks for it, no Redis.

    For one test `tmis` certificate is not the pod's.
    """
    tmi = StandIn(("127.0.0.1", 0), tmis or certificate.pair, SETTINGS.server.user_interface_origins)
    roots = certificate.pair.certificate
    with (
        serving(tmi),
        proxy(
            user,
            certificate.pair,
            redis_roots=roots,
            redis_port=free_port(),
            name_server_port=free_port(),
            tmi_port=tmi.port,
            pool=pool,
        ) as running,
    ):
        yield WayIn(running.https_port, roots, running, tmi)
