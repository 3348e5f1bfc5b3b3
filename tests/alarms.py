"""A stack's alarms for tests: every tier, both roles, a primary and a replica, two nodes of Redis."""

from __future__ import annotations

from typing import Final

import pulumi

from components.database_instance import DatabaseInstance
from components.log_sink import LogClass
from components.monitoring.alarms import AlarmsArgs, table
from components.monitoring.rows import Severity
from components.monitoring.security_events import EVENTS
from components.monitoring.tables.cache import Caches
from components.monitoring.tables.cluster import Pods, Workload
from components.monitoring.tables.edge import Edge
from components.monitoring.tables.health_checks import outside
from components.monitoring.tables.jobs import Job, Jobs
from components.monitoring.tables.logs import Archive, Logs
from components.monitoring.tables.objectives import Objectives
from components.monitoring.tables.server import Process, Processes
from components.server.roles import Role

OF_THE_POOL: Final = frozenset(
    f"alarms-pool-{name}"
    for name in (
        "no-healthy-target",
        "unhealthy-target",
        "server-errors",
        "latency-p50",
        "latency-p95",
        "latency-p99",
        "not-ready",
        "restarts",
        "out-of-memory",
        "pending",
        "memory",
        "ceiling",
    )
)
"""The alarms that a pool brings."""
MEASURED_OF_THE_POOL: Final = frozenset(
    f"alarms-pool-{name}"
    for name in ("telemetry-silent", "internal-errors", "database-pool", "goroutines", "leak-slope")
)
"""Those it brings where a collector stands beside TMI."""


JOBS: Final = Jobs(
    namespace="TMI/tmi-test/Jobs",
    trimming=Job(name="tmi-stream-trimming", container="trim", hours=3, meaning="Nobody cuts the stream."),
    others=(
        Job(name="tmi-database-dump", container="upload", hours=31, meaning="No dump was made."),
        Job(name="tmi-hub-recycling", container="restart", hours=170, meaning="The hub was not restarted this week."),
        Job(name="tmi-pool-recycling", container="restart", hours=13, meaning="The pool was not restarted."),
    ),
)
"""What runs by the clock; the hub's restart is weekly, which no alarm can look back on."""


def instance(name: str, instance_class: str, storage_gib: int, *, replica: bool = False) -> DatabaseInstance:
    """A server of PostgreSQL."""
    return DatabaseInstance(
        identifier=name,
        resource_id=f"db-{name.upper()}",
        replica=replica,
        instance_class=instance_class,
        storage_gib=storage_gib,
    )


def arguments(
    topics: dict[Severity, pulumi.Input[str]] | None = None, *, measured: bool = True, archived: bool = True
) -> AlarmsArgs:
    """Arguments of :class:`components.monitoring.alarms.Alarms`."""
    return AlarmsArgs(
        stack_name="tmi-test",
        repository="https://git.example.com/tmi-on-aws",
        topic_arns=topics or {each: f"arn:aws:sns:eu-west-1:111111111111:{each.value}" for each in Severity},
        objectives=Objectives(
            load_balancer="app/x/0",
            window_days=30,
            availability_percent=99.9,
            latency_milliseconds=500,
            latency_percent=99.0,
        ),
        canary="tmi-test-deep-check",
        edge=Edge(
            load_balancer="app/x/0",
            certificate_arn="arn:aws:acm:eu-west-1:111111111111:certificate/x",
            web_acl="tmi-test",
            region="eu-west-1",
            site_rate=3000,
        ),
        target_group_suffixes={Role.POOL: "targetgroup/y/0", Role.HUB: "targetgroup/x/0"},
        processes=Processes(
            namespace="TMI/tmi-test",
            by_role={
                Role.HUB: Process(memory_mib=4096, requests_per_minute=30),
                Role.POOL: Process(memory_mib=2048, requests_per_minute=60),
            },
            webhooks=True,
        )
        if measured
        else None,
        workload=Workload(
            cluster="tmi-test",
            namespace="tmi",
            pods={Role.HUB: Pods(minimum=1, maximum=1), Role.POOL: Pods(minimum=3, maximum=6)},
        ),
        databases={
            "database-main": instance("tmi-test-main", "db.t4g.medium", 20),
            "database-main-reporting": instance("tmi-test-main-reporting", "db.m7g.large", 100, replica=True),
        },
        active_database="database-main",
        caches=Caches(members={"001": "tmi-test-001", "002": "tmi-test-002"}, connections=96),
        nat_gateways={"eu-west-1a": "nat-0a"},
        jobs=JOBS,
        logs=Logs(
            stack_name="tmi-test",
            containers="/containers",
            events=EVENTS,
            archive=Archive(
                subscription="tmi-test-archive",
                streams={LogClass.NETWORK: "tmi-network", LogClass.CONTROL_PLANE: "tmi-control-plane"},
            )
            if archived
            else None,
            anomaly_detection=True,
        ),
    )


ROWS: Final = {row.name: row for row in (*table(arguments()), *outside({"tmi.example.com": "of-a-test"}))}
"""Every alarm of that stack by its name, and of Route 53's region."""
