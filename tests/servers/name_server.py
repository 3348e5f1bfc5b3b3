"""A DNS server of a test: one name, one address, which a test may change."""

from __future__ import annotations

import ipaddress
import socket
import struct
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

_A = 1
_TTL_SECONDS = 1
_HEADER = struct.Struct("!HHHHHH")
_QUERY = struct.Struct("!HH")
_RESOURCE = struct.Struct("!HHHIH")
_ANSWER, _NAME_ERROR = 0x8580, 0x8583  # authoritative, recursion available


@dataclass
class NameServer:
    """Answers on a loopback port, over UDP."""

    port: int
    name: str
    address: str

    def answer(self, query: bytes) -> bytes:
        """The response: the address for an A query of the name, nothing for another type, NXDOMAIN for another name."""
        identifier = _HEADER.unpack_from(query)[0]
        labels: list[str] = []
        at = _HEADER.size
        while length := query[at]:
            labels.append(query[at + 1 : at + 1 + length].decode())
            at += 1 + length
        end = at + 1 + _QUERY.size
        kind, _ = _QUERY.unpack_from(query, at + 1)
        known = ".".join(labels).lower() == self.name
        answers = [ipaddress.IPv4Address(self.address).packed] if known and kind == _A else []
        header = _HEADER.pack(identifier, _ANSWER if known else _NAME_ERROR, 1, len(answers), 0, 0)
        # The name is the question's: a pointer to right after the header.
        records = (_RESOURCE.pack(0xC000 | _HEADER.size, _A, 1, _TTL_SECONDS, 4) + packed for packed in answers)
        return header + query[_HEADER.size : end] + b"".join(records)


@contextmanager
def name_server(name: str, address: str) -> Generator[NameServer]:
    """A server that knows this name."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        server = NameServer(listener.getsockname()[1], name, address)
        ended = threading.Event()

        def serve() -> None:
            listener.settimeout(0.1)
            while not ended.is_set():
                try:
                    query, client = listener.recvfrom(4096)
                except TimeoutError:
                    continue
                listener.sendto(server.answer(query), client)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server
        finally:
            ended.set()
            thread.join()
