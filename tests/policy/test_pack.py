"""The adapter: what the SDK hands over becomes plain data, and whatever goes wrong becomes a violation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, cast

import pulumi
import pulumi_policy as sdk
import pytest
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

from policy import pack
from policy.exceptions import PolicyException
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, ResourceRule, Severity, Undecided, Violation
from policy.rules import RULES
from policy.values import UNKNOWN, Plain

ABOUT = Description(
    id="a-rule",
    title="A rule",
    severity=Severity.HIGH,
    frameworks=("FSBP X.1",),
    why="Because.",
    remediation="Mend it.",
)
TODAY = date(2030, 6, 15)
SECRET = "swordfish"  # noqa: S105 -- looked for in messages


def proxy(properties: dict[str, Any]) -> dict[str, Any]:
    return unknown_checking_proxy(properties)


def policy_resource(name: str, properties: dict[str, Any] | None = None, token: str = "a:b:C") -> sdk.PolicyResource:  # noqa: S107 -- a type token
    options = None
    urn = f"urn:pulumi:test::tmi::{token}::{name}"
    return cast("type[Any]", sdk.PolicyResource)(token, proxy(properties or {}), urn, name, options, None, None, [], {})


def reported(policies: list[sdk.Policy], *resources: sdk.PolicyResource) -> dict[str, list[tuple[str, str | None]]]:
    """What each policy reports, by its name: resource policies for each resource, then stack policies."""
    found: dict[str, list[tuple[str, str | None]]] = {}
    for policy in policies:
        reports: list[tuple[str, str | None]] = []

        def report(message: str, urn: str | None = None, to: list[tuple[str, str | None]] = reports) -> None:
            to.append((message, urn))

        if isinstance(policy, sdk.ResourceValidationPolicy):
            for each in resources:
                options, make = None, cast("Any", sdk.ResourceValidationArgs)
                args = make(each.resource_type, each.props, each.urn, each.name, options, None, None, {})
                cast("Any", policy).validate(args, report)
        else:
            cast("Any", policy).validate(cast("Any", sdk.StackValidationArgs)(list(resources), None, {}), report)
        if reports:
            found[policy.name] = reports
    return found


def test_proxies_become_plain_data() -> None:
    given = {"a": {"b": [UNKNOWN_STRING_VALUE, 5432.0, 0.5, True, None]}, "c": UNKNOWN_STRING_VALUE, "d": "text"}
    plain = pack.properties(proxy(given))
    assert plain == {"a": {"b": [UNKNOWN, 5432, 0.5, True, None]}, "c": UNKNOWN, "d": "text"}
    assert isinstance(plain["a"], dict)
    assert repr(plain["a"]) == "{'b': [UNKNOWN, 5432, 0.5, True, None]}"


def test_what_is_no_data_is_unknown() -> None:
    assert pack.plain(pulumi.StringAsset(SECRET)) is UNKNOWN
    assert pack.plain(float("inf")) == float("inf")


def test_a_stacks_resources_become_a_graph() -> None:
    key = policy_resource("key")
    store = policy_resource("store", {"kmsKeyId": UNKNOWN_STRING_VALUE, "arn": UNKNOWN_STRING_VALUE, "size": 8.0})
    store.property_dependencies = {"kmsKeyId": [key], "arn": []}
    graph = pack.graph([key, store])
    assert graph.resources[store.urn].properties == {"kmsKeyId": UNKNOWN, "size": 8}
    assert graph.resources[store.urn].dependencies == {"kmsKeyId": (key.urn,), "arn": ()}


def test_what_was_asked_for_fills_in_what_a_plan_leaves_out() -> None:
    planned = policy_resource("it", {"name": "planned", "size": UNKNOWN_STRING_VALUE})
    planned.property_dependencies = {"size": [planned]}
    asked: Mapping[str, Plain] = {"name": "asked", "size": 8, "spec": {"deep": UNKNOWN}}
    graph = pack.graph([planned], {planned.urn: asked})
    assert graph.resources[planned.urn].properties == {"name": "planned", "size": 8, "spec": {"deep": UNKNOWN}}


def test_every_rule_is_a_mandatory_policy_with_its_description() -> None:
    made = cast("list[Any]", pack.policies())
    names = ["inputs", *(rule.about.id for rule in RULES), "exceptions", "open-questions"]
    assert [policy.name for policy in made] == names
    mandatory = [policy.name for policy in made if policy.enforcement_level.name == "MANDATORY"]
    assert mandatory == names[1:-1]
    for policy, rule in zip(made[1:-2], RULES, strict=True):
        assert policy.description == rule.about.title
        assert policy.severity.name == rule.about.severity.name
        assert policy.tags == list(rule.about.frameworks)
        assert policy.framework.name in ("FSBP", "CIS", "NSA", "PSS", "WA")
        assert rule.about.remediation in policy.remediation_steps
        assert isinstance(policy, sdk.ResourceValidationPolicy) is isinstance(rule, ResourceRule)


def bad(resource: Resource) -> Iterator[Violation | Undecided]:
    yield Violation(resource, "it is bad")
    yield Undecided(resource, "how bad it is")


def all_bad(graph: Graph) -> Iterator[Violation | Undecided]:
    for resource in graph:
        yield from bad(resource)


OF_ONE = ResourceRule(about=ABOUT, types=frozenset({"a:b:C"}), check=bad)
OF_ALL = GraphRule(about=ABOUT, check=all_bad)


@pytest.mark.parametrize("rule", [OF_ONE, OF_ALL])
def test_a_violation_names_the_resource_on_one_line_and_the_way_out(rule: ResourceRule | GraphRule) -> None:
    resource = policy_resource("odd\n\x1b\x9b\u202e\u2028name")
    found = reported(pack.policies([rule], (), TODAY), resource)
    assert found == {
        "a-rule": [("odd name: it is bad. Mend it.", resource.urn)],
        "open-questions": [("a-rule: 1 undecided until the values are known", None)],
    }


def test_a_rule_is_asked_about_its_own_types_alone() -> None:
    assert reported(pack.policies([OF_ONE], (), TODAY), policy_resource("it", {}, "a:b:D")) == {}


@pytest.mark.parametrize("rule", [OF_ONE, OF_ALL])
def test_an_exception_moves_a_violation_to_the_report(rule: ResourceRule | GraphRule) -> None:
    accepted = PolicyException(
        rule="a-rule", stack="tmi/test", resource="a:b:C::it", reason="it is old", owner="us", expires=TODAY
    )
    found = reported(pack.policies([rule], [accepted], TODAY), policy_resource("it"))
    said = "exception from a-rule for a:b:C::it in tmi/test (us, until 2030-06-15): it is old"
    assert found.pop("open-questions")[0] == (said, None)
    assert found == {}
    found = reported(pack.policies([rule], [accepted], date(2030, 6, 16)), policy_resource("it"))
    assert set(found) == {"a-rule", "exceptions", "open-questions"}
    found = reported(pack.policies([rule], [accepted], TODAY), policy_resource("other"))
    assert found["exceptions"][0][0].endswith("matches no violation: remove it")


def test_each_run_reads_its_stack_once_and_anew() -> None:
    seen: list[Graph] = []

    def look(graph: Graph) -> Iterator[Violation]:
        seen.append(graph)
        yield from ()

    rules = [GraphRule(about=replace(ABOUT, id=f"rule-{number}"), check=look) for number in (1, 2)]
    made = pack.policies(rules, (), TODAY)
    for name in ("one", "two"):
        assert reported(made, policy_resource(name)) == {}
    by_rules = [graph for graph in seen if graph.resources]
    assert [next(iter(graph)).name for graph in by_rules] == ["one"] * 4 + ["two"] * 4
    assert len({id(graph) for graph in by_rules}) == 2


def crash(resource: Resource) -> Iterator[Violation]:
    yield Violation(resource, "it is bad")
    raise KeyError(SECRET)


def crash_on_a_graph(graph: Graph) -> Iterator[Violation]:
    for resource in graph:
        yield from crash(resource)


@pytest.mark.parametrize(
    "rule",
    [
        ResourceRule(about=ABOUT, types=frozenset({"a:b:C"}), check=crash),
        GraphRule(about=ABOUT, check=crash_on_a_graph),
    ],
)
def test_a_rule_that_breaks_is_a_violation_that_keeps_secrets(rule: ResourceRule | GraphRule) -> None:
    resource = policy_resource("it")
    found = reported(pack.policies([rule], (), TODAY), resource)
    messages = found["a-rule"]
    assert messages[0] == ("it: it is bad. Mend it.", resource.urn)
    assert messages[1][0].startswith("it: the rule a-rule broke (KeyError at test_pack.py:")
    assert messages[1][1] == resource.urn
    assert SECRET not in str(found)
