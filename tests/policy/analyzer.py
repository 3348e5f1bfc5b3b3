"""The pack in a process of its own, spoken to as the engine does, without the engine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, resource_pb2

from tests.cloud import Cloud, Declared

ROOT: Final = Path(__file__).resolve().parents[2]
_LIMIT: Final = 400 << 20  # bytes of a message, as in the engine
MANDATORY: Final = analyzer_pb2.MANDATORY


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One line of a report."""

    policy: str
    mandatory: bool
    resource: str
    """Logical name; empty for the stack."""
    message: str


class Pack:
    """A running pack."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        options = [("grpc.max_receive_message_length", _LIMIT), ("grpc.max_send_message_length", _LIMIT)]
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}", options)
        self._stub = cast("Any", analyzer_pb2_grpc.AnalyzerStub(self.channel))
        self.info = cast("analyzer_pb2.AnalyzerInfo", self._stub.GetAnalyzerInfo(empty_pb2.Empty()))

    def configure(self, **policies: analyzer_pb2.PolicyConfig) -> None:
        """Set policies by name, `_` for `-`, merged with the pack's own levels as the engine does it."""
        own = {
            each.name: analyzer_pb2.PolicyConfig(enforcementLevel=each.enforcementLevel) for each in self.info.policies
        }
        given = {name.replace("_", "-"): config for name, config in policies.items()}
        self._stub.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=own | given))

    def send(self, method: str, message: bytes) -> None:
        """Send what need not be a message of the protocol; raises `grpc.RpcError` as the engine would see it."""
        cast("Any", self.channel).unary_unary(f"/pulumirpc.Analyzer/{method}")(message)

    def judge(self, cloud: Cloud) -> list[Diagnostic]:
        """Everything the pack says of a program: resource by resource, then of the stack."""
        self._stub.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(dry_run=cloud.preview))
        by_urn = {declared.urn: declared for declared in cloud.resources}
        return [
            *(line for declared in cloud.resources for line in self.analyze(declared, by_urn)),
            *self.analyze_stack(cloud.resources, deployed=not cloud.preview),
        ]

    def analyze(self, declared: Declared, by_urn: dict[str, Declared]) -> list[Diagnostic]:
        request = analyzer_pb2.AnalyzeRequest(**_common(declared, by_urn))
        return _diagnostics(self._stub.Analyze(request))

    def analyze_stack(self, resources: Sequence[Declared], *, deployed: bool = False) -> list[Diagnostic]:
        """What the stack policies say; the outputs they get hold the ids of what is deployed."""
        by_urn = {declared.urn: declared for declared in resources}
        sent = [
            analyzer_pb2.AnalyzerResource(
                **_common(declared, by_urn, deployed=deployed),
                parent=declared.request.parent,
                dependencies=list(declared.request.dependencies),
                propertyDependencies={
                    name: analyzer_pb2.AnalyzerPropertyDependencies(urns=list(value.urns))
                    for name, value in declared.request.propertyDependencies.items()
                },
            )
            for declared in resources
        ]
        return _diagnostics(self._stub.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=sent)))


def changed(cloud: Cloud, name: str, **properties: str) -> Cloud:
    """The same program, but for some properties of what has one logical name."""

    def change(declared: Declared) -> Declared:
        request = resource_pb2.RegisterResourceRequest()
        request.CopyFrom(declared.request)
        request.object.update(properties)
        return replace(declared, request=request)

    return replace(cloud, resources=[change(each) if each.name == name else each for each in cloud.resources])


def _common(declared: Declared, by_urn: dict[str, Declared], *, deployed: bool = False) -> dict[str, Any]:
    provider = by_urn.get(declared.request.provider.rpartition("::")[0])
    return {
        "type": declared.type,
        "urn": declared.urn,
        "name": declared.name,
        "properties": _with_id(declared) if deployed else declared.request.object,
        "options": analyzer_pb2.AnalyzerResourceOptions(protect=declared.protect, parent=declared.request.parent),
        "provider": None
        if provider is None
        else analyzer_pb2.AnalyzerProviderResource(
            type=provider.type, urn=provider.urn, name=provider.name, properties=provider.request.object
        ),
    }


def _with_id(declared: Declared) -> struct_pb2.Struct:
    properties = struct_pb2.Struct()
    properties.CopyFrom(declared.request.object)
    properties.update({"id": f"{declared.name}-id"})
    return properties


def _diagnostics(response: analyzer_pb2.AnalyzeResponse) -> list[Diagnostic]:
    return [
        Diagnostic(
            policy=each.policyName,
            mandatory=each.enforcementLevel == MANDATORY,
            resource=each.urn.rpartition("::")[2],
            message=each.message,
        )
        for each in response.diagnostics
    ]


@contextmanager
def running(directory: str = "policy", *, at: Path = ROOT, python: str = sys.executable) -> Generator[Pack]:
    """The pack served as an executable file would: from a directory of no meaning, without the engine's variables."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PULUMI_")}
    command = [python, "-u", "-m", "pulumi.policy", "127.0.0.1:1", directory]
    with subprocess.Popen(command, cwd=at, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 -- our own interpreter
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            assert port, "the pack did not start"
            pack = Pack(process, int(port))
            try:
                yield pack
            finally:
                cast("Any", pack.channel).close()
        finally:
            process.kill()
