"""The pack as the engine configures it: how strictly each policy is enforced, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2

from policy.rules import RULES
from tests.cloud import Cloud
from tests.policy.analyzer import MANDATORY, ROOT, Pack, changed, running
from tests.policy.program.whole import recorded

WHY = {"reason": "the client of the old release speaks no TLS"}


def level(of: analyzer_pb2.EnforcementLevel.ValueType, properties: Mapping[str, Any]) -> analyzer_pb2.PolicyConfig:
    config = analyzer_pb2.PolicyConfig(enforcementLevel=of)
    config.properties.update(properties)
    return config


@pytest.fixture
def pack(tmp_path: Path) -> Iterator[Pack]:
    with running(str(ROOT / "policy"), at=tmp_path) as started:
        yield started


@pytest.fixture(scope="module")
def preview() -> Cloud:
    return recorded(preview=True)


@pytest.fixture(scope="module")
def broken(preview: Cloud) -> Cloud:
    """A program with a cache that takes connections in plaintext."""
    return changed(preview, "cache", transitEncryptionMode="preferred")


def test_a_policy_is_turned_down_for_a_reason_that_is_reported(pack: Pack, broken: Cloud) -> None:
    pack.configure(redis_tls_and_token=level(analyzer_pb2.ADVISORY, WHY))
    found = pack.judge(broken)
    assert [line.mandatory for line in found if line.policy == "redis-tls-and-token"] == [False]
    (report, _) = [line for line in found if line.policy == "open-questions"]
    assert report.message.endswith(f"\nredis-tls-and-token is advisory: {WHY['reason']}")
    pack.configure(redis_tls_and_token=level(analyzer_pb2.DISABLED, WHY))
    assert {line.policy for line in pack.judge(broken)} == {"open-questions"}
    pack.configure()
    assert [line.mandatory for line in pack.judge(broken) if line.policy == "redis-tls-and-token"] == [True]


@pytest.mark.parametrize("given", [{}, {"reason": "later"}, {"reason": 7.0}, {"reason": ["a list"]}], ids=repr)
def test_without_a_reason_it_stays_and_says_so(pack: Pack, broken: Cloud, given: dict[str, Any]) -> None:
    pack.configure(redis_tls_and_token=level(analyzer_pb2.DISABLED, given))
    found = {line.policy: line for line in pack.judge(broken) if line.mandatory}
    assert found.keys() == {"redis-tls-and-token", "configuration"}
    assert "redis-tls-and-token is set to disabled without a reason" in found["configuration"].message


def test_names_that_no_policy_has_are_violations(pack: Pack, preview: Cloud) -> None:
    pack.configure(redis_tls=level(analyzer_pb2.MANDATORY, {}))
    (found,) = [line for line in pack.judge(preview) if line.mandatory]
    assert found.message.endswith("\nredis-tls is no policy of this pack; did you mean redis-tls-and-token?")


def test_the_engine_can_check_a_reason_itself(pack: Pack) -> None:
    for policy in pack.info.policies:
        schema = json_format.MessageToDict(policy.configSchema.properties)
        assert schema["reason"]["type"] == "string"
        assert schema["reason"]["minLength"] == 15


def test_each_policy_says_what_the_engine_shows(pack: Pack) -> None:
    for policy, rule in zip(pack.info.policies, RULES, strict=False):
        assert policy.description == rule.about.title
        assert policy.enforcementLevel == MANDATORY
        assert policy.severity > analyzer_pb2.POLICY_SEVERITY_LOW
        assert list(policy.tags) == list(rule.about.frameworks)
        assert policy.framework.name in ("FSBP", "CIS", "NSA", "PSS", "WA")
        assert rule.about.remediation in policy.remediation_steps
