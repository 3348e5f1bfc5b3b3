"""Deliveries: what carries logs is encrypted, and says when it fails; logs that AWS writes have a group before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.replicas import DATABASE, in_same_region
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, ResourceRule, Severity, Violation
from policy.values import elements, present, show

_STREAM: Final = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
_DESTINATION: Final = "extendedS3Configuration"
_SOURCES: Final = ("kinesisSourceConfiguration", "mskSourceConfiguration")
"""Where records lie before; a stream that reads from one keeps none, and has no encryption of its own."""


def deliveries_encrypted(stream: Resource) -> Iterator[Violation]:
    """Each delivery stream that is written to directly encrypts what it holds."""
    enabled = stream.get("serverSideEncryption", "enabled")
    if enabled is not True and not any(present(stream.get(name)) for name in _SOURCES):  # absent: false
        yield Violation(stream, f"serverSideEncryption.enabled is {show(enabled)}; it must be true")


def deliveries_reported(graph: Graph) -> Iterator[Violation]:
    """Each delivery to S3 writes its errors to a log group of the stack."""
    for stream in graph.of_type(_STREAM):
        if not present(stream.get(_DESTINATION)):
            continue
        enabled = stream.get(_DESTINATION, "cloudwatchLoggingOptions", "enabled")
        if enabled is not True:  # absent: false
            where = f"{_DESTINATION}.cloudwatchLoggingOptions.enabled"
            yield Violation(stream, f"{where} is {show(enabled)}; it must be true")
        elif not graph.references(stream, _DESTINATION, {_GROUP}):
            yield Violation(stream, f"{_DESTINATION}.cloudwatchLoggingOptions must name a log group of this stack")


def database_logs_expected(graph: Graph) -> Iterator[Violation]:
    """Each log that a database exports has its group in the stack, before RDS makes one that keeps it for ever."""
    groups = graph.of_type(_GROUP)
    for instance in graph.of_type(DATABASE):
        exports, identifier = elements(instance.get("enabledCloudwatchLogsExports")), instance.get("identifier")
        if exports and identifier is None:  # Pulumi makes a name up, too late for a group that must be there first
            yield Violation(instance, "identifier must be said: its log groups are called by it")
            continue
        wanted = [f"/aws/rds/instance/{identifier}/{kind}" for kind in exports if isinstance(identifier, str)]
        here = [group for group in groups if in_same_region(graph, group, instance)]
        named = [group.get("name") for group in here]
        # A name that is not known yet, and was made from the instance, is taken for one of those that are missing.
        made = [group for group in here if instance.urn in group.dependencies.get("name", ())]
        if len([name for name in wanted if name not in named]) > len(made):
            yield Violation(instance, "a log that it exports has no LogGroup of this stack in its region")


DELIVERIES_ENCRYPTED: Final = ResourceRule(
    about=Description(
        id="deliveries-encrypted",
        title="Delivery streams encrypt what they hold",
        severity=Severity.MEDIUM,
        frameworks=("FSBP DataFirehose.1", "WA SEC08"),
        why="Firehose keeps records for a day while it cannot deliver them.",
        remediation="Set serverSideEncryption.enabled.",
    ),
    types=frozenset({_STREAM}),
    check=deliveries_encrypted,
)
DELIVERIES_REPORTED: Final = GraphRule(
    about=Description(
        id="deliveries-reported",
        title="Delivery streams write their errors to a log group",
        severity=Severity.MEDIUM,
        frameworks=("WA SEC04", "WA OPS08"),
        why="A delivery that is refused drops its records after a day, and says why nowhere else.",
        remediation="Set cloudwatchLoggingOptions with a LogGroup of the stack.",
    ),
    check=deliveries_reported,
)
DATABASE_LOGS_EXPECTED: Final = GraphRule(
    about=Description(
        id="database-logs-expected",
        title="Logs of databases have their groups in the stack",
        severity=Severity.MEDIUM,
        frameworks=("FSBP RDS.36", "FSBP CloudWatch.16", "WA SEC04"),
        why="RDS makes the group that it misses: without a key, and for ever.",
        remediation="Declare a LogGroup /aws/rds/instance/<identifier>/<log> for each of enabledCloudwatchLogsExports.",
    ),
    check=database_logs_expected,
)
