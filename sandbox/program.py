"""The Pulumi program, run in this process as the engine's inline program.

An official installation runs a Python program through a language plugin, a process that the engine starts. The SDK's
Automation API has the same as a server in-process; here it serves a project's `__main__.py` unchanged, and takes the
engine's event stream on the same port.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import runpy
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

import grpc
from google.protobuf.empty_pb2 import Empty

# The Automation API's own server. Its public door, `Stack.up`, asks the CLI five more questions a run (0.3 s each), and
# leaves no way to hand a lock to the engine's process.
from pulumi.automation._server import LanguageServer
from pulumi.runtime import _grpc_settings, resource, settings
from pulumi.runtime.proto import events_pb2_grpc, language_pb2_grpc
from pulumi.runtime.proto.language_pb2 import RunRequest, RunResponse
from pulumi.runtime.proto.source_pb2 import StackTrace

from sandbox.events import Listener, parse

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from pulumi.runtime.proto.events_pb2 import EventRequest

UNBOUNDED: Final = [("grpc.max_receive_message_length", -1)]
"""A resource's state may be larger than gRPC's 4 MB."""
UNSHARED: Final = ("grpc.use_local_subchannel_pool", 1)
"""Connections of one process to one address are one connection for gRPC, and after a refusal nobody may try again for a
second and more. An engine can get the port of an earlier one, which has refused ever since it ended."""


class _Program(LanguageServer):
    """Runs the program once for each `Run` of the engine."""

    def Run(self, request: RunRequest, context: grpc.ServicerContext) -> RunResponse:  # noqa: N802 -- gRPC's name
        response = super().Run(request, context)  # pyright: ignore[reportArgumentType, reportUnknownMemberType] -- the SDK's stubs name modules that do not exist
        # The server has logged the error already; handing it to the engine as well would print it twice.
        return RunResponse(bail=True) if response.error else response


class _Events(events_pb2_grpc.EventsServicer):
    """Takes the engine's events, each a JSON document of its own."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def StreamEvents(self, request_iterator: Iterator[EventRequest], context: object) -> Empty:  # noqa: ARG002, N802 -- gRPC's signature
        for request in request_iterator:
            event = parse(json.loads(request.event))
            if event is not None:
                self._listener(event)
        return Empty()


@contextmanager
def serve(project: Path, listener: Listener) -> Generator[int]:
    """Serve the program of a project directory and listen to events; yields the port on the loopback interface."""
    server = grpc.server(ThreadPoolExecutor(max_workers=4), options=UNBOUNDED)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(_Program(lambda: _run(project / "__main__.py")), server)
    events_pb2_grpc.add_EventsServicer_to_server(_Events(listener), server)
    port = server.add_insecure_port("127.0.0.1:0")
    with _undisturbed(project), _lean(), patch.object(settings, "_GRPC_CHANNEL_OPTIONS", _channel_options()):
        server.start()
        try:
            yield port
        finally:
            server.stop(grace=5).wait()  # the last events may still be on their way


def _channel_options() -> list[tuple[str, int]]:
    return [*_grpc_settings._GRPC_CHANNEL_OPTIONS, UNSHARED]  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] -- the SDK has no setting for its connections


def _run(program: Path) -> None:
    runpy.run_path(str(program), run_name="__main__")


@contextmanager
def _undisturbed(project: Path) -> Generator[None]:
    """Give the program the directory and the import path of a process of its own, and take back what it leaves.

    The project's own modules are forgotten afterwards: another run, of another project or of the same one after an
    edit, imports its own. Installed packages stay; they are the same for all.
    """
    before = set(sys.modules)
    path = list(sys.path)
    asyncio_log = logging.getLogger("asyncio")
    level = asyncio_log.level  # the language server silences it
    sys.path.insert(0, str(project))
    try:
        with contextlib.chdir(project):
            yield
    finally:
        sys.path[:] = path
        asyncio_log.setLevel(level)
        for name in set(sys.modules) - before:
            if _belongs_to(project, getattr(sys.modules[name], "__file__", None)):
                del sys.modules[name]


@contextmanager
def _lean() -> Generator[None]:
    """Spare a run two things that take half its time and serve nobody.

    A run keeps most of what it makes until its end, so the collector walks a million objects again and again and finds
    next to nothing. And the SDK sends the stack of calls behind each resource, of which only Pulumi Cloud makes use:
    more than half of the state would consist of them.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        with patch.object(resource, "_get_stack_trace", StackTrace):
            yield
    finally:
        if collects:
            gc.enable()


def _belongs_to(project: Path, file: str | None) -> bool:
    if file is None:
        return False
    path = Path(file)
    return path.is_relative_to(project) and not path.is_relative_to(sys.prefix)
