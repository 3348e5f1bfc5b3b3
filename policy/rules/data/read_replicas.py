"""Read replicas: they hold the primary's data, so they are held as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policy.facts.replicas import DATABASE, in_same_region, source
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, Severity, Violation
from policy.values import UNKNOWN, Plain, elements

_KEPT_ALIKE: Final[Mapping[str, Plain]] = {
    "autoMinorVersionUpgrade": True,
    "caCertIdentifier": None,
    "copyTagsToSnapshot": False,
    "databaseInsightsMode": None,
    "performanceInsightsEnabled": False,
    "publiclyAccessible": False,
}
"""What a replica has as its primary does, and what absent means. Not deletion protection: replicas leave first."""
_MADE_ALIKE: Final[Mapping[str, str]] = {
    "parameterGroupName": "aws:rds/parameterGroup:ParameterGroup",
    "performanceInsightsKmsKeyId": "aws:kms/key:Key",
    "vpcSecurityGroupIds": "aws:ec2/securityGroup:SecurityGroup",
}
"""What a replica in the same region is made from as its primary is; another region needs resources of its own, which
other rules look at."""
_INHERITED: Final = ("parameterGroupName",)
"""What a replica takes from its source in the same region if it says nothing.
Source: Amazon RDS API Reference, CreateDBInstanceReadReplica."""
_LOGS: Final = "enabledCloudwatchLogsExports"


def replicas_held_alike(graph: Graph) -> Iterator[Violation]:
    """Each read replica is protected as its primary is."""
    for replica in graph.of_type(DATABASE):
        primary = source(graph, replica)
        if primary is None:
            continue
        for name, otherwise in _KEPT_ALIKE.items():
            values = [otherwise if (value := each.get(name)) is None else value for each in (replica, primary)]
            if UNKNOWN in values or values[0] != values[1]:
                yield Violation(replica, f"{name} must be known, and what it is for {primary.name}")
        logs = [set(map(str, elements(each.get(_LOGS)))) for each in (primary, replica)]
        if not logs[0] <= logs[1]:
            yield Violation(replica, f"{_LOGS} must hold all that {primary.name} delivers")
        if in_same_region(graph, primary, replica):
            yield from _made_alike(graph, primary, replica)


def _made_alike(graph: Graph, primary: Resource, replica: Resource) -> Iterator[Violation]:
    for name, token in _MADE_ALIKE.items():
        if name in _INHERITED and replica.get(name) is None:
            continue
        wanted, found = ({each.urn for each in graph.named(one, name, {token})} for one in (primary, replica))
        if wanted != found:
            yield Violation(replica, f"{name} must name what it names for {primary.name}")


REPLICAS_HELD_ALIKE: Final = GraphRule(
    about=Description(
        id="replicas-held-alike",
        title="Read replicas are protected as their primary is",
        severity=Severity.HIGH,
        frameworks=("FSBP RDS.2", "FSBP RDS.8", "FSBP RDS.9", "FSBP RDS.13"),
        why="A replica holds every row of its primary and may become it: whatever protects only one protects neither.",
        remediation="Give the replica its primary's flags, log exports, parameter group, security groups and key.",
    ),
    check=replicas_held_alike,
)
