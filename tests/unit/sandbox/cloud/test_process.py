from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from sandbox.cloud import CloudOptions, run
from sandbox.cloud.process import ROOT
from sandbox.cloud.values import to_struct
from tests.unit.sandbox.cloud.making import urn

INVOKE = "aws:index/getRegion:getRegion"


def stub(channel: grpc.Channel) -> Any:  # noqa: ANN401 -- the SDK's stubs name modules that do not exist
    return provider_pb2_grpc.ResourceProviderStub(channel)


def test_a_cloud_serves_three_packages_on_one_port_until_the_block_ends() -> None:
    with run(CloudOptions()) as cloud:
        assert cloud.environment() == {
            "PULUMI_DEBUG_PROVIDERS": f"aws:{cloud.port},kubernetes:{cloud.port},random:{cloud.port}"
        }
        with grpc.insecure_channel(f"127.0.0.1:{cloud.port}") as channel:
            provider = stub(channel)
            assert provider.GetPluginInfo(empty_pb2.Empty()).version.count(".") == 2
            checked = provider.Check(
                provider_pb2.CheckRequest(urn=urn("aws:ec2/vpc:Vpc"), news=to_struct({"cidrBlok": "10.0.0.0/16"}))
            )
            assert [failure.reason for failure in checked.failures] == [
                "cidrBlok: unknown property; did you mean cidrBlock?"
            ]
            with pytest.raises(grpc.RpcError, match="the sandbox answers no data source: aws:index/getRegion"):
                provider.Invoke(provider_pb2.InvokeRequest(tok=INVOKE))
        port = cloud.port
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel, pytest.raises(grpc.RpcError):
        stub(channel).GetPluginInfo(empty_pb2.Empty(), timeout=5)


@contextmanager
def started() -> Generator[tuple[subprocess.Popen[str], int]]:
    """A cloud started by hand, and its port."""
    with subprocess.Popen(
        [sys.executable, "-m", "sandbox.cloud"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write('{"existing": [], "faults": [], "latency_seconds": 0, "snapshot": null}\n')
        process.stdin.flush()
        yield process, int(process.stdout.readline())


def test_a_cloud_ends_when_whoever_started_it_is_gone() -> None:
    with started() as (process, port):
        assert port > 0
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=10) == 0


def test_ctrl_c_does_not_end_a_cloud_before_its_engine() -> None:
    with started() as (process, port), grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.5)
        assert stub(channel).GetPluginInfo(empty_pb2.Empty(), timeout=5).version
