from __future__ import annotations

from dataclasses import replace

from policy.graph import Graph, given
from policy.values import UNKNOWN
from tests.policy.making import PROVIDER, resource

KEY = resource("aws:kms/key:Key", "key", {"id": "key-id"})
TOPIC = resource("aws:sns/topic:Topic", "topic", {"kmsMasterKeyId": UNKNOWN}, kmsMasterKeyId=KEY)


def test_references_are_followed_though_every_id_is_unknown() -> None:
    graph = Graph.of(KEY, TOPIC)
    assert graph.references(TOPIC, "kmsMasterKeyId", {KEY.type}) == [KEY]
    assert graph.references(TOPIC, "kmsMasterKeyId", {"aws:kms/alias:Alias"}) == []
    assert graph.references(TOPIC, "name", {KEY.type}) == []
    assert graph.referring(KEY, "kmsMasterKeyId", TOPIC.type) == [TOPIC]


def test_a_reference_out_of_the_stack_is_none() -> None:
    assert Graph.of(TOPIC).references(TOPIC, "kmsMasterKeyId", {KEY.type}) == []


def test_a_literal_id_is_recognised_within_its_types() -> None:
    graph = Graph.of(KEY)
    assert graph.identified("key-id", {KEY.type}) == KEY
    assert graph.identified("key-id", {TOPIC.type}) is None
    assert graph.identified(UNKNOWN, {KEY.type}) is None


def test_what_the_provider_will_compute_was_not_given() -> None:
    properties = {"ingress": UNKNOWN, "name": UNKNOWN, "port": 1}
    assert given(properties, {"name": (KEY.urn,), "ingress": ()}) == {"name": UNKNOWN, "port": 1}


def test_the_region_is_the_resources_own_else_its_providers() -> None:
    provider = replace(resource("pulumi:providers:aws", "main", {"region": "eu-west-1"}), urn=PROVIDER)
    graph = Graph.of(provider)
    assert graph.region(resource("t")) == "eu-west-1"
    assert graph.region(resource("t", properties={"region": "eu-central-1"})) == "eu-central-1"
    assert graph.region(resource("t", provider="")) is UNKNOWN


def test_the_stack_is_in_the_urn() -> None:
    assert KEY.stack == "tmi/test"
