"""Namespaces: of one's own, with a quota, limits and a version of the standard."""

from __future__ import annotations

from typing import Any

import pytest

from policy.graph import Resource
from policy.rules.cluster.namespaces import NAMESPACES_BOUNDED
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource, undecided, violations
from tests.policy.pods import NAMESPACE, deployment, faults, named

HARD: dict[str, Any] = {
    "pods": "6",
    "requests.cpu": "4",
    "requests.memory": "8Gi",
    "limits.memory": "8Gi",
    "services.loadbalancers": "0",
    "services.nodeports": "0",
}


def quota(hard: Plain, namespace: Plain = "tmi") -> Resource:
    return resource("kubernetes:core/v1:ResourceQuota", "quota", {**named("quota", namespace), "spec": {"hard": hard}})


def limits(each: Plain, namespace: Plain = "tmi") -> Resource:
    spec: Plain = {"limits": [each]}
    return resource("kubernetes:core/v1:LimitRange", "limits", {**named("limits", namespace), "spec": spec})


QUOTA, LIMITS = quota(HARD), limits({"type": "Container", "default": {"memory": "128Mi"}})
LIMITLESS = "no LimitRange of it gives a container a limit of memory"
VERSION = "its label pod-security.kubernetes.io/enforce-version must be a version, such as v1.35"


def test_a_bounded_namespace_passes() -> None:
    assert faults(NAMESPACES_BOUNDED, NAMESPACE, deployment(), QUOTA, LIMITS) == []


@pytest.mark.parametrize("name", HARD)
@pytest.mark.parametrize("value", [None, UNKNOWN, []])
def test_every_bound_is_needed(name: str, value: Plain) -> None:
    said = "sets services.loadbalancers to 0" if name.startswith("services") else f"bounds {name}"
    expected = [f"no ResourceQuota of it {said.replace('services.loadbalancers', name)}"]
    assert faults(NAMESPACES_BOUNDED, NAMESPACE, deployment(), quota({**HARD, name: value}), LIMITS) == expected


def test_ways_in_beside_the_balancer_are_none() -> None:
    for name in ("services.loadbalancers", "services.nodeports"):
        assert len(faults(NAMESPACES_BOUNDED, NAMESPACE, deployment(), quota({**HARD, name: "1"}), LIMITS)) == 1
        assert faults(NAMESPACES_BOUNDED, NAMESPACE, deployment(), quota({**HARD, name: 0}), LIMITS) == []


def test_quotas_add_up() -> None:
    first = quota({name: HARD[name] for name in list(HARD)[:3]})
    second = resource(first.type, "second", quota({name: HARD[name] for name in list(HARD)[3:]}).properties)
    assert faults(NAMESPACES_BOUNDED, NAMESPACE, deployment(), first, second, LIMITS) == []


@pytest.mark.parametrize("hard", [None, UNKNOWN, "all", []])
def test_a_quota_that_cannot_be_read_bounds_nothing(hard: Plain) -> None:
    assert len(faults(NAMESPACES_BOUNDED, NAMESPACE, deployment(), quota(hard), LIMITS)) == len(HARD)


@pytest.mark.parametrize(
    "each",
    [
        {"type": "Pod", "default": {"memory": "128Mi"}},
        {"type": "Container", "default": {"cpu": "1"}},
        {"type": "Container", "default": {"memory": UNKNOWN}},
        {"type": "Container"},
        {},
        UNKNOWN,
    ],
)
def test_containers_have_a_default(each: Plain) -> None:
    assert faults(NAMESPACES_BOUNDED, NAMESPACE, deployment(), QUOTA, limits(each)) == [LIMITLESS]


def test_what_bounds_another_namespace_does_not_count() -> None:
    found = faults(
        NAMESPACES_BOUNDED, NAMESPACE, deployment(), quota(HARD, "other"), limits(LIMITS.get("spec"), "other")
    )
    assert len(found) == len(HARD) + 1


@pytest.mark.parametrize(
    ("version", "passes"),
    [("v1.35", True), ("latest", False), ("1.35", False), (None, False), (UNKNOWN, False), (1.35, False)],
)
def test_a_standard_has_a_version(version: Plain, *, passes: bool) -> None:
    labels: Plain = {"pod-security.kubernetes.io/enforce-version": version}
    space = resource(NAMESPACE.type, "namespace", {"metadata": {"name": "tmi", "labels": labels}})
    found = violations(NAMESPACES_BOUNDED, space, deployment(), QUOTA, LIMITS)
    assert found == ([] if passes else [("namespace", VERSION)])


@pytest.mark.parametrize("namespace", [None, "", "default", "kube-system"])
def test_a_workload_is_in_a_namespace_of_its_own(namespace: Plain) -> None:
    pod = resource(deployment().type, "it", {**deployment().properties, **named("it", namespace)})
    assert faults(NAMESPACES_BOUNDED, pod) == ["metadata.namespace must name a namespace of its own"]


def test_a_namespace_of_another_stack_cannot_be_judged() -> None:
    assert undecided(NAMESPACES_BOUNDED, deployment()) == ["it"]
    assert faults(NAMESPACES_BOUNDED, deployment()) == []


def test_an_empty_namespace_needs_no_bounds() -> None:
    assert faults(NAMESPACES_BOUNDED, NAMESPACE) == []


def test_a_namespace_is_followed_by_reference_while_its_name_is_unknown() -> None:
    labels: Plain = {"pod-security.kubernetes.io/enforce-version": "v1.35"}
    space = resource(NAMESPACE.type, "space", {"metadata": {"name": UNKNOWN, "labels": labels}})
    inside = [
        made_from(resource(each.type, each.name, {**each.properties, **named(each.name, UNKNOWN)}), "metadata", space)
        for each in (deployment(), QUOTA, LIMITS)
    ]
    assert faults(NAMESPACES_BOUNDED, space, *inside) == []
    assert faults(NAMESPACES_BOUNDED, space, *inside[:2]) == [LIMITLESS]


SCOPES: tuple[dict[str, Plain], ...] = (
    {"scopeSelector": {"matchExpressions": [{}]}},
    {"scopes": ["NotTerminating"]},
)


@pytest.mark.parametrize("scope", SCOPES)
def test_a_quota_with_a_scope_bounds_everything_itself(scope: dict[str, Plain]) -> None:
    narrow = resource(
        "kubernetes:core/v1:ResourceQuota", "narrow", {**named("narrow"), "spec": {"hard": {"pods": "1"}, **scope}}
    )
    expected = [
        f"a ResourceQuota of it with a scope does not bound {name}"
        for name in ("requests.cpu", "requests.memory", "limits.memory")
    ]
    assert faults(NAMESPACES_BOUNDED, NAMESPACE, deployment(), quota(HARD), LIMITS, narrow) == expected
