"""Quotas: there is room for all that may run at once, and the hub's own is never taken by others."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import timeouts
from components.capacity import SURGE
from components.server.namespace_budget import limits, quotas
from components.settings.reservations import STOPPING
from components.settings.resources import ResourceSettings
from components.settings.telemetry import NoTelemetry, Telemetry, TelemetryCollector
from components.settings.topology import HubAndPoolTopology, PoolSettings, SingleTopology

HUB = ResourceSettings(cpu_millis=2000, memory_mib=4096)
SINGLE = SingleTopology(kind="single")
OFF = NoTelemetry(kind="none")
ON = TelemetryCollector(kind="collector", sampling_percent=5)


def pool(maximum: int, memory_mib: int = 2048) -> HubAndPoolTopology:
    return HubAndPoolTopology(
        kind="hub_and_pool",
        pool=PoolSettings(
            minimum=2,
            maximum=maximum,
            resources=ResourceSettings(cpu_millis=1000, memory_mib=memory_mib),
            cpu_target_percent=60,
            memory_target_percent=85,
        ),
    )


def hard(topology: SingleTopology | HubAndPoolTopology, name: str, telemetry: Telemetry = OFF) -> dict[str, Any]:
    spec: Any = quotas(topology, HUB, telemetry)[name]
    return spec.hard


@pytest.mark.parametrize("topology", [SINGLE, pool(6)])
def test_the_hub_can_be_replaced_while_the_one_before_still_stops(
    topology: SingleTopology | HubAndPoolTopology,
) -> None:
    assert hard(topology, "hub") == {
        "pods": "2",
        "requests.cpu": f"{2 * (2000 + 100)}m",
        "requests.memory": f"{2 * (4096 + 256)}Mi",
        "limits.memory": f"{2 * (4096 + 256)}Mi",
    }


def test_others_have_room_for_the_jobs() -> None:
    memory = f"{2 * 128 + (256 + 512) + 64 + 2 * 64}Mi"
    assert hard(SINGLE, "others") == {
        "pods": "6",
        "requests.cpu": f"{2 * 100 + 2 * 100 + 50 + 2 * 50}m",
        "requests.memory": memory,
        "limits.memory": memory,
    }


def test_a_pool_has_room_at_its_largest_while_it_is_rolled() -> None:
    # Six, one more that comes, and two that still stop: each is given up after 30 s and may take 60 s to end.
    assert (SURGE, STOPPING, timeouts.MIN_READY) == (1, 2, 30)
    pods = 6 + 1 + 2
    alone, beside = hard(SINGLE, "others", ON), hard(pool(6), "others", ON)
    assert int(beside["pods"]) - int(alone["pods"]) == pods
    assert memory(beside) - memory(alone) == pods * (2048 + 256 + 256)


def memory(spec: dict[str, Any]) -> int:
    return int(spec["limits.memory"].removesuffix("Mi"))


@given(st.integers(2, 20))
def test_a_pool_takes_nothing_of_the_hub(maximum: int) -> None:
    assert hard(pool(maximum), "hub") == hard(SINGLE, "hub")
    assert memory(hard(pool(maximum), "others")) > memory(hard(SINGLE, "others"))


def test_the_two_tell_pods_apart_by_the_hubs_priority_class() -> None:
    specs: dict[str, Any] = quotas(pool(6), HUB, OFF)
    terms = {name: specs[name].scope_selector.match_expressions for name in ("hub", "others")}
    assert {
        name: [(each.scope_name, each.operator, each.values) for each in found] for name, found in terms.items()
    } == {
        "hub": [("PriorityClass", "In", ["tmi-hub"])],
        "others": [("PriorityClass", "NotIn", ["tmi-hub"])],
    }


def test_there_is_no_other_way_in_and_no_volume() -> None:
    assert hard(SINGLE, "objects") == {
        "persistentvolumeclaims": "0",
        "services.loadbalancers": "0",
        "services.nodeports": "0",
    }


@pytest.mark.parametrize(("of_pool", "most"), [(2048, "4096Mi"), (8192, "8192Mi")])
def test_no_container_may_have_more_than_the_larger_tmi(of_pool: int, most: str) -> None:
    spec: Any = limits(pool(6, of_pool), HUB)
    assert spec.limits[0].max == {"memory": most}
