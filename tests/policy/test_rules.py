"""All rules at once: registered, described, awake, and harmless to what they do not know."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pkgutil import walk_packages

import pytest

from policy import rules as package
from policy.facts.replicas import DATABASE
from policy.graph import Graph, Resource
from policy.network.group_roles import DATA
from policy.rule import GraphRule, ResourceRule, Rule, Violation, findings, undecided
from policy.rules import MODULES, RULES
from policy.values import Plain
from tests.policy.making import resource
from tests.policy.mutations.changing import Mutation, fired
from tests.policy.mutations.every import MUTATIONS
from tests.policy.program.whole import recorded
from tests.policy.recorded import graph_of_cloud

SECRET = "swordfish-in-a-wrong-place"  # noqa: S105 -- looked for in messages


@pytest.fixture(scope="module", params=[True, False], ids=["preview", "deployed"])
def graph(request: pytest.FixtureRequest) -> Graph:
    return graph_of_cloud(recorded(preview=request.param is True))


def test_every_rule_is_registered_once() -> None:
    found = walk_packages(package.__path__, f"{package.__name__}.")
    modules = [import_module(each.name) for each in found if not each.ispkg]
    assert set(modules) == set(MODULES)
    written = [
        value for module in modules for value in vars(module).values() if isinstance(value, ResourceRule | GraphRule)
    ]
    assert {rule.about.id for rule in written} == {rule.about.id for rule in RULES}
    assert len({rule.about.id for rule in RULES}) == len(RULES)
    assert len({rule.about.title for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.about.id)
def test_every_rule_is_described(rule: Rule) -> None:
    about = rule.about
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", about.id)
    assert about.title[0].isupper()
    assert not about.title.endswith(".")
    assert about.why.endswith(".")
    assert about.remediation.endswith(".")
    assert about.frameworks
    assert all(re.match(r"(FSBP|CIS AWS|CIS EKS|PSS|NSA|WA) \S", framework) for framework in about.frameworks)


def test_a_sound_program_breaks_no_rule(graph: Graph) -> None:
    assert fired(graph) == set()


def test_only_documents_and_groups_are_undecided_and_only_in_a_preview() -> None:
    of_documents = {"buckets-administered-at-home", "buckets-refuse-plaintext", "iam-no-wildcards"}
    of_documents |= {"resource-policies-closed"}
    of_groups = {"data-behind-two-locks", "groups-admit-known-peers"}
    for preview, expected in ((True, of_documents | of_groups), (False, set[str]())):
        assert set(undecided(RULES, graph_of_cloud(recorded(preview=preview)))) == expected


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_each_mutation_is_reported_by_its_rules_alone(graph: Graph, mutation: Mutation) -> None:
    assert fired(mutation.apply(graph)) == mutation.breaks


def test_every_rule_has_a_mutation() -> None:
    assert sorted({mutation.rule for mutation in MUTATIONS}) == sorted(rule.about.id for rule in RULES)


def test_no_text_of_a_program_is_quoted(graph: Graph) -> None:
    def hide(value: Plain) -> Plain:
        if isinstance(value, str):
            return SECRET
        if isinstance(value, Mapping):
            return {name: hide(each) for name, each in value.items()}
        return [hide(each) for each in value] if isinstance(value, Sequence) else value

    hidden = Graph.of(
        *(replace(each, properties={name: hide(value) for name, value in each.properties.items()}) for each in graph)
    )
    spoken = [finding for rule in RULES for finding in findings(rule, hidden)]
    assert len(spoken) > len(RULES)
    assert not any(SECRET in finding.message for finding in spoken if isinstance(finding, Violation))


def test_resources_without_a_single_property_break_no_rule(graph: Graph) -> None:
    types = {each.type for each in graph} | {*DATA, DATABASE}
    types |= {token for rule in RULES if isinstance(rule, ResourceRule) for token in rule.types}
    bare = Graph.of(*(resource(token, f"it-{number}") for number, token in enumerate(sorted(types))))
    assert fired(bare) <= {rule.about.id for rule in RULES}


def test_types_that_no_rule_knows_are_left_alone() -> None:
    foreign: dict[str, Plain] = {"protocol": "HTTP", "kmsKeyId": None, "policy": "*", "publiclyAccessible": True}
    unknown = [
        resource(token, "it", foreign) for token in ("gcp:sql/instance:Instance", "aws:gamelift/fleet:Fleet", "x")
    ]
    assert fired(Graph.of(*unknown)) == set()


def test_an_empty_stack_breaks_no_rule() -> None:
    assert fired(Graph.of()) == set()


def test_a_database_that_points_at_itself_ends() -> None:
    loop = Resource(urn="urn:pulumi:test::tmi::it::it", type=DATABASE, name="it")
    assert fired(Graph.of(replace(loop, dependencies={"replicateSourceDb": (loop.urn,)})))
