"""The pack as the engine meets it: a process that prints a port and answers over gRPC."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import grpc
import pytest
import yaml
from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2, resource_pb2

from policy import wire
from policy.graph import Resource
from policy.pack import Pack as ThePack
from policy.rule import GraphRule, ResourceRule, undecided
from policy.rules import RULES
from policy.server import methods
from tests.cloud import Cloud, Declared
from tests.policy.analyzer import ROOT, Pack, changed, running
from tests.policy.program.whole import recorded
from tests.policy.recorded import graph_of_cloud


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pack]:
    with running(str(ROOT / "policy"), at=tmp_path_factory.mktemp("anywhere")) as started:
        yield started


@pytest.fixture(scope="module")
def preview() -> Cloud:
    return recorded(preview=True)


def test_it_starts_in_its_own_directory_as_an_official_installation_does() -> None:
    with running(".", at=ROOT / "policy") as started:
        assert started.info.name == "tmi"


def test_it_announces_every_rule(pack: Pack) -> None:
    names = [policy.name for policy in pack.info.policies]
    assert names == [*(rule.about.id for rule in RULES), "exceptions", "configuration", "open-questions"]


def test_the_project_file_names_the_runtime_and_the_environment() -> None:
    project: Any = yaml.safe_load(Path(ROOT / "policy" / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert project["runtime"] == {"name": "python", "options": {"virtualenv": "../.venv"}}
    assert project["version"]
    assert project["description"]


def test_a_sound_program_passes_with_ids_unknown_but_for_what_is_undecided(pack: Pack, preview: Cloud) -> None:
    (said,) = pack.judge(preview)
    assert (said.policy, said.mandatory, said.resource) == ("open-questions", False, "")
    counts = undecided(RULES, graph_of_cloud(preview))
    counted = ", ".join(f"{rule} {count}" for rule, count in counts.items())
    assert said.message.endswith(f"\n{counts.total()} undecided until the values are known: {counted}")


def test_a_sound_program_passes_without_reserve_once_ids_are_known(pack: Pack) -> None:
    assert pack.judge(recorded(preview=False)) == []


def test_what_is_open_once_all_is_deployed_is_a_violation(pack: Pack, preview: Cloud) -> None:
    found = pack.judge(replace(recorded(preview=False), resources=preview.resources))
    open_still = undecided(RULES, graph_of_cloud(preview))
    assert {(line.policy, line.mandatory) for line in found} == {(policy, True) for policy in open_still}
    assert all("still open although all is deployed: " in line.message for line in found)


def test_a_planted_violation_names_its_rule_and_its_resource_in_preview(pack: Pack, preview: Cloud) -> None:
    found = pack.judge(changed(preview, "pods-to-database", cidrIpv4="0.0.0.0/0"))
    assert {(line.policy, line.resource) for line in found if line.mandatory} == {
        ("groups-admit-known-peers", "pods-to-database"),
        ("groups-reach-known-peers", "pods-to-database"),
        ("data-admits-groups-only", "pods-to-database"),
        ("data-three-hops-from-internet", "database"),
        *(("data-behind-two-locks", store) for store in ("database", "replica", "far")),
    }
    assert any("internet -> database:5432" in line.message for line in found)


def test_no_type_without_properties_ends_the_run(pack: Pack, preview: Cloud) -> None:
    types = {declared.type: declared for declared in preview.resources}
    types |= {
        token: replace(preview.resources[0], type=token) for rule in RULES for token in getattr(rule, "types", ())
    }
    bare = [replace(declared, request=_without_properties(declared)) for declared in types.values()]
    assert pack.judge(replace(preview, resources=bare))


def _without_properties(declared: Declared) -> resource_pb2.RegisterResourceRequest:
    request = resource_pb2.RegisterResourceRequest(type=declared.type, name=declared.name)
    request.object.CopyFrom(struct_pb2.Struct())
    return request


def test_secrets_reach_no_message(pack: Pack, preview: Cloud) -> None:
    broken = changed(preview, "cache", transitEncryptionMode="preferred")
    found = pack.judge(broken)
    assert ("redis-tls-and-token", "cache") in {(line.policy, line.resource) for line in found}
    assert "swordfish" in str([each.request for each in broken.resources])
    assert "swordfish" not in str(found)


def test_each_resource_is_read_once_a_request(preview: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    planned = wire.planned

    def counted(sent: analyzer_pb2.AnalyzerResource) -> Resource:
        read.append(sent.urn)
        return planned(sent)

    monkeypatch.setattr(wire, "planned", counted)
    sent = [analyzer_pb2.AnalyzerResource(urn=each.urn, type=each.type, name=each.name) for each in preview.resources]
    _, analyze_stack = methods(ThePack(), list)["AnalyzeStack"]
    assert cast("Any", analyze_stack(analyzer_pb2.AnalyzeStackRequest(resources=sent))).diagnostics
    assert read == [each.urn for each in preview.resources]


BROKEN = """
import sys
sys.path.insert(0, {root!r})
from dataclasses import replace
from policy.pack import Pack
from policy.rules import (RULES)
from policy.server import serve


def crash(looked_at):
    raise KeyError("swordfish")


serve(Pack([replace(rule, check=crash) for rule in RULES]))
"""


def test_rules_that_break_are_violations_and_end_nothing(tmp_path: Path, preview: Cloud) -> None:
    (tmp_path / "__main__.py").write_text(BROKEN.format(root=str(ROOT)))
    with running(str(tmp_path)) as started:
        found = started.judge(preview)
    types = {declared.type for declared in preview.resources}
    of_one = {rule.about.id for rule in RULES if isinstance(rule, ResourceRule) and not types.isdisjoint(rule.types)}
    of_all = {rule.about.id for rule in RULES if isinstance(rule, GraphRule)}
    broken = {line.policy for line in found if "broke (KeyError at __main__.py:" in line.message and line.mandatory}
    assert broken == of_one | of_all
    named = {line.policy for line in found if line.message.partition("\n")[2].startswith(f"{line.resource}: the rule ")}
    assert named == of_one
    assert "swordfish" not in str(found)


@pytest.mark.parametrize("method", ["Analyze", "AnalyzeStack", "Configure", "Nothing"])
def test_what_is_no_message_ends_nothing(pack: Pack, preview: Cloud, method: str) -> None:
    with pytest.raises(grpc.RpcError):
        pack.send(method, b"\xff\xff\xff")
    assert pack.judge(preview)


@pytest.mark.parametrize("method", ["Handshake", "GetPluginInfo", "Remediate"])
def test_what_the_engine_asks_besides_is_answered_by_nothing(pack: Pack, method: str) -> None:
    pack.send(method, b"")


def test_an_interrupt_after_the_end_is_no_fault(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with running(str(ROOT / "policy"), at=tmp_path) as started:
        started.send("Cancel", b"")
        while started.process.poll() is None:
            started.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                started.process.wait(0.05)
        assert started.process.returncode == 0
    assert capfd.readouterr().err == ""


def test_it_ends_when_the_run_is_cancelled_or_over(tmp_path: Path) -> None:
    ends: list[Callable[[Pack], object]] = [
        lambda pack: pack.send("Cancel", b""),
        lambda pack: pack.process.send_signal(signal.SIGINT),
    ]
    for end in ends:
        with running(str(ROOT / "policy"), at=tmp_path) as started:
            end(started)
            assert started.process.wait(10) == 0
