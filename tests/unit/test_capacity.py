"""The arithmetic of capacity, against the figures it was measured with and against itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.capacity import (
    RESTART_HOURS,
    RESTART_SHARE,
    database_connections,
    hours_until_full,
    memory_for,
    pool_size,
    processes,
    redis_connections,
    restart_interval,
)
from components.settings import InvalidSettingsError, parse
from components.settings.capacity_rules import hub_load, pool_load, pool_maximum
from components.settings.instance_classes import DATABASE_CLASSES, max_connections, usable_connections
from tests.pools import POOL
from tests.stack_files import changed

RATES = st.floats(0.01, 100_000)
MEMORY = st.integers(512, 65_536)


@pytest.mark.parametrize(("memory", "per_second", "hours"), [(2048, 10, 8.8), (2048, 2, 44), (1024, 10, 3.3)])
def test_a_pod_is_full_after_as_long_as_was_computed_from_the_measurements(
    memory: int, per_second: float, hours: float
) -> None:
    assert hours_until_full(memory, per_second * 60) == pytest.approx(hours, rel=0.02)


@given(MEMORY, RATES)
def test_a_pod_is_restarted_well_before_it_is_full(memory: int, rate: float) -> None:
    interval = restart_interval(memory, rate)
    safe = hours_until_full(memory, rate) * RESTART_SHARE
    assert (interval is None) == (safe < 1)
    if interval is not None:
        assert interval in RESTART_HOURS
        assert interval <= safe
        assert not any(interval < longer <= safe for longer in RESTART_HOURS)


def test_every_interval_divides_a_day() -> None:
    assert {24 % hours for hours in RESTART_HOURS} == {0}
    assert list(RESTART_HOURS) == sorted(RESTART_HOURS, reverse=True)


@given(st.sampled_from(RESTART_HOURS), RATES)
def test_the_memory_that_a_refusal_names_is_enough_and_no_step_too_much(hours: int, rate: float) -> None:
    enough = memory_for(hours, rate)
    assert hours_until_full(enough, rate) * RESTART_SHARE >= hours * (1 - 1e-9)
    assert hours_until_full(enough - 64, rate) * RESTART_SHARE < hours


def test_a_hundred_requests_a_second_need_four_pods_of_a_vcpu() -> None:
    assert pool_size(6000, 1000) == 4


@given(st.integers(1, 600_000), st.integers(250, 16_000))
def test_a_pod_to_spare_is_no_pod_too_much(rate: int, cpu_millis: int) -> None:
    busy_seconds = rate / 60 * 0.0152
    needed = pool_size(rate, cpu_millis) - 1
    assert busy_seconds <= needed * cpu_millis / 1000 * 0.6 * (1 + 1e-9)
    assert needed == 1 or busy_seconds > (needed - 1) * cpu_millis / 1000 * 0.6


def test_processes_are_the_hub_the_pool_and_one_that_an_update_adds() -> None:
    assert (processes(0), processes(6)) == (1, 8)


def test_each_process_counts_once_more_for_a_node_that_is_lost() -> None:
    assert database_connections(8) == (8 + 1) * 11 + 10
    assert redis_connections(8) == 8 * 12


@pytest.mark.parametrize("instance_class", DATABASE_CLASSES)
def test_usable_connections_ring_no_alarm(instance_class: str) -> None:
    assert usable_connections(instance_class) <= max_connections(instance_class) * 0.7
    assert database_connections(processes(0)) <= usable_connections(instance_class)


def test_a_node_may_wait_exactly_as_long_as_restarts_lie_apart() -> None:
    weekly = {"kind": "weekly", "day": "sun", "time": "03:00"}
    fields = {"server__hub_restart": weekly, "server__resources__memory_mib": 4096}
    assert parse(changed("dev", **fields, cluster__nodes__drain_hours=168)).cluster.nodes.drain_hours == 168
    assert parse(changed("dev", cluster__nodes__drain_hours=24)).cluster.nodes.drain_hours == 24


def test_alone_a_pod_serves_everything() -> None:
    alone = parse(changed("dev")).server
    assert (hub_load(alone), pool_load(alone), pool_maximum(alone)) == (30, 0, 0)
    pooled = parse(changed("dev", server__topology=POOL)).server
    assert (hub_load(pooled), pool_load(pooled), pool_maximum(pooled)) == (5, 12.5, 4)


@pytest.mark.parametrize("which", ["instance_class", "replicas__spare__instance_class"])
def test_every_server_that_may_become_the_active_one_is_looked_at(which: str) -> None:
    whole = changed("prod", server__topology__pool__maximum=20)
    instances = whole["database"]["instances"]
    instances["other"] = {**instances["main"], "replicas": {"spare": dict(instances["main"]["replicas"]["standby"])}}
    parse(whole)
    node = instances["other"]
    *parts, last = which.split("__")
    for part in parts:
        node = node[part]
    node[last] = "db.t4g.small"
    with pytest.raises(InvalidSettingsError, match="up to 22 processes of TMI need 263") as refused:
        parse(whole)
    path = f"database.instances.other.{which.replace('__', '.')}"
    assert [problem.path for problem in refused.value.problems] == [path]
