"""The page of sizes: what was measured on TMI, and what it comes to for each stack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from components import capacity
from components.server.schedules import hub_schedule, pool_interval
from components.settings import Settings
from components.settings.capacity_rules import hub_load, pool_load, pool_maximum
from components.settings.instance_classes import max_connections, usable_connections
from components.settings.reservations import hub_pods, other_pods, total
from components.settings.resources import ResourceSettings
from components.settings.server import ServerSettings
from components.settings.topology import HubAndPoolTopology
from components.tmi_versions import DEFECTS, Defect, has
from reference import markdown
from reference.measurements import MEASUREMENTS
from reference.stacks import STACKS, stack_settings

ARITHMETIC: Final = (
    (
        "processes",
        "hub, and with a pool its maximum and one pod that an update adds",
        "1, or 1 + maximum + 1",
    ),
    (
        "connections to PostgreSQL",
        "each process its pool and one more at start; a process more for a node that is lost; 10 for jobs",
        f"(processes + 1) x ({capacity.POOL_CONNECTIONS} + 1) + 10",
    ),
    (
        "connections that a class allows",
        "RDS counts by memory; above 70 % the alarm rings, so no stack may need more",
        "0.7 x memory in bytes / 9,531,392",
    ),
    (
        "hours until a pod is full",
        "the limit less what it takes anyway, by what each authenticated request leaves behind",
        f"(MiB - {capacity.RESTING_MEMORY_MB}) / (requests/s x 3600 x {capacity.LEAKED_KB_PER_REQUEST} KB)",
    ),
    (
        "restart interval of the pool",
        "half of that, for the load is expected and not promised, rounded down to what divides a day",
        ", ".join(map(str, sorted(capacity.RESTART_HOURS))) + " h",
    ),
    (
        "reserved by all pods at most",
        "two hubs, one of them on a lost node; the largest pool in a rollout; every job; all with their side-cars",
        "`components/settings/reservations.py`",
    ),
    (
        "pods of the pool",
        f"none busier than {100 * capacity.BUSY_SHARE:.0f} % at the peak, rounded up, and one to spare",
        f"requests/s x {capacity.CPU_SECONDS_PER_REQUEST} s / ({capacity.BUSY_SHARE} vCPU) + {capacity.SPARE_PODS}",
    ),
)
"""Each figure, what is in it, and its formula."""

_MEASURING = """\
Real instance types differ from two shared cores. To measure again, in a stack that nobody uses:

1. Put `expected_load` on it for an hour, as a user of its own, with the requests that your users send.
2. Requests are `RequestCount` of the target groups. Processor time (`pod_cpu_usage_total` of Container Insights)
   divided by them is `CPU_SECONDS_PER_REQUEST` in `components/capacity.py`.
3. By how much `pod_memory_working_set` grew, divided by them, is `LEAKED_KB_PER_REQUEST`; what it was after the first
   minutes is `RESTING_MEMORY_MB`.
4. Connections are `DatabaseConnections`, at their maximum.

The stack files are judged by the new figures at once; `make format` writes this page anew."""


def page() -> str:
    """The page."""
    leak = DEFECTS[Defect.MEMORY_LEAK]
    return markdown.page(
        "# Sizes",
        "What TMI takes, what it carries, and why its pods are restarted by the clock. The stack file says what load "
        "is expected (`server.expected_load`); what does not fit is refused before anything is made.",
        *(block for stack in STACKS for block in _stack(stack)),
        "## How it is computed",
        markdown.table(("figure", "what is in it", "formula"), ARITHMETIC),
        "The load of a pod of the pool is that of the pool's minimum at the busiest hour: more it cannot leak. All "
        "figures are constants with their sources in `components/capacity.py`.",
        "## What was measured",
        "TMI 1.8.22, PostgreSQL 15, Redis 7.0, HAProxy 2.6 and the clients shared two cores, over loopback. A cell "
        "says how many answers a second there were, and how long 95 of 100 took at most.",
        markdown.table(
            ("request", "clients", "2 idle connections to PostgreSQL", "10 idle connections", "ms of CPU each"),
            ((row.request, row.connections, row.two_idle, row.ten_idle, row.cpu_millis) for row in MEASUREMENTS),
        ),
        f"The leak: {leak.what} 24,000 `GET /me` took a process from 81 goroutines to 24,082 and from 130 to 276 MB; "
        "a minute later it had given nothing back. Requests without a login leak nothing. At rest a process takes 126 "
        "to 140 MB.",
        "## Measuring again",
        _MEASURING,
        "## Restarts",
        "A CronJob for each Deployment does what `kubectl rollout restart` does, and waits until all pods are new. The "
        "pool's are replaced one by one, unnoticed. A restart of the hub ends live sessions and logins under way: "
        "`server.hub_restart` names an hour in which nobody works together. `kubectl -n tmi get jobs` shows the last "
        "restarts, and `kubectl -n tmi create job --from=cronjob/tmi-hub-recycling NAME` starts one. `pulumi up` "
        "undoes none: the annotation is not among the fields that it applies.",
        "## What is known to be wrong with TMI",
        markdown.table(
            ("what", "seen in", "repaired in", "what is done about it"),
            ((each.what, each.seen_in, each.fixed_in or "-", each.answer) for each in DEFECTS.values()),
        ),
        "A version that repairs one is written into `components/tmi_versions.py`, and lifts what was done about it.",
    )


def _stack(stack: str) -> Iterator[str]:
    yield f"## {stack}"
    yield markdown.table(("figure", "value", "bound"), rows(stack_settings(stack)))


def rows(settings: Settings) -> list[tuple[str, str, str]]:
    """What the arithmetic comes to for these settings: figure, value, and what it is held against."""
    server, load = settings.server, settings.server.expected_load
    most = capacity.processes(pool_maximum(server))
    return [
        (
            "authenticated requests a minute",
            f"{load.hub_requests_per_minute} to the hub's routes, {load.other_requests_per_minute} to the others",
            "`server.expected_load`",
        ),
        ("processes of TMI", str(most), ""),
        *_connections(settings, most),
        ("connections to Redis", str(capacity.redis_connections(most)), ""),
        *_hub(server),
        *_pool(settings),
        *_reserved(settings),
    ]


def _connections(settings: Settings, most: int) -> Iterator[tuple[str, str, str]]:
    needed = str(capacity.database_connections(most))
    for name, instance in sorted(settings.database.instances.items()):
        for what, instance_class in (
            (f"`{name}`", instance.instance_class),
            *((f"`{name}`, replica `{key}`", each.instance_class) for key, each in sorted(instance.replicas.items())),
        ):
            bound = f"{usable_connections(instance_class)} of the {max_connections(instance_class)} of {instance_class}"
            yield (f"connections to PostgreSQL {what}", needed, bound)


def _hub(server: ServerSettings) -> Iterator[tuple[str, str, str]]:
    resources, load = server.resources, hub_load(server)
    leaks = has(server.images.tmi, Defect.MEMORY_LEAK)
    if leaks:
        yield from _memory("the hub" if pool_maximum(server) else "the pod", resources, load)
    schedule = hub_schedule(server.hub_restart) or "none"
    yield ("its restarts", f"`{schedule}`", _in_time(resources, load) if leaks else "")


def _memory(role: str, resources: ResourceSettings, load: float) -> Iterator[tuple[str, str, str]]:
    hours = capacity.hours_until_full(resources.memory_mib, load)
    yield (f"hours until {role} is full", f"{hours:.0f}", f"{resources.memory_mib} MiB at {load:g} a minute")


def _in_time(resources: ResourceSettings, load: float) -> str:
    """When it is half full."""
    return f"{capacity.hours_until_full(resources.memory_mib, load) / 2:.0f} h at the most, when it is half full"


def _pool(settings: Settings) -> Iterator[tuple[str, str, str]]:
    server = settings.server
    if not isinstance(server.topology, HubAndPoolTopology):
        return
    pool = server.topology.pool
    needed = capacity.pool_size(server.expected_load.other_requests_per_minute, pool.resources.cpu_millis)
    yield ("pods of the pool at the peak", str(needed), f"{pool.minimum} to {pool.maximum}")
    if has(server.images.tmi, Defect.MEMORY_LEAK):
        yield from _memory("a pod of the pool", pool.resources, pool_load(server))
        yield ("restarts of the pool", f"every {pool_interval(server)} h", _in_time(pool.resources, pool_load(server)))


def _reserved(settings: Settings) -> Iterator[tuple[str, str, str]]:
    server, nodes = settings.server, settings.cluster.nodes
    pods = total([hub_pods(server.resources, server.telemetry), *other_pods(server.topology, server.telemetry)])
    what = "reserved by all pods at most"
    yield (f"vCPU {what}", f"{pods.cpu_millis / 1000:.1f}", f"less than {nodes.cpu_limit} of `cluster.nodes.cpu_limit`")
    gib = f"{pods.memory_mib / 1024:.1f}"
    yield (f"GiB {what}", gib, f"less than {nodes.memory_limit_gib} of `cluster.nodes.memory_limit_gib`")
