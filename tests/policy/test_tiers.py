"""Tags, and what they say of a resource's stack."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from policy.facts.replicas import DATABASE
from policy.facts.tiers import for_development, is_disposable, retires, tags
from policy.graph import PROVIDER, Graph, Resource
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource

HERE = Resource(
    urn="urn:pulumi:test::tmi::pulumi:providers:aws::main",
    type=f"{PROVIDER}aws",
    name="main",
    properties={"region": "eu-west-1", "defaultTags": json.dumps({"tags": {"tmi:stack": "tmi-prod", "backup": "no"}})},
)
INSTANCE = resource(DATABASE, "db", {"identifier": "tmi-prod-main", "tags": {"backup": "daily"}})


def test_own_tags_come_before_the_providers() -> None:
    assert tags(Graph.of(HERE, INSTANCE), INSTANCE) == {"tmi:stack": "tmi-prod", "backup": "daily"}


@pytest.mark.parametrize("defaults", [None, UNKNOWN, "{", "[]", {"tags": UNKNOWN}, {}])
def test_default_tags_that_cannot_be_read_are_none(defaults: Plain) -> None:
    provider = replace(HERE, properties={"defaultTags": defaults})
    assert tags(Graph.of(provider, INSTANCE), INSTANCE) == {"backup": "daily"}


def test_default_tags_may_come_as_an_object() -> None:
    provider = replace(HERE, properties={"defaultTags": {"tags": {"tmi:stack": "tmi-prod"}}})
    assert tags(Graph.of(provider, INSTANCE), INSTANCE) == {"tmi:stack": "tmi-prod", "backup": "daily"}
    assert tags(Graph.of(INSTANCE), INSTANCE) == {"backup": "daily"}


@pytest.mark.parametrize(
    ("tier", "expected"),
    [("development", True), ("production", False), ("Development", False), (None, False), (UNKNOWN, False), (7, False)],
)
def test_a_stack_is_held_to_production_unless_it_says_otherwise(tier: Plain, expected: bool) -> None:  # noqa: FBT001
    said = replace(HERE, properties={"defaultTags": {"tags": {"tmi:tier": tier}}})
    assert for_development(Graph.of(said, INSTANCE), INSTANCE) is expected


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("false", False), (True, False), (UNKNOWN, False)])
def test_what_is_to_go_says_so_itself(value: Plain, expected: bool) -> None:  # noqa: FBT001
    instance = resource(DATABASE, "db", {"tags": {"tmi:retiring": value}})
    assert retires(Graph.of(HERE, instance), instance) is expected
    assert not retires(Graph.of(HERE, INSTANCE), INSTANCE)
    bucket = resource("aws:s3/bucket:Bucket", "it", {"tags": {"tmi:disposable": value}})
    assert is_disposable(Graph.of(HERE, bucket), bucket) is expected
    assert not is_disposable(Graph.of(HERE, INSTANCE), INSTANCE)
