"""Replication: one hub, a pool that outlives its members, and budgets that let pods go."""

from __future__ import annotations

from typing import Any

import pytest

from policy.graph import Resource
from policy.rules.workload.replication import EVICTIONS_POSSIBLE, HUB_ALONE, POOL_LOSSLESS
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource, violations
from tests.policy.mutations.changing import changed
from tests.policy.pods import HUB, OTHER, POD, POOL, deployment, faults, named, pod_with

ONCE: dict[str, Plain] = {"replicas": 1, "strategy": {"type": "Recreate"}}
COUNT = "spec.replicas must be 1"
TWICE = "spec.strategy.type must be Recreate, or two run at each update"


def hub(name: str = "hub", labels: Plain = HUB, **spec: Plain) -> Resource:
    return deployment(labels, POD, name, **{**ONCE, **spec})


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, []),
        *(({"replicas": value}, [COUNT]) for value in (None, 0, 2, UNKNOWN, "1")),
        *(({"strategy": value}, [TWICE]) for value in (None, {}, {"type": "RollingUpdate"}, UNKNOWN, "Recreate")),
        ({"strategy": {"type": UNKNOWN}}, [TWICE]),
    ],
)
@pytest.mark.parametrize("component", ["hub", "server", None, UNKNOWN])
def test_whatever_is_not_the_pool_runs_once(component: Plain, spec: dict[str, Plain], expected: list[str]) -> None:
    labels = {**HUB, "app.kubernetes.io/component": component}
    assert faults(HUB_ALONE, hub("hub", labels, **spec)) == expected


def test_what_is_not_tmi_runs_as_it_likes() -> None:
    assert faults(HUB_ALONE, hub("one", OTHER, replicas=3, strategy=None), hub("two", OTHER)) == []
    assert faults(HUB_ALONE, deployment(POOL, POD, "pool"), hub()) == []


def test_there_is_one_hub() -> None:
    message = "one is a hub of the same namespace; there must be one"
    assert violations(HUB_ALONE, hub("one"), hub("two")) == [("two", message)]
    elsewhere = resource(hub().type, "two", {**hub().properties, **named("two", "other")})
    assert violations(HUB_ALONE, hub("one"), elsewhere) == []


def scaler(target: Plain = "hub", kind: Plain = "Deployment", version: str = "v2", **spec: Plain) -> Resource:
    known: dict[str, Plain] = {"scaleTargetRef": {"kind": kind, "name": target}, "minReplicas": 2, **spec}
    token = f"kubernetes:autoscaling/{version}:HorizontalPodAutoscaler"
    return resource(token, "scaler", {**named("scaler"), "spec": known})


@pytest.mark.parametrize("version", ["v1", "v2", "v2beta2"])
def test_nothing_scales_the_hub(version: str) -> None:
    message = "it scales hub, of which two must never run"
    assert violations(HUB_ALONE, hub(), scaler(version=version)) == [("scaler", message)]
    by_reference = made_from(scaler(UNKNOWN, version=version), "spec", hub())
    assert violations(HUB_ALONE, hub(), by_reference) == [("scaler", message)]


@pytest.mark.parametrize("other", [scaler("other"), scaler(kind="StatefulSet"), scaler(UNKNOWN), scaler(None)])
def test_what_scales_something_else_is_no_matter(other: Resource) -> None:
    assert faults(HUB_ALONE, hub(), other) == []


SPREAD: dict[str, Any] = {"maxSkew": 1, "whenUnsatisfiable": "ScheduleAnyway", "labelSelector": {"matchLabels": POOL}}
SPREADS: list[Any] = [
    {**SPREAD, "topologyKey": key} for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
]
MEMBER = {**POD, "topologySpreadConstraints": SPREADS}
ROLLING: dict[str, Any] = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}


def pool(pod: Plain = MEMBER, **spec: Plain) -> Resource:
    return deployment(POOL, pod, "pool", **{"strategy": ROLLING, **spec})


def budget(labels: Plain = POOL, namespace: str = "tmi", **spec: Plain) -> Resource:
    known: dict[str, Plain] = {"selector": {"matchLabels": labels}, **(spec or {"maxUnavailable": 1})}
    properties = {**named("budget", namespace), "spec": known}
    return resource("kubernetes:policy/v1:PodDisruptionBudget", "budget", properties)


LOSES = "spec.strategy must be RollingUpdate with maxUnavailable 0 and a maxSurge"
FEW = "it must have 2 members or more, by minReplicas of its autoscaler or by replicas"
FIXED = "spec.replicas must be left to its autoscaler, which each update would undo"
UNBUDGETED = "no PodDisruptionBudget selects it"


def spread_over(key: str) -> str:
    return f"topologySpreadConstraints must spread its members over {key}, and say what if they cannot"


ZONES, HOSTS = spread_over("topology.kubernetes.io/zone"), spread_over("kubernetes.io/hostname")


@pytest.mark.parametrize(
    ("member", "around", "expected"),
    [
        (pool(), [scaler("pool"), budget()], []),
        (pool(replicas=2), [budget()], []),
        (pool(), [made_from(scaler(UNKNOWN), "spec", pool()), budget()], []),
        (pool(), [budget()], [FEW]),
        (pool(replicas=1), [budget()], [FEW]),
        (pool(replicas=UNKNOWN), [budget()], [FEW]),
        (pool(), [scaler("pool", minReplicas=1), budget()], [FEW]),
        (pool(), [scaler("pool", minReplicas=None), budget()], [FEW]),
        (pool(), [scaler("pool", minReplicas=UNKNOWN), budget()], [FEW]),
        (pool(replicas=3), [scaler("pool"), budget()], [FIXED]),
        (pool(), [scaler("pool")], [UNBUDGETED]),
        (pool(), [scaler("pool"), budget(HUB)], [UNBUDGETED]),
        (pool(), [scaler("pool"), budget(UNKNOWN)], [UNBUDGETED]),
        (pool(), [scaler("pool"), budget(namespace="other")], [UNBUDGETED]),
    ],
)
def test_the_pool(member: Resource, around: list[Resource], expected: list[str]) -> None:
    assert faults(POOL_LOSSLESS, member, *around) == expected


@pytest.mark.parametrize(
    ("path", "value", "passes"),
    [
        (("type",), None, True),
        (("rollingUpdate", "maxSurge"), "25%", True),
        (("rollingUpdate", "maxUnavailable"), "0%", True),
        (("type",), "Recreate", False),
        (("type",), UNKNOWN, False),
        (("rollingUpdate", "maxSurge"), None, False),
        (("rollingUpdate", "maxSurge"), 0, False),
        (("rollingUpdate", "maxUnavailable"), None, False),
        (("rollingUpdate", "maxUnavailable"), 1, False),
        (("rollingUpdate", "maxUnavailable"), UNKNOWN, False),
        (("rollingUpdate",), None, False),
        ((), None, False),
    ],
)
def test_the_pool_rolls(path: tuple[str, ...], value: Plain, *, passes: bool) -> None:
    member = pool(strategy=changed(ROLLING, path, value))
    assert faults(POOL_LOSSLESS, member, scaler("pool"), budget()) == ([] if passes else [LOSES])


@pytest.mark.parametrize(
    ("spreads", "expected"),
    [
        (SPREADS, []),
        (SPREADS[:1], [HOSTS]),
        (None, [ZONES, HOSTS]),
        (UNKNOWN, [ZONES, HOSTS]),
        ([{**SPREADS[0], "whenUnsatisfiable": None}, SPREADS[1]], [ZONES]),
        ([{**SPREADS[0], "labelSelector": {"matchLabels": HUB}}, SPREADS[1]], [ZONES]),
        ([{**SPREADS[0], "labelSelector": None}, SPREADS[1]], [ZONES]),
        ([{**SPREADS[0], "whenUnsatisfiable": "DoNotSchedule"}, SPREADS[1]], []),
    ],
)
def test_the_pool_is_spread(spreads: Plain, expected: list[str]) -> None:
    member = pool(pod_with("topologySpreadConstraints", to=spreads))
    assert faults(POOL_LOSSLESS, member, scaler("pool"), budget()) == expected


NONE = "it lets no pod be evicted"


@pytest.mark.parametrize(
    ("given", "around", "expected"),
    [
        (budget(), [], []),
        (budget(maxUnavailable="50%"), [], []),
        (budget(minAvailable=1), [pool(), scaler("pool")], []),
        (budget(minAvailable=1), [pool(replicas=2)], []),
        (budget(maxUnavailable=0), [], [NONE]),
        (budget(maxUnavailable="0%"), [], [NONE]),
        (budget(minAvailable="100%"), [], [NONE]),
        (budget(unhealthyPodEvictionPolicy="AlwaysAllow"), [], [NONE]),
        (budget(minAvailable=2), [pool(), scaler("pool")], ["it lets no pod of pool be evicted"]),
        (budget(minAvailable=2), [pool(replicas=2)], ["it lets no pod of pool be evicted"]),
        (budget(HUB, minAvailable=1), [hub()], ["it lets no pod of hub be evicted"]),
        (budget(HUB, minAvailable=1), [hub(replicas=None)], ["it lets no pod of hub be evicted"]),
        (budget(HUB, minAvailable=1), [pool(replicas=1)], []),
        (budget(HUB, "other", minAvailable=1), [hub()], []),
        (budget(minAvailable=UNKNOWN), [pool(replicas=1)], []),
    ],
)
def test_a_budget_lets_pods_go(given: Resource, around: list[Resource], expected: list[str]) -> None:
    assert violations(EVICTIONS_POSSIBLE, given, *around) == [("budget", message) for message in expected]
