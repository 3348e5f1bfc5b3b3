"""The analyzer protocol of the engine: transport alone.

Pulumi's own SDK for policies is not used: it reads every resource again for every policy, which takes most of a
pack's time (docs/decisions/0020-the-pack-is-its-own-server.md).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from operator import methodcaller
from typing import Any, Final, TypeAlias

import grpc
from google.protobuf import empty_pb2
from google.protobuf.message import Message
from pulumi.runtime.proto import analyzer_pb2, plugin_pb2

from policy import wire
from policy.configuration import REASON, SHORTEST_REASON, Level, Setting
from policy.pack import Pack, Policy, Report
from policy.rule import Severity

Answer: TypeAlias = Callable[[Any], Message]

NAME: Final = "tmi"
"""The pack's name. Its version is that of PulumiPolicy.yaml, which the engine reads itself."""
_LONGEST_MESSAGE: Final = 400 << 20
"""Bytes, as everywhere in Pulumi: gRPC's own 4 MiB are less than a stack."""
_GRACE_SECONDS: Final = 1

_LEVELS: Final = {
    Level.DISABLED: analyzer_pb2.DISABLED,
    Level.ADVISORY: analyzer_pb2.ADVISORY,
    Level.MANDATORY: analyzer_pb2.MANDATORY,
}
_SENT_LEVELS: Final = {
    **{sent: level for level, sent in _LEVELS.items()},
    analyzer_pb2.REMEDIATE: Level.MANDATORY,
}
_SEVERITIES: Final = {
    Severity.MEDIUM: analyzer_pb2.POLICY_SEVERITY_MEDIUM,
    Severity.HIGH: analyzer_pb2.POLICY_SEVERITY_HIGH,
    Severity.CRITICAL: analyzer_pb2.POLICY_SEVERITY_CRITICAL,
}


def serve(pack: Pack) -> None:
    """Print the port, as the engine awaits, and answer until the engine cancels, interrupts or kills this process."""
    # Rules are Python: a second thread would only wait for the first.
    server = grpc.server(ThreadPoolExecutor(1), options=[("grpc.max_receive_message_length", _LONGEST_MESSAGE)])
    handlers = {
        name: grpc.unary_unary_rpc_method_handler(
            partial(_answered, answer), request.FromString, methodcaller("SerializeToString")
        )
        for name, (request, answer) in methods(pack, lambda: server.stop(_GRACE_SECONDS)).items()
    }
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("pulumirpc.Analyzer", handlers)])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):  # how the engine ends a pack whose run is over
        server.wait_for_termination()
    # Nothing is left to be done. Python's own way out would wait for gRPC's threads: for ever, if the interrupt came
    # while one of its locks was held, and a second interrupt, as after a cancellation, would be a fault there.
    os._exit(0)


def _answered(answer: Answer, request: Message, _: object) -> Message:
    return answer(request)


def methods(pack: Pack, end: Callable[[], object]) -> Mapping[str, tuple[type[Message], Answer]]:
    """The methods of the protocol: what each is sent, and what it answers."""

    def begin(request: analyzer_pb2.AnalyzerStackConfigureRequest) -> Message:
        pack.begin(deployed=not request.dry_run)
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    def configure(request: analyzer_pb2.ConfigureAnalyzerRequest) -> Message:
        pack.configure({name: _setting(sent) for name, sent in request.policyConfig.items()})
        return empty_pb2.Empty()

    def cancel(_: object) -> Message:
        end()
        return empty_pb2.Empty()

    return {
        "Handshake": (analyzer_pb2.AnalyzerHandshakeRequest, lambda _: analyzer_pb2.AnalyzerHandshakeResponse()),
        "GetPluginInfo": (empty_pb2.Empty, lambda _: plugin_pb2.PluginInfo()),
        "GetAnalyzerInfo": (empty_pb2.Empty, lambda _: _info(pack.policies)),
        "ConfigureStack": (analyzer_pb2.AnalyzerStackConfigureRequest, begin),
        "Configure": (analyzer_pb2.ConfigureAnalyzerRequest, configure),
        # Asked before each Analyze; this pack changes nothing.
        "Remediate": (analyzer_pb2.AnalyzeRequest, lambda _: analyzer_pb2.RemediateResponse()),
        "Analyze": (analyzer_pb2.AnalyzeRequest, lambda request: _response(pack.judge(wire.asked_for(request)))),
        "AnalyzeStack": (
            analyzer_pb2.AnalyzeStackRequest,
            lambda request: _response(pack.judge_stack(map(wire.planned, request.resources))),
        ),
        "Cancel": (empty_pb2.Empty, cancel),
    }


def _info(policies: Iterable[Policy]) -> analyzer_pb2.AnalyzerInfo:
    return analyzer_pb2.AnalyzerInfo(name=NAME, supportsConfig=True, policies=map(_policy, policies))


def _policy(policy: Policy) -> analyzer_pb2.PolicyInfo:
    about = policy.about
    info = analyzer_pb2.PolicyInfo(
        name=policy.name,
        description=policy.title,
        enforcementLevel=_LEVELS[policy.level],
        policy_type=analyzer_pb2.POLICY_TYPE_RESOURCE if policy.of_one else analyzer_pb2.POLICY_TYPE_STACK,
        configSchema=_SCHEMA,
    )
    if about:
        framework, _, control = about.frameworks[0].partition(" ")
        info.severity = _SEVERITIES[about.severity]
        info.framework.CopyFrom(analyzer_pb2.PolicyComplianceFramework(name=framework, reference=control))
        info.tags.extend(about.frameworks)
        info.remediation_steps = f"{about.why} {about.remediation}"
    return info


def _schema() -> analyzer_pb2.PolicyConfigSchema:
    schema = analyzer_pb2.PolicyConfigSchema()
    reason = {"type": "string", "minLength": SHORTEST_REASON, "description": "Why it is weaker than the pack has it."}
    schema.properties.update({REASON: reason})
    return schema


_SCHEMA: Final = _schema()


def _setting(sent: analyzer_pb2.PolicyConfig) -> Setting:
    reason = wire.properties(sent.properties).get(REASON)
    return Setting(_SENT_LEVELS[sent.enforcementLevel], reason if isinstance(reason, str) else "")


def _response(reports: Iterable[Report]) -> analyzer_pb2.AnalyzeResponse:
    return analyzer_pb2.AnalyzeResponse(
        diagnostics=[
            analyzer_pb2.AnalyzeDiagnostic(
                policyName=report.policy.name,
                policyPackName=NAME,
                description=report.policy.title,
                message=f"{report.policy.title}\n{report.message}",
                enforcementLevel=_LEVELS[report.level],
                urn=report.urn,
            )
            for report in reports
        ]
    )
