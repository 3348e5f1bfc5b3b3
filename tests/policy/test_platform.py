"""The rules over the platform itself: both stacks are sound, and each rule watches something in them."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from policy.exceptions import EXCEPTIONS, faults
from policy.graph import Graph
from policy.rule import ResourceRule, Violation, findings, undecided
from policy.rules import RULES
from tests.policy.mutations.changing import Mutation
from tests.policy.mutations.every import MUTATIONS
from tests.policy.recorded import platform_graph
from tests.stack_files import STACKS

DAY = date(2026, 11, 25)
"""Exceptions are judged on a day on which all of them are in force, so that a test does not fail by waiting."""


def violations(graph: Graph) -> Counter[tuple[str, str]]:
    """What the rules report and no exception accepts, as (rule, resource)."""
    found = [(rule, finding) for rule in RULES for finding in findings(rule, graph) if isinstance(finding, Violation)]
    accepted = [
        any(exception.covers(rule.about.id, finding.resource, DAY) for exception in EXCEPTIONS)
        for rule, finding in found
    ]
    kept = [pair for pair, excused in zip(found, accepted, strict=True) if not excused]
    return Counter((rule.about.id, finding.resource.name) for rule, finding in kept)


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "deployed"])
@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_is_sound(stack: str, *, preview: bool) -> None:
    assert violations(platform_graph(stack, preview=preview)) == {}


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_is_undecided_once_all_is_known(stack: str) -> None:
    assert undecided(RULES, platform_graph(stack)) == {}
    # A document that names an ARN is unknown as a whole in a preview; which group of a NodeClass is the pods' needs
    # their ids, and so do the locks before the data; the name of TMI's image needs the URL of its repository, which
    # recovery does not make but find. Nothing else may be.
    left_open = {"iam-no-wildcards", "buckets-refuse-plaintext", "groups-admit-known-peers", "publishers-admitted"}
    left_open |= {
        "buckets-administered-at-home",
        "data-behind-two-locks",
        "resource-policies-closed",
        "topics-refuse-plaintext",
    }
    left_open |= set() if stack == "recovery" else {"images-pinned"}
    assert set(undecided(RULES, platform_graph(stack, preview=True))) == left_open


@pytest.mark.parametrize("stack", STACKS)
def test_every_exception_is_needed(stack: str) -> None:
    assert list(faults(EXCEPTIONS, RULES, platform_graph(stack), DAY)) == []


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "deployed"])
@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_each_rule_is_awake(mutation: Mutation, *, preview: bool) -> None:
    graph = platform_graph("prod", preview=preview)
    assert {rule for rule, _ in violations(mutation.apply(graph))} == mutation.breaks


REFUSE_TYPES = {"compute-judged", "identities-federated", "manifests-whole", "spellings-read", "stores-judged"}
"""Rules that refuse a type as such: a sound stack has none of it."""


def test_no_rule_is_about_nothing_that_prod_has() -> None:
    types = {each.type for each in platform_graph("prod")}
    idle = {rule.about.id for rule in RULES if isinstance(rule, ResourceRule) and types.isdisjoint(rule.types)}
    assert idle == REFUSE_TYPES
