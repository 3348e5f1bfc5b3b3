"""The rules of the HTTPS listener, evaluated as the load balancer does: they agree with the table of routes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pulumi_aws as aws
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.server.routes import Destination, destination
from components.server.routes import rules as rules_of_table
from tests.front_door import balancer
from tests.tmi_requests import REQUESTS, Request

SEGMENTS = sorted({segment for request in REQUESTS for segment in request.path.split("/")})
METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
PATHS = st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=6).map(lambda segments: "/" + "/".join(segments))


@cache
def declared(*, pool: bool) -> tuple[list[Mapping[str, Any]], Mapping[str, Any], dict[str, Destination]]:
    """The rules in order, the listener, and what each target group is."""
    cloud = balancer(pool=pool)
    rules = [rule.inputs for rule in cloud.of(aws.lb.ListenerRule)]
    groups = {
        group.inputs["arn"]: Destination(group.name.removeprefix("load-balancer-"))
        for group in cloud.of(aws.lb.TargetGroup)
    }
    listener = cloud.one(aws.lb.Listener, "load-balancer-https").inputs
    assert {rule["listenerArn"] for rule in rules} == {listener["arn"]}
    return sorted(rules, key=lambda rule: rule["priority"]), listener, groups


def conditions(rule: Mapping[str, Any], kind: str, values: str) -> list[list[str]]:
    return [condition[kind][values] for condition in rule["conditions"] if kind in condition]


def holds(rule: Mapping[str, Any], method: str, path: str, matches: Callable[[str, str], object]) -> bool:
    methods = conditions(rule, "httpRequestMethod", "values")
    paths = conditions(rule, "pathPattern", "regexValues")
    assert len(methods) + len(paths) == len(rule["conditions"])
    return all(method in values for values in methods) and all(
        any(matches(pattern, path) for pattern in patterns) for patterns in paths
    )


def answer(method: str, path: str, *, pool: bool, matches: Callable[[str, str], object] = re.search) -> Destination:
    """Where the recorded listener sends a request."""
    rules, listener, groups = declared(pool=pool)
    actions = next(
        (rule["actions"] for rule in rules if holds(rule, method, path, matches)), listener["defaultActions"]
    )
    (action,) = actions
    if action["type"] == "fixed-response":
        return Destination.REFUSED
    shares = action.get("forward", {"targetGroups": [{"arn": action.get("targetGroupArn"), "weight": 1}]})
    (arn,) = [share["arn"] for share in shares["targetGroups"] if share["weight"]]
    return groups[arn]


@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_a_real_request_goes_where_it_must(request_: Request) -> None:
    assert answer(request_.method, request_.path, pool=True) is request_.destination
    refused = request_.destination is Destination.REFUSED
    assert (answer(request_.method, request_.path, pool=False) is Destination.REFUSED) is refused


@given(method=st.sampled_from(METHODS), path=PATHS, pool=st.booleans())
def test_any_request_goes_where_the_table_says(method: str, path: str, pool: bool) -> None:  # noqa: FBT001 -- drawn
    assert answer(method, path, pool=pool) is destination(method, path, pool=pool)


@given(method=st.sampled_from(METHODS), path=PATHS)
def test_it_does_not_matter_whether_a_pattern_is_searched_for_or_the_whole(method: str, path: str) -> None:
    assert answer(method, path, pool=True, matches=re.fullmatch) is answer(method, path, pool=True)


@pytest.mark.parametrize("pool", [False, True])
def test_the_rules_are_within_the_quotas_of_the_load_balancer(pool: bool) -> None:  # noqa: FBT001 -- a column
    """Source: Application Load Balancer guide, quotas and condition types; API reference, PathPatternConditionConfig.

    Whether the quota of wildcards counts those of regular expressions is not documented, so they are counted.
    """
    rules, _, _ = declared(pool=pool)
    assert 0 < len(rules) <= 100
    for rule in rules:
        methods = conditions(rule, "httpRequestMethod", "values")
        paths = conditions(rule, "pathPattern", "regexValues")
        assert len(methods) <= 1
        assert len(paths) == 1
        assert all(0 < len(values) <= 3 for values in (*methods, *paths))
        assert sum(map(len, (*methods, *paths))) <= 5
        assert len(re.findall(r"[*?]", "".join(*paths))) <= 5
        assert max(map(len, *paths)) <= 128
        assert 1 <= rule["priority"] <= 50000
    assert len({rule["priority"] for rule in rules}) == len(rules)


def test_what_is_refused_is_answered_by_the_edge_itself() -> None:
    rules, _, _ = declared(pool=False)
    for rule in rules:
        ((kind, response),) = [(action["type"], action["fixedResponse"]) for action in rule["actions"]]
        assert kind == "fixed-response"
        assert (response["statusCode"], response["contentType"]) == ("404", "application/json")
        assert json.loads(response["messageBody"]) == {"error": "not_found"}


@pytest.mark.parametrize("pool", [False, True])
def test_a_rule_has_the_name_and_the_place_of_its_group(pool: bool) -> None:  # noqa: FBT001 -- a column
    found = {rule.name: rule.inputs["priority"] for rule in balancer(pool=pool).of(aws.lb.ListenerRule)}
    assert found == {
        f"{'pool-route' if goes_to is Destination.POOL else 'load-balancer'}-{group.name}": group.priority
        for group, goes_to in rules_of_table(pool=pool)
    }


def test_the_pool_comes_after_all_others() -> None:
    rules, _, _ = declared(pool=True)
    assert [conditions(rule, "pathPattern", "regexValues") for rule in rules if rule["priority"] >= 1000] == [
        [[r"^/.*$"]]
    ]
    assert max(rule["priority"] for rule in rules) == 1000
