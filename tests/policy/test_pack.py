"""What the pack reports of plain resources, how strictly, and what it makes of whatever goes wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from policy.configuration import Level, Setting
from policy.exceptions import PolicyException
from policy.graph import Graph, Resource
from policy.pack import Pack, Report
from policy.rule import Description, GraphRule, ResourceRule, Rule, Severity, Undecided, Violation
from policy.rules import RULES
from policy.values import UNKNOWN
from tests.policy.making import resource

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
IT = resource("a:b:C")
REASON = "it is decommissioned next week"


def told(reports: Iterable[Report]) -> dict[str, list[tuple[str, str]]]:
    """Each (message, logical name) by policy."""
    found: dict[str, list[tuple[str, str]]] = {}
    for report in reports:
        found.setdefault(report.policy.name, []).append((report.message, report.urn.rpartition("::")[2]))
    return found


def judged(pack: Pack, *resources: Resource) -> dict[str, list[tuple[str, str]]]:
    """What a pack reports of a program: resource by resource, then of the stack."""
    return told([*(each for one in resources for each in pack.judge(one)), *pack.judge_stack(resources)])


def test_every_rule_is_a_mandatory_policy() -> None:
    policies = Pack().policies
    names = [policy.name for policy in policies]
    assert names == [*(rule.about.id for rule in RULES), "exceptions", "configuration", "open-questions"]
    assert [policy.name for policy in policies if policy.level is not Level.MANDATORY] == ["open-questions"]
    for policy, rule in zip(policies, RULES, strict=False):
        assert (policy.title, policy.about) == (rule.about.title, rule.about)
        assert policy.of_one is isinstance(rule, ResourceRule)


def bad(resource: Resource) -> Iterator[Violation | Undecided]:
    yield Violation(resource, "it is bad")
    yield Undecided(resource, "how bad it is")


def all_bad(graph: Graph) -> Iterator[Violation | Undecided]:
    for each in graph:
        yield from bad(each)


OF_ONE = ResourceRule(about=ABOUT, types=frozenset({"a:b:C"}), check=bad)
OF_ALL = GraphRule(about=ABOUT, check=all_bad)


BOTH = pytest.mark.parametrize("rule", [OF_ONE, OF_ALL], ids=["of one", "of all"])


ODD = "odd\n\x1b\x9b\u202e\u2028name"


@BOTH
def test_a_violation_names_the_resource_on_one_line_and_the_way_out(rule: Rule) -> None:
    odd = resource("a:b:C", ODD)
    assert judged(Pack([rule], (), TODAY), odd) == {
        "a-rule": [("odd name: it is bad. Mend it.", ODD)],
        "open-questions": [("1 undecided until the values are known: a-rule 1", "")],
    }


def test_a_rule_is_asked_about_its_own_types_alone() -> None:
    assert judged(Pack([OF_ONE], (), TODAY), resource("a:b:D")) == {}


@BOTH
def test_nothing_may_stay_open_once_all_is_deployed(rule: Rule) -> None:
    pack = Pack([rule], (), TODAY)
    pack.begin(deployed=True)
    found = told(pack.judge_stack([IT]))
    assert found.keys() == {"a-rule"}
    message = "it: still open although all is deployed: how bad it is. Mend it."
    assert found["a-rule"][-1] == (message, "it")
    pack.begin(deployed=False)
    assert message not in str(told(pack.judge_stack([IT])))


@BOTH
def test_an_exception_moves_a_violation_to_the_report(rule: Rule) -> None:
    accepted = PolicyException(
        rule="a-rule", stack="tmi/test", resource="a:b:C::it", reason="it is old", owner="us", expires=TODAY
    )
    found = judged(Pack([rule], [accepted], TODAY), IT)
    said = "exception from a-rule for a:b:C::it in tmi/test (us, until 2030-06-15): it is old"
    assert found.pop("open-questions")[0] == (said, "")
    assert found == {}
    deployed = Pack([rule], [accepted], TODAY)
    deployed.begin(deployed=True)
    assert judged(deployed, IT).keys() == {"open-questions"}
    assert judged(Pack([rule], [accepted], date(2030, 6, 16)), IT).keys() == {"a-rule", "exceptions", "open-questions"}
    found = judged(Pack([rule], [accepted], TODAY), resource("a:b:C", "other"))
    assert found["exceptions"][0][0].endswith("matches no violation: remove it")


@BOTH
def test_a_policy_is_turned_down_for_a_reason(rule: Rule) -> None:
    pack = Pack([rule], (), TODAY)
    pack.configure({"a-rule": Setting(Level.ADVISORY, REASON)})
    assert {report.level for report in [*pack.judge(IT), *pack.judge_stack([IT])]} == {Level.ADVISORY}
    assert judged(pack, IT)["open-questions"][0] == (f"a-rule is advisory: {REASON}", "")
    pack.configure({"a-rule": Setting(Level.DISABLED, REASON)})
    assert judged(pack, IT) == {"open-questions": [(f"a-rule is disabled: {REASON}", "")]}


@BOTH
def test_a_policy_that_is_turned_down_without_a_reason_stays_and_says_so(rule: Rule) -> None:
    pack = Pack([rule], (), TODAY)
    pack.configure({"a-rule": Setting(Level.DISABLED)})
    found = judged(pack, IT)
    assert found["a-rule"] == [("it: it is bad. Mend it.", "it")]
    (said,) = found["configuration"]
    assert said[0].startswith("a-rule is set to disabled without a reason, so it stays mandatory; give it")


def test_what_was_asked_for_fills_in_what_a_plan_leaves_out() -> None:
    seen: list[Graph] = []
    pack = Pack([GraphRule(about=ABOUT, check=lambda graph: seen.append(graph) or ())], (), TODAY)
    list(pack.judge(resource("a:b:C", "it", {"name": "asked", "size": 8, "spec": {"deep": UNKNOWN}})))
    plan = resource("a:b:C", "it", {"name": "planned", "size": UNKNOWN, "arn": UNKNOWN, "given": UNKNOWN}, given=IT)
    list(pack.judge_stack([replace(plan, protect=True)]))
    (read,) = seen[-1]
    assert read.properties == {"name": "planned", "size": 8, "spec": {"deep": UNKNOWN}, "given": UNKNOWN}
    assert (read.dependencies, read.protect) == ({"given": (IT.urn,)}, True)
    pack.begin(deployed=False)
    list(pack.judge_stack([plan]))
    assert next(iter(seen[-1])).properties == {"name": "planned", "given": UNKNOWN}


def test_each_rule_is_asked_once_about_a_stack() -> None:
    seen: list[str] = []

    def look(name: str, graph: Graph) -> Iterator[Violation]:
        seen.append(f"{name} of {next(iter(graph)).name}")
        yield from ()

    rules = [GraphRule(about=replace(ABOUT, id=name), check=partial(look, name)) for name in ("one", "two")]
    accepted = PolicyException(rule="one", stack="*", resource="*", reason="it is old", owner="us", expires=TODAY)
    pack = Pack(rules, [accepted], TODAY)
    for name in ("a", "b"):
        assert judged(pack, resource("a:b:C", name)).keys() == {"exceptions", "open-questions"}
    assert seen == ["one of a", "two of a", "one of b", "two of b"]


def crash(resource: Resource) -> Iterator[Violation]:
    yield Violation(resource, "it is bad")
    raise KeyError(SECRET)


def crash_on_a_graph(graph: Graph) -> Iterator[Violation]:
    for each in graph:
        yield from crash(each)


@pytest.mark.parametrize(
    "rule",
    [
        ResourceRule(about=ABOUT, types=frozenset({"a:b:C"}), check=crash),
        GraphRule(about=ABOUT, check=crash_on_a_graph),
    ],
    ids=["of one", "of all"],
)
def test_a_rule_that_breaks_is_a_violation_that_keeps_secrets(rule: Rule) -> None:
    found = judged(Pack([rule, replace(OF_ALL, about=replace(ABOUT, id="other"))], (), TODAY), IT)
    assert found["a-rule"][0] == ("it: it is bad. Mend it.", "it")
    assert found["a-rule"][1][0].startswith("it: the rule a-rule broke (KeyError at test_pack.py:")
    assert found["a-rule"][1][1] == "it"
    assert found["other"] == [("it: it is bad. Mend it.", "it")]
    assert found["open-questions"] == [("1 undecided until the values are known: other 1", "")]
    assert SECRET not in str(found)
