"""Every property of prod's resources: each value that would hurt is caught, and each other one is excused.

The list is made from the graph: whoever adds a resource or a property has to say what of it would hurt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from functools import cache

import pytest

from policy.graph import Graph
from policy.rule import ResourceRule, Rule, Violation, findings
from policy.rules import RULES
from tests.conftest import NOTICED, TRIED
from tests.policy.recorded import platform_graph
from tests.policy.unsafe.excused import EXCUSED
from tests.policy.unsafe.harmless import HARMLESS
from tests.policy.unsafe.leaves import POD, Leaf, leaves, mutated
from tests.policy.unsafe.tables import UNSAFE
from tests.policy.unsafe.unwatched import UNWATCHED
from tests.stack_files import STACKS

CASES = [(token, path) for token, paths in UNSAFE.items() for path in paths]


@cache
def _leaves() -> Mapping[tuple[str, str], tuple[Leaf, ...]]:
    found: dict[tuple[str, str], list[Leaf]] = {}
    for leaf in leaves(platform_graph("prod")):
        found.setdefault((leaf.type, leaf.pattern), []).append(leaf)
    return {key: tuple(group) for key, group in found.items()}


@cache
def _said_of_prod() -> Mapping[str, frozenset[tuple[str, str]]]:
    return {rule.about.id: _said(rule, platform_graph("prod")) for rule in RULES}


def _said(rule: Rule, graph: Graph) -> frozenset[tuple[str, str]]:
    found = findings(rule, graph)
    return frozenset((each.resource.urn, each.message) for each in found if isinstance(each, Violation))


def _notices(rule: Rule, graph: Graph, leaf: Leaf) -> bool:
    """Whether a rule says something of the graph that it does not say of prod as it is."""
    if isinstance(rule, ResourceRule):
        if leaf.resource.type not in rule.types:
            return False
        graph = Graph.of(graph.resources[leaf.resource.urn])
    return not _said(rule, graph) <= _said_of_prod()[rule.about.id]


@pytest.mark.parametrize(("token", "path"), CASES)
def test_what_would_hurt_is_noticed(token: str, path: str, record_property: Callable[[str, object], None]) -> None:
    graph = platform_graph("prod")
    mine = next((leaf.resource.type for leaf in _leaves()[token, path]), "")
    order = sorted(RULES, key=lambda rule: not (isinstance(rule, ResourceRule) and mine in rule.types))
    missed: list[str] = []
    tried = 0
    for value in UNSAFE[token][path]:
        for leaf in _leaves()[token, path]:
            if leaf.value == value or any(each.covers(leaf) for each in EXCUSED):
                continue
            tried += 1
            changed = mutated(graph, leaf, value)
            noticed = next((rule for rule in order if _notices(rule, changed, leaf)), None)
            if noticed is None:
                missed.append(f"{leaf.resource.name}: {'.'.join(map(str, leaf.path))} = {value!r}")
            else:
                order.remove(noticed)  # it is the likeliest to notice the next one as well
                order.insert(0, noticed)
    record_property(TRIED, tried)
    record_property(NOTICED, tried - len(missed))
    assert missed == []
    assert tried


def test_every_property_is_decided() -> None:
    undecided = [
        key
        for key in _leaves()
        if key[1] not in UNSAFE.get(key[0], {})
        and not any(fnmatchcase(key[0], token) and fnmatchcase(key[1], path) for token, path, _ in HARMLESS)
    ]
    assert undecided == [], "say in tests/policy/unsafe what of it would hurt, or why nothing of it can"


def test_no_decision_is_about_nothing() -> None:
    decided = {(token, path) for token, paths in UNSAFE.items() for path in paths}
    assert decided - _leaves().keys() == set()
    left = _leaves().keys() - decided
    assert [
        (token, path)
        for token, path, _ in HARMLESS
        if not any(fnmatchcase(each, token) and fnmatchcase(pattern, path) for each, pattern in left)
    ] == []
    found = [leaf for key in decided for leaf in _leaves()[key]]
    assert [each for each in EXCUSED if not any(each.covers(leaf) for leaf in found)] == []


def test_every_type_is_watched_or_excused() -> None:
    types = {each.type for stack in STACKS for each in platform_graph(stack)}
    made_here = {token for token in types if token.startswith("tmi:")}  # components have no properties: their parts do
    pods = {leaf.resource.type for (token, _), found in _leaves().items() if token == POD for leaf in found}
    assert types - made_here - pods - UNSAFE.keys() == UNWATCHED.keys()
