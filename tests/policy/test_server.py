"""The pack as the engine meets it: a process that prints a port and answers over gRPC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

import pytest
import yaml
from google.protobuf import struct_pb2
from pulumi.runtime.proto import resource_pb2

from policy.rules import RULES
from tests.cloud import Cloud, Declared
from tests.policy.analyzer import ROOT, Pack, running
from tests.policy.program import recorded


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
    assert names == ["inputs", *(rule.about.id for rule in RULES), "exceptions", "open-questions"]


def test_the_project_file_names_the_runtime_and_the_environment() -> None:
    project: Any = yaml.safe_load(Path(ROOT / "policy" / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert project["runtime"] == {"name": "python", "options": {"virtualenv": "../.venv"}}
    assert project["version"]
    assert project["description"]


def test_a_sound_program_passes_with_ids_unknown_but_for_what_is_undecided(pack: Pack, preview: Cloud) -> None:
    found = pack.judge(preview)
    assert {(line.policy, line.mandatory, line.resource) for line in found} == {("open-questions", False, "")}
    for line, counted in zip(
        found,
        (
            "groups-admit-known-peers: 1",
            "buckets-refuse-plaintext: 2",
            "iam-no-wildcards: 1",
            "resource-policies-closed: 2",
        ),
        strict=True,
    ):
        assert line.message.endswith(f"{counted} undecided until the values are known")


def test_a_sound_program_passes_without_reserve_once_ids_are_known(pack: Pack) -> None:
    assert pack.judge(recorded(preview=False)) == []


def test_a_planted_violation_names_its_rule_and_its_resource_in_preview(pack: Pack, preview: Cloud) -> None:
    found = pack.judge(replace(preview, resources=[_open_to_the_world(each) for each in preview.resources]))
    assert {(line.policy, line.resource) for line in found if line.mandatory} == {
        ("groups-admit-known-peers", "pods-to-database"),
        ("groups-reach-known-peers", "pods-to-database"),
        ("data-admits-groups-only", "pods-to-database"),
        ("data-three-hops-from-internet", "database"),
    }
    assert any("internet -> database:5432" in line.message for line in found)


def _open_to_the_world(declared: Declared) -> Declared:
    if declared.name != "pods-to-database":
        return declared
    request = resource_pb2.RegisterResourceRequest()
    request.CopyFrom(declared.request)
    request.object.update({"cidrIpv4": "0.0.0.0/0"})
    return replace(declared, request=request)


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
    broken = [
        replace(each, request=_with(each, transitEncryptionMode="preferred")) if each.name == "cache" else each
        for each in preview.resources
    ]
    found = pack.judge(replace(preview, resources=broken))
    assert ("redis-tls-and-token", "cache") in {(line.policy, line.resource) for line in found}
    assert "swordfish" in str([each.request for each in preview.resources])
    assert "swordfish" not in str(found)


def _with(declared: Declared, **properties: str) -> resource_pb2.RegisterResourceRequest:
    request = resource_pb2.RegisterResourceRequest()
    request.CopyFrom(declared.request)
    request.object.update(properties)
    return request


def test_three_hundred_resources_take_less_than_three_seconds_of_work_with_the_start(preview: Cloud) -> None:
    copies = range(300 // len(preview.resources) + 1)
    many = [
        replace(each, urn=f"{each.urn}-{copy}" if copy else each.urn) for copy in copies for each in preview.resources
    ]
    assert len(many) >= 300
    before = _worked()
    with running() as pack:
        pack.judge(replace(preview, resources=many[:300]))
    assert 0 < _worked() - before < 3


def _worked() -> float:
    """Seconds of a processor that ended child processes took: other load on the machine does not count."""
    usage = getrusage(RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
