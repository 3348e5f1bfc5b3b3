"""Every rule over every type of production, in which anything at all stands where something else belongs.

The tables of the rules hold what each of them makes of absent, unknown and odd values. Here none breaks on them,
whatever type and property it reads; each says what it has to say on one line, repeats nothing, and comes to an end.
"""

from __future__ import annotations

import json
from dataclasses import replace
from sys import getrecursionlimit
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.graph import Graph, Resource
from policy.rule import ResourceRule, findings
from policy.rules import RULES
from policy.values import UNKNOWN, Plain
from tests.policy.hostile import (
    DOCUMENTS,
    HUGE,
    PLANTED,
    VALUES,
    distinct,
    largest_of_each_type,
    rewired,
    rounds,
    said,
    with_anything,
)
from tests.policy.making import resource
from tests.policy.recorded import platform_graph

PRODUCTION = platform_graph("prod")
"""Deployed, so that every value is one that a rule reads; what a preview does not know is planted."""
LARGEST = largest_of_each_type(PRODUCTION)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from([UNKNOWN, "", "*", PLANTED]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(["a", "0", PLANTED]), inside),
    max_leaves=8,
)


def test_every_type_of_the_rules_is_in_production_or_bare() -> None:
    known = {each.type for each in LARGEST}
    bare = [token for rule in RULES if isinstance(rule, ResourceRule) for token in sorted(rule.types - known)]
    assert said(Graph.of(*(resource(token, token) for token in bare)))


@pytest.mark.parametrize("value", VALUES.values(), ids=list(VALUES))
def test_anything_may_stand_anywhere(value: Plain) -> None:
    for graph in rounds(LARGEST, value):
        said(graph)


@pytest.mark.parametrize("value", HUGE.values(), ids=list(HUGE))
def test_a_rule_ends_whatever_the_length(value: Plain) -> None:
    for graph in rounds(LARGEST, value, lambda there: isinstance(there, str)):
        said(graph)


def _is_document(value: Plain) -> bool:
    try:
        return isinstance(value, str) and isinstance(json.loads(value), dict)
    except ValueError:
        return False


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=list(DOCUMENTS))
def test_a_document_may_say_anything(document: str) -> None:
    for graph in rounds(LARGEST, document, _is_document):
        said(graph)


@settings(derandomize=True, max_examples=100)
@given(st.data())
def test_nothing_that_can_be_thought_of_breaks_a_rule(data: st.DataObject) -> None:
    changes: list[Resource] = []
    for each in data.draw(st.lists(st.sampled_from(LARGEST), min_size=1, max_size=5, unique_by=lambda it: it.urn)):
        place = data.draw(st.sampled_from(distinct(each) or [("name",)]))
        changes.append(with_anything(each, place, data.draw(ANYTHING)))
    said(Graph({**Graph.of(*LARGEST).resources, **{each.urn: each for each in changes}}))


def _findings(graph: Graph) -> list[str]:
    return [finding.resource.urn for rule in RULES for finding in findings(rule, graph)]


@pytest.mark.parametrize(
    "name", [PLANTED, "", "a" * 100_000, "::", "\x00"], ids=["lines", "none", "long", "urn", "nul"]
)
def test_a_name_may_be_anything(name: str) -> None:
    renamed = [replace(each, name=f"{name}{number}") for number, each in enumerate(PRODUCTION)]
    assert len(_findings(Graph.of(*renamed))) == len(_findings(PRODUCTION))


def test_references_may_lead_round_in_circles() -> None:
    itself = rewired(PRODUCTION, lambda each, _: (each.urn,))
    nowhere = rewired(PRODUCTION, lambda each, _: (f"{each.urn}-gone", ""))
    everything = tuple(each.urn for each in LARGEST)
    anything = rewired(PRODUCTION, lambda _each, _name: everything)
    back: dict[str, tuple[str, ...]] = {}
    for each in PRODUCTION:
        for urns in each.dependencies.values():
            back.update({urn: (*back.get(urn, ()), each.urn) for urn in urns})
    round_about = rewired(PRODUCTION, lambda each, name: (*each.dependencies[name], *back.get(each.urn, ())))
    for graph in (itself, nowhere, anything, round_about):
        assert said(graph)


@settings(derandomize=True, max_examples=20)
@given(st.integers(0, 1000), st.integers(1, 3))
def test_references_may_lead_anywhere(seed: int, number: int) -> None:
    urns = list(PRODUCTION.resources)

    def targets(each: Resource, name: str) -> tuple[str, ...]:
        return tuple(urns[crc32(f"{seed} {each.urn} {name} {step}".encode()) % len(urns)] for step in range(number))

    assert said(rewired(PRODUCTION, targets))


def test_a_property_may_be_its_own_id() -> None:
    """Literals name resources as references do; here everything is called alike, and names everything."""
    alike = [
        replace(each, properties=dict.fromkeys((*each.properties, "id", "name", "arn"), "x")) for each in PRODUCTION
    ]
    listed = [replace(each, properties={key: ["x"] for key in (*each.properties, "id")}) for each in PRODUCTION]
    assert said(Graph.of(*alike))
    assert said(Graph.of(*listed))


@pytest.mark.parametrize("token", sorted({each.type for each in LARGEST if each.dependencies}))
def test_a_chain_longer_than_the_stack_ends(token: str) -> None:
    """Each depends on the one before it, by every property that refers to anything, and the first on the last."""
    link = min(
        (each for each in PRODUCTION if each.type == token and each.dependencies), key=lambda it: len(distinct(it))
    )
    urns = [f"{link.urn}-{number}" for number in range(getrecursionlimit() + 100)]
    said(
        Graph.of(
            *(
                replace(link, urn=urn, dependencies=dict.fromkeys(link.dependencies, (urns[number - 1],)))
                for number, urn in enumerate(urns)
            )
        )
    )


def test_the_rule_of_a_composite_alarm_may_be_long() -> None:
    alarms = PRODUCTION.of_type("aws:cloudwatch/compositeAlarm:CompositeAlarm")
    told = [replace(each, properties={**each.properties, "alarmRule": HUGE["an alarm's rule"]}) for each in alarms]
    assert told
    said(Graph({**PRODUCTION.resources, **{each.urn: each for each in told}}))
