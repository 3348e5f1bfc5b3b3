"""The program's connections to the engine."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, cast

import grpc
import pytest
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2, resource_pb2_grpc
from pulumi.runtime.proto.resource_pb2 import SupportsFeatureRequest
from typing_extensions import override

from sandbox.program import serve

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.events import Event


class Monitor(Protocol):
    """What the SDK asks first."""

    def SupportsFeature(self, request: SupportsFeatureRequest) -> resource_pb2.SupportsFeatureResponse: ...  # noqa: N802 -- gRPC's name


class _Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    @override
    def SupportsFeature(
        self, request: SupportsFeatureRequest, context: grpc.ServicerContext
    ) -> resource_pb2.SupportsFeatureResponse:
        return resource_pb2.SupportsFeatureResponse(hasSupport=True)


def _free_address() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{listener.getsockname()[1]}"


def _ignore(_event: Event) -> None:
    return


def _has_support(address: str) -> bool:
    settings.configure(settings.Settings("tmi", "test", monitor=address))
    return cast("Monitor", settings.get_monitor()).SupportsFeature(SupportsFeatureRequest(id="secrets")).hasSupport


def test_an_engine_is_reached_at_a_port_where_another_one_has_ended(tmp_path: Path) -> None:
    address = _free_address()
    with serve(tmp_path, _ignore), pytest.raises(grpc.RpcError, match="Connection refused"):
        _has_support(address)

    engine = grpc.server(ThreadPoolExecutor(max_workers=1))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(_Monitor(), engine)
    engine.add_insecure_port(address)
    engine.start()
    try:
        with serve(tmp_path, _ignore):
            assert _has_support(address)
    finally:
        engine.stop(grace=None)
        settings.reset_options()
