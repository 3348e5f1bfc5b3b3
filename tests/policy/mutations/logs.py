"""Changes that break the rules of logs."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from policy.graph import Graph
from tests.policy.mutations.changing import Mutation, first, gone, setting, with_resource, without

_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
_SUBSCRIPTION: Final = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"
_STREAM: Final = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
_LOCK: Final = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"


def _one_left_out(graph: Graph) -> Graph:
    return without(graph, first(graph, _SUBSCRIPTION))


def _fed_by_itself(graph: Graph) -> Graph:
    subscription = first(graph, _SUBSCRIPTION)
    errors = next(iter(graph.references(first(graph, _STREAM), "extendedS3Configuration", {_GROUP})))
    looped = replace(
        subscription, urn=f"{subscription.urn}-loop", dependencies={"logGroup": (errors.urn,)}, name="loop"
    )
    return with_resource(graph, looped)


LOGS: Final = (
    Mutation("logs-kept", "a group keeps everything for ever", setting(_GROUP, "retentionInDays", to=None)),
    Mutation("logs-kept", "a group forgets after three days", setting(_GROUP, "retentionInDays", to=3)),
    Mutation("logs-archived", "one group is left out", _one_left_out),
    Mutation(
        "logs-archived", "of one group errors alone are archived", setting(_SUBSCRIPTION, "filterPattern", to="ERROR")
    ),
    Mutation("logs-archived", "the errors of the delivery are delivered", _fed_by_itself),
    Mutation("logs-archived", "nothing is archived", gone(_SUBSCRIPTION)),
    Mutation("archives-locked", "the archive has no lock", gone(_LOCK)),
    Mutation("archives-locked", "the lock keeps for a day", setting(_LOCK, "rule", "defaultRetention", "days", to=1)),
    Mutation("archives-locked", "the lock keeps nothing by itself", setting(_LOCK, "rule", to={})),
)
