"""Rules over what TMI takes: connections to PostgreSQL, and memory until its next restart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from components.capacity import (
    database_connections,
    hours_until_full,
    memory_for,
    pool_size,
    processes,
    restart_interval,
)
from components.settings.capacity import HubRestart, NoRestart, WeeklyRestart
from components.settings.data import DatabaseSettings
from components.settings.instance_classes import max_connections, usable_connections
from components.settings.problems import Problem, of_value
from components.settings.server import ServerSettings
from components.settings.topology import HubAndPoolTopology
from components.tmi_versions import Defect, has

_DAY_HOURS: Final = 24
_WEEK_HOURS: Final = 7 * _DAY_HOURS


def pool_grows(server: ServerSettings) -> Iterator[Problem]:
    """A pool's bounds are in order."""
    topology = server.topology
    if isinstance(topology, HubAndPoolTopology) and topology.pool.maximum < topology.pool.minimum:
        rule = f"is below the minimum ({topology.pool.minimum}); write {topology.pool.minimum} or more"
        yield of_value("server.topology.pool.maximum", topology.pool.maximum, rule)


def connections_fit(database: DatabaseSettings, server: ServerSettings) -> Iterator[Problem]:
    """Whatever may become the server that TMI uses, allows the connections of all its processes.

    Replicas are among them: a replica can be promoted on the day its primary is lost.
    """
    most = processes(pool_maximum(server))
    needed = database_connections(most)
    for name, instance in database.instances.items():
        path = f"database.instances.{name}"
        classes = {
            f"{path}.instance_class": instance.instance_class,
            **{f"{path}.replicas.{key}.instance_class": each.instance_class for key, each in instance.replicas.items()},
        }
        for field, instance_class in classes.items():
            if needed > usable_connections(instance_class):
                rule = (
                    f"allows {max_connections(instance_class)} connections, {usable_connections(instance_class)} "
                    f"without an alarm, and up to {most} processes of TMI need {needed}; choose a larger class, "
                    "or lower server.topology.pool.maximum"
                )
                yield of_value(field, instance_class, rule)


def pool_carries_the_load(server: ServerSettings) -> Iterator[Problem]:
    """At the peak no pod is too busy, and one is to spare."""
    topology = server.topology
    if isinstance(topology, HubAndPoolTopology):
        load, pool = server.expected_load.other_requests_per_minute, topology.pool
        needed = pool_size(load, pool.resources.cpu_millis)
        if pool.maximum < needed:
            rule = (
                f"pods of {pool.resources.cpu_millis} thousandths of a vCPU are too few for {load} requests a minute; "
                f"write {needed} or more, or raise server.topology.pool.resources.cpu_millis"
            )
            yield of_value("server.topology.pool.maximum", pool.maximum, rule)


def pool_outlives_its_interval(server: ServerSettings) -> Iterator[Problem]:
    """A pod of the pool can be restarted before it is full, even while the pool is at its minimum."""
    topology = server.topology
    if not isinstance(topology, HubAndPoolTopology) or not has(server.images.tmi, Defect.MEMORY_LEAK):
        return
    memory, load = topology.pool.resources.memory_mib, pool_load(server)
    if restart_interval(memory, load) is None:
        rule = (
            f"is full after {60 * hours_until_full(memory, load):.0f} minutes of the expected load, since TMI leaks; "
            "pods are restarted at half of that, and no more than once an hour: "
            f"write {memory_for(1, load)} or more, or raise server.topology.pool.minimum"
        )
        yield of_value("server.topology.pool.resources.memory_mib", memory, rule)


def hub_outlives_its_interval(server: ServerSettings) -> Iterator[Problem]:
    """The pod with the live sessions is restarted before it is half full."""
    if not has(server.images.tmi, Defect.MEMORY_LEAK):
        return
    memory, load = server.resources.memory_mib, hub_load(server)
    full, path = hours_until_full(memory, load), "server.hub_restart.kind"
    hours = restart_hours(server.hub_restart)
    if hours is None:
        leak = f"is not for TMI {server.images.tmi}, which leaks and is full after {full:.0f} hours"
        yield of_value(path, server.hub_restart.kind, f"{leak}; write 'daily' or 'weekly'")
    elif memory < (enough := memory_for(hours, load)):
        other = "" if isinstance(server.topology, HubAndPoolTopology) else ", or choose server.topology hub_and_pool"
        more_often = "write 'daily', or " if hours > _DAY_HOURS else ""
        rule = (
            f"is too seldom: TMI leaks, and {memory} MiB are full after {full:.0f} hours of the expected load; "
            f"{more_often}raise server.resources.memory_mib to {enough} or more{other}"
        )
        yield of_value(path, server.hub_restart.kind, rule)


RULES: Final = (
    pool_grows,
    connections_fit,
    pool_carries_the_load,
    pool_outlives_its_interval,
    hub_outlives_its_interval,
)
"""Every rule of this module."""


def pool_maximum(server: ServerSettings) -> int:
    """How many pods the pool has at most; 0 where there is none."""
    return server.topology.pool.maximum if isinstance(server.topology, HubAndPoolTopology) else 0


def hub_load(server: ServerSettings) -> float:
    """Authenticated requests a minute of the pod that holds live sessions."""
    load = server.expected_load
    if isinstance(server.topology, HubAndPoolTopology):
        return load.hub_requests_per_minute
    return load.hub_requests_per_minute + load.other_requests_per_minute


def pool_load(server: ServerSettings) -> float:
    """Authenticated requests a minute of each pod of the pool while it is at its minimum; 0 where there is no pool."""
    if not isinstance(server.topology, HubAndPoolTopology):
        return 0
    return server.expected_load.other_requests_per_minute / server.topology.pool.minimum


def restart_hours(restart: HubRestart) -> int | None:
    """How far two restarts of the hub lie apart; None where the clock restarts nothing."""
    if isinstance(restart, NoRestart):
        return None
    return _WEEK_HOURS if isinstance(restart, WeeklyRestart) else _DAY_HOURS
