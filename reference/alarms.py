"""The page of alarms: for each stack what fires when, how soon a person has to look, and where it says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import yaml

from components.database_instance import DatabaseInstance
from components.database_names import primary_identifier, replica_identifier
from components.log_archive import subscription_name
from components.log_sink import LogClass
from components.monitoring.alarms import AlarmsArgs, watched
from components.monitoring.canary import canary_name
from components.monitoring.database_events import RUNBOOK as DATABASE_EVENTS
from components.monitoring.incidents import INCIDENTS, members, told_by_incident
from components.monitoring.rows import Alarm, Comparison, MissingData, Severity
from components.monitoring.security_events import security_events
from components.monitoring.standby_alarms import standby_rows
from components.monitoring.tables.cache import Caches
from components.monitoring.tables.edge import Edge
from components.monitoring.tables.health_checks import METRICS_REGION, outside
from components.monitoring.tables.logs import Archive, Logs
from components.network import nat_zones
from components.platform.jobs import jobs
from components.platform.watch import objectives, processes, redis_connections, workload
from components.settings import Settings, parse
from components.settings.availability import DeepCheckCanary, RegionalHealthChecks
from components.settings.log_archive import BucketArchive
from components.settings.safekeeping import RecoveryRegion
from reference import markdown

STACKS: Final = ("dev", "prod")
OUTSIDE: Final = "outside"
"""The part that Route 53 watches."""
_HOUR: Final = 3600
_ROOT: Final = Path(__file__).resolve().parents[1]
_SIDES: Final = {Comparison.ABOVE: "above", Comparison.BELOW: "below"}
_SILENCE: Final = {MissingData.BAD: "; silence fires it", MissingData.GOOD: "", MissingData.UNKNOWN: ""}


def settings_of(stack: str) -> Settings:
    """A stack file of the project, read."""
    whole = cast("dict[str, Any]", yaml.safe_load((_ROOT / f"Pulumi.{stack}.yaml").read_text()))
    return parse(whole["config"]["tmi:stack"])


def arguments(settings: Settings) -> AlarmsArgs:
    """What the alarms of a stack are made from, with names where AWS would say an id."""
    name = settings.name
    workloads = workload(settings)
    return AlarmsArgs(
        stack_name=name,
        repository=settings.repository,
        topic_arns=dict.fromkeys(Severity, "topic"),
        objectives=objectives(settings, "load-balancer"),
        canary=canary_name(name) if isinstance(settings.monitoring.canary, DeepCheckCanary) else None,
        edge=Edge(
            load_balancer="load-balancer",
            certificate_arn="certificate",
            web_acl=name,
            region=settings.region,
            site_rate=settings.web_firewall.rate_limits.site,
        ),
        target_group_suffixes={role: role.value for role in workloads.pods},
        processes=processes(settings),
        workload=workloads,
        databases=dict(_databases(settings)),
        active_database=f"database-{settings.database.active}",
        caches=Caches(
            members={f"{number:03}": f"{name}-{number:03}" for number in range(1, settings.cache.nodes + 1)},
            connections=redis_connections(settings),
        ),
        nat_gateways={zone: zone for zone in nat_zones(settings.network)},
        jobs=jobs(settings),
        logs=Logs(
            stack_name=name,
            containers="containers",
            events=security_events(settings_encryption=settings.server.settings_encryption),
            archive=Archive(subscription=subscription_name(name), streams=dict.fromkeys(LogClass, "stream"))
            if isinstance(settings.monitoring.archive, BucketArchive)
            else None,
            anomaly_detection=settings.monitoring.anomaly_detection,
        ),
    )


def _databases(settings: Settings) -> Iterator[tuple[str, DatabaseInstance]]:
    for key, primary in sorted(settings.database.instances.items()):
        identifier = primary_identifier(settings.name, key)
        servers = {
            f"database-{key}": (identifier, primary.instance_class),
            **{
                f"database-{key}-{replica}": (replica_identifier(identifier, replica), each.instance_class)
                for replica, each in sorted(primary.replicas.items())
            },
        }
        for name, (server, instance_class) in servers.items():
            yield (
                name,
                DatabaseInstance(
                    identifier=server,
                    resource_id=server,
                    replica=server != identifier,
                    instance_class=instance_class,
                    storage_gib=primary.storage_gib,
                ),
            )


def page() -> str:
    """The whole page."""
    return markdown.page(
        "# Alarms",
        "Each row becomes an alarm of CloudWatch under the stack's name and its own; what a setting switches off has "
        "none. **page**: now, at any hour. **ticket**: on the next working day. **info**: when somebody looks into "
        "something else. An alarm that is a sign of an incident sends no message of that severity itself: the incident "
        "sends one for all.",
        "Told without an alarm: what RDS does with its servers and which backups failed "
        f"({_runbook(DATABASE_EVENTS)}), and a secret on the day its rotation is due, by a rule that starts once.",
        *(block for stack in STACKS for block in _stack(stack)),
    )


def sections(stack: str) -> dict[str, tuple[Alarm, ...]]:
    """Every row of a stack by the part that it watches."""
    settings = settings_of(stack)
    parts = {tier.value: each.alarms for tier, each in watched(arguments(settings)).items()}
    if isinstance(settings.recovery, RecoveryRegion):
        parts["recovery region"] = standby_rows("certificate")
    if isinstance(settings.monitoring.health_checks, RegionalHealthChecks):
        names = (settings.load_balancer.domain, *settings.load_balancer.alternative_names)
        parts[OUTSIDE] = outside({name: name for name in names})
    return parts


def _stack(stack: str) -> Iterator[str]:
    parts = sections(stack)
    rows = [row for part in parts.values() for row in part]
    yield f"## {stack}"
    yield f"{len(rows)} alarms and {len(INCIDENTS)} incidents."
    yield markdown.table(
        ("incident", "severity", "made of", "held back by", "runbook"),
        (
            (
                f"`{outage.incident}`",
                outage.severity.value,
                (" and " if outage.every else ", ").join(f"`{name}`" for name in members(outage, rows)),
                f"`{outage.held_back_by}`" if outage.held_back_by else "-",
                _runbook(outage.runbook),
            )
            for outage in INCIDENTS
        ),
    )
    for name, part in parts.items():
        yield f"### {stack}: {name}"
        if name == OUTSIDE:
            decision = "[why](../decisions/0016-health-checks-page-from-us-east-1.md)"
            yield f"In {METRICS_REGION}, by a topic there ({decision})."
        yield markdown.table(
            ("alarm", "fires when", "severity", "why there", "runbook"),
            ((f"`{row.name}`", fires_when(row), severity(row), row.reason, _runbook(row.runbook)) for row in part),
        )


def fires_when(row: Alarm) -> str:
    """The condition of a row in words."""
    if row.expression:
        measured = f"`{row.expression}`"
        if row.metrics:
            named = ", ".join(f"{key} = {each.name} ({each.statistic})" for key, each in row.metrics.items())
            measured = f"{measured} with {named}"
    else:
        (only,) = row.metrics.values()
        measured = f"{only.name} ({only.statistic})"
    hours, seconds = divmod(row.period_seconds, _HOUR)
    span = f"{seconds // 60} min" if seconds else f"{hours} h"
    return (
        f"{measured} is {_SIDES[row.comparison]} {row.threshold:,.10g} in {row.bad_periods} of {row.periods} periods "
        f"of {span}{_SILENCE[row.missing]}"
    )


def severity(row: Alarm) -> str:
    """How soon, and by which incident where the row sends no message itself."""
    return f"{row.severity}, by `{row.incident}`" if told_by_incident(row) else row.severity.value


def _runbook(name: str) -> str:
    return f"[{name}](../runbooks/{name}.md)"
