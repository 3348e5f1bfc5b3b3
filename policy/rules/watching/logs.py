"""Logs: none is kept for ever by accident; outside of development all of them are archived, under lock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.tiers import for_development
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, ResourceRule, Severity, Violation
from policy.rules.data.buckets import BUCKETS
from policy.values import Plain, present, read, show

_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
_SUBSCRIPTION: Final = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"
_STREAM: Final = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
_LOCK: Final = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
_DESTINATION: Final = "extendedS3Configuration"
_MODES: Final = ("GOVERNANCE", "COMPLIANCE")
_RETENTION_DAYS: Final = 30


def logs_kept(group: Resource) -> Iterator[Violation]:
    """A log group says for how long it keeps events: a month at least, and not for ever, which is AWS's default."""
    days = group.get("retentionInDays")
    if not isinstance(days, int | float) or days < _RETENTION_DAYS:
        yield Violation(group, f"retentionInDays is {show(days)}; it must be {_RETENTION_DAYS} or more")
    kind = group.get("logGroupClass")
    if kind not in (None, "STANDARD", "INFREQUENT_ACCESS"):  # absent: STANDARD; DELIVERY keeps a day, whatever it says
        yield Violation(group, f"logGroupClass is {show(kind)}; it must be absent, STANDARD or INFREQUENT_ACCESS")


def logs_archived(graph: Graph) -> Iterator[Violation]:
    """Every line of each group is handed on; but not what the delivery itself reports.

    A stack for development may do without, as a whole.
    """
    groups = graph.of_type(_GROUP)
    if not graph.of_type(_SUBSCRIPTION) and all(for_development(graph, group) for group in groups):
        return
    reports = {
        group.urn for stream in graph.of_type(_STREAM) for group in graph.references(stream, _DESTINATION, {_GROUP})
    }
    for group in groups:
        subscriptions = graph.referring(group, "logGroup", _SUBSCRIPTION)
        if group.urn in reports:
            for each in subscriptions:
                yield Violation(each, f"{group.name} holds the errors of the delivery, which would feed itself")
        elif not any(each.get("filterPattern") in (None, "") for each in subscriptions):
            yield Violation(group, "no subscription hands every line of it on")


def archives_locked(graph: Graph) -> Iterator[Violation]:
    """What Firehose delivers to a bucket cannot be deleted for a while, except in a stack for development."""
    buckets: dict[str, Resource] = {}
    for stream in graph.of_type(_STREAM):
        found = graph.references(stream, _DESTINATION, set(BUCKETS))
        buckets |= {bucket.urn: bucket for bucket in found}
        if present(stream.get(_DESTINATION)) and not found and not for_development(graph, stream):
            yield Violation(
                stream, "it delivers to a bucket of another stack, so nobody can tell whether that has a lock"
            )
    for bucket in buckets.values():
        if for_development(graph, bucket):
            continue
        locks = graph.referring(bucket, "bucket", _LOCK)
        if not any(_locks(each.get("rule", "defaultRetention")) for each in locks):
            yield Violation(
                bucket,
                f"it keeps what Firehose delivers, and no object lock has a default retention of "
                f"{_RETENTION_DAYS} days or more",
            )


def _locks(retention: Plain) -> bool:
    """Whether a default retention holds for a month at least; AWS takes days or years."""
    days, years = read(retention, "days"), read(retention, "years")
    long = (isinstance(days, int | float) and days >= _RETENTION_DAYS) or (
        isinstance(years, int | float) and years >= 1
    )
    return read(retention, "mode") in _MODES and long


LOGS_KEPT: Final = ResourceRule(
    about=Description(
        id="logs-kept",
        title="Log groups keep their events for a stated time",
        severity=Severity.MEDIUM,
        frameworks=("FSBP CloudWatch.16",),
        why="A group without retention keeps everything for ever, and one of a few days nothing that an inquiry needs.",
        remediation="Give retentionInDays, 30 or more.",
    ),
    types=frozenset({_GROUP}),
    check=logs_kept,
)
LOGS_ARCHIVED: Final = GraphRule(
    about=Description(
        id="logs-archived",
        title="All logs are archived, except in a stack for development that archives none",
        severity=Severity.MEDIUM,
        frameworks=("WA SEC04-BP02",),
        why="The group that was left out is the one that would have told what happened.",
        remediation="Subscribe each log group with an empty filterPattern; leave out the one of the delivery's errors.",
    ),
    check=logs_archived,
)
ARCHIVES_LOCKED: Final = GraphRule(
    about=Description(
        id="archives-locked",
        title="Archived logs are under object lock, except in a stack for development",
        severity=Severity.HIGH,
        frameworks=("FSBP S3.15",),
        why="Who breaks in deletes the traces first.",
        remediation="Declare a BucketObjectLockConfiguration with a default retention for the bucket.",
    ),
    check=archives_locked,
)
