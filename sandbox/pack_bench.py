"""How long a policy pack takes by itself: over the resources of a stack, and over as many times as many.

The pack runs in a process of its own and is spoken to as the engine does it. A multiple is that many stacks side by
side: each copy has URNs, ids and names of its own, and refers to its own resources.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, cast

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

_LONGEST_MESSAGE: Final = 400 << 20


@dataclass(frozen=True, slots=True)
class Seconds:
    """What one process of a pack took."""

    start: float
    """Until it answers, with the interpreter."""
    judging: float
    """For each resource by itself, and for all together."""


def measure(policies: Path, resources: Sequence[Mapping[str, Any]], copies: int = 1) -> Seconds:
    """Time a pack over the resources of a deployment, as its state has them."""
    requests = list(_requests([each for number in range(copies) for each in _copy(resources, number)]))
    started = time.monotonic()
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(policies)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 -- our own interpreter
        try:
            port = int(cast("IO[str]", process.stdout).readline())
            answered = time.monotonic()
            _judge(port, requests)
            return Seconds(answered - started, time.monotonic() - answered)
        finally:
            process.kill()


def _judge(port: int, requests: Sequence[tuple[analyzer_pb2.AnalyzeRequest, analyzer_pb2.AnalyzerResource]]) -> None:
    options = [
        ("grpc.max_send_message_length", _LONGEST_MESSAGE),
        ("grpc.max_receive_message_length", _LONGEST_MESSAGE),
    ]
    with grpc.insecure_channel(f"127.0.0.1:{port}", options) as channel:
        pack = cast("Any", analyzer_pb2_grpc.AnalyzerStub(channel))
        for asked, _ in requests:
            pack.Analyze(asked)
        pack.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=[planned for _, planned in requests]))


def _requests(
    resources: Sequence[Mapping[str, Any]],
) -> Iterator[tuple[analyzer_pb2.AnalyzeRequest, analyzer_pb2.AnalyzerResource]]:
    by_urn = {each["urn"]: each for each in resources}
    for each in resources:
        provider = by_urn.get(each.get("provider", "").rpartition("::")[0])
        common: dict[str, Any] = {
            "type": each["type"],
            "urn": each["urn"],
            "name": each["urn"].rpartition("::")[2],
            "options": analyzer_pb2.AnalyzerResourceOptions(protect=each.get("protect", False)),
            "provider": provider
            and analyzer_pb2.AnalyzerProviderResource(
                type=provider["type"], urn=provider["urn"], properties=_struct(provider.get("inputs", {}))
            ),
        }
        made_from: Mapping[str, list[str] | None] = each.get("propertyDependencies", {})
        yield (
            analyzer_pb2.AnalyzeRequest(**common, properties=_struct(each.get("inputs", {}))),
            analyzer_pb2.AnalyzerResource(
                **common,
                properties=_struct(each.get("outputs", {})),
                propertyDependencies={
                    name: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns)
                    for name, urns in made_from.items()
                    if urns
                },
            ),
        )


def _struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(properties)
    return struct


def _copy(resources: Sequence[Mapping[str, Any]], number: int) -> Sequence[Mapping[str, Any]]:
    if not number:
        return resources
    own = {name for each in resources for name in _names(each)}

    def renamed(value: Any) -> Any:  # noqa: ANN401 -- JSON
        if isinstance(value, dict):
            return {name: renamed(each) for name, each in cast("dict[str, Any]", value).items()}
        if isinstance(value, list):
            return [renamed(each) for each in cast("list[Any]", value)]
        if not isinstance(value, str):
            return value
        if value.startswith("urn:pulumi:"):
            return value.replace("::", f"-{number}::", 1)
        return f"{value}-{number}" if value in own else value

    return [renamed(each) for each in resources]


def _names(resource: Mapping[str, Any]) -> Iterator[str]:
    outputs = resource.get("outputs", {})
    metadata = outputs.get("metadata")
    found = [resource.get("id"), *map(outputs.get, ("arn", "name")), *([metadata.get("name")] if metadata else [])]
    return (name for name in found if isinstance(name, str))
