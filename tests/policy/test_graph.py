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


def test_a_literal_id_is_recognised_among_resources_that_share_it() -> None:
    twin = resource("aws:kms/alias:Alias", "twin", {"id": "key-id"})
    assert Graph.of(twin, KEY).identified("key-id", {KEY.type}) == KEY
    assert Graph.of(twin, KEY).identified("key-id", {twin.type}) == twin


def test_what_a_property_names_is_found_by_reference_and_by_literal() -> None:
    other = resource(KEY.type, "other", {"id": "other-id"})
    store = resource("t", "store", {"keys": [UNKNOWN, "other-id", "key-id", "foreign-id"]}, keys=KEY)
    assert Graph.of(KEY, other, store).named(store, "keys", {KEY.type}) == [KEY, other]
    deep = resource("t", "deep", {"spec": {"key": "other-id"}})
    assert Graph.of(KEY, other, deep).named(deep, "spec", {KEY.type}, "key") == [other]
    assert Graph.of(KEY, other, deep).named(deep, "spec", {KEY.type}) == []


def test_resources_that_refer_come_in_the_order_of_the_types_asked_for() -> None:
    queue = resource("aws:sqs/queue:Queue", "queue", kmsMasterKeyId=KEY)
    graph = Graph.of(queue, TOPIC, KEY)
    assert graph.referring(KEY, "kmsMasterKeyId", TOPIC.type, queue.type) == [TOPIC, queue]
    assert graph.referring(KEY, "kmsMasterKeyId", queue.type) == [queue]
    assert graph.referring(KEY, "name", queue.type) == []


def test_an_answer_about_a_graph_is_computed_once() -> None:
    asked: list[Graph] = []

    def count(graph: Graph) -> int:
        asked.append(graph)
        return len(graph.resources)

    first, second = Graph.of(KEY), Graph.of(KEY, TOPIC)
    assert [first.once(count), first.once(count), second.once(count)] == [1, 1, 2]
    assert asked == [first, second]


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
