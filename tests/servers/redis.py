"""A Redis of a test that speaks TLS alone, and a client of few words."""

from __future__ import annotations

import socket
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeAlias

from tests.servers.authority import KeyPair
from tests.servers.processes import User, directory, program, running, wait_until

Reply: TypeAlias = "str | int | list[Reply] | None"

TOKEN: Final = "tokenOfRedis0"  # noqa: S105 -- of a test
_CONFIGURATION: Final = """\
bind {address}
port 0
tls-port {port}
tls-cert-file {home}/server.crt
tls-key-file {home}/server.key
tls-auth-clients no
requirepass {token}
unixsocket {home}/socket
save ""
dir {home}
"""


class RedisError(Exception):
    """An answer of Redis that begins with a minus."""


class Client:
    """One connection: over loopback, as TMI's, or by a server's own socket."""

    def __init__(self, address: tuple[str, int] | str) -> None:
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self._socket = socket.socket(family)
        self._socket.settimeout(20)
        try:
            self._socket.connect(address)
        except OSError:
            self._socket.close()
            raise
        self._input = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._input.close()
        self._socket.close()

    def ask(self, *words: str) -> Reply:
        """What Redis answers.

        Raises:
            RedisError: Redis refuses.
            ConnectionError: the connection was cut.
        """
        parts = (f"${len(word)}\r\n{word}\r\n" for word in words)
        self._socket.sendall(f"*{len(words)}\r\n{''.join(parts)}".encode())
        return self._reply()

    def _reply(self) -> Reply:
        line = self._input.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("cut")
        kind, rest = line[:1], line[1:-2].decode()
        if kind == b"-":
            raise RedisError(rest)
        if kind == b"+":
            return rest
        if kind == b":":
            return int(rest)
        if rest == "-1":
            return None
        if kind == b"*":
            return [self._reply() for _ in range(int(rest))]
        return self._input.read(int(rest) + 2)[:-2].decode()


@dataclass(frozen=True, slots=True)
class Redis:
    """A running server."""

    address: str
    port: int
    home: Path

    def ask(self, *words: str) -> Reply:
        """What the server itself answers, by its own socket."""
        with Client(str(self.home / "socket")) as client:
            client.ask("AUTH", TOKEN)
            return client.ask(*words)

    @property
    def is_up(self) -> bool:
        """Whether it answers at all."""
        try:
            return self.ask("PING") == "PONG"
        except OSError:
            return False


@contextmanager
def redis(user: User, certificate: KeyPair, *, address: str, port: int) -> Generator[Redis]:
    """A new server at an address of the loopback network, with this certificate."""
    with directory(user) as home:
        for source, target in ((certificate.certificate, home / "server.crt"), (certificate.key, home / "server.key")):
            target.write_bytes(source.read_bytes())
            user.own(target)
        configuration = home / "redis.conf"
        configuration.write_text(_CONFIGURATION.format(address=address, port=port, home=home, token=TOKEN))
        log = home / "log"
        server = Redis(address, port, home)
        with running([program("redis-server"), str(configuration)], user=user, log=log):
            wait_until(lambda: server.is_up, "Redis is ready", log)
            yield server
