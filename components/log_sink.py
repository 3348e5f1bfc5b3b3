"""How a component keeps the logs of what it makes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pulumi
import pulumi_aws as aws


class LogClass(StrEnum):
    """A class of logs, kept alike."""

    APPLICATION = "application"
    """TMI and what runs beside it."""
    DATABASE = "database"
    """PostgreSQL and Redis."""
    NETWORK = "network"
    """Flow logs and lookups of the VPC, and the web firewall."""
    CONTROL_PLANE = "control_plane"
    """The Kubernetes API, its audit log above all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriber:
    """Where every line of a log group goes on to."""

    name: str
    """The subscription's."""
    stream_arn: pulumi.Input[str]
    """The delivery stream."""
    role_arn: pulumi.Input[str]
    """What CloudWatch Logs writes to it as."""
    ready: pulumi.Resource
    """What has to stand first: CloudWatch Logs tries the delivery when a group is subscribed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogSink:
    """Encryption, retention and archive of one class of log groups."""

    key_arn: pulumi.Input[str]
    """The customer key that encrypts events at rest."""
    retention_days: int
    """How long an event is kept; one of the values that CloudWatch Logs accepts."""
    subscriber: Subscriber | None = None
    """The archive; none where logs are in CloudWatch alone."""


def log_group(
    name: str, group_name: pulumi.Input[str], logs: LogSink, opts: pulumi.ResourceOptions | None = None
) -> aws.cloudwatch.LogGroup:
    """A log group of a component, kept as its class is. `opts` names the component as parent.

    Each group has a subscription of its own. One for the whole account would take in the groups of other stacks, and
    the archive's own, whose errors would be archived, and fail, for ever.
    """
    group = aws.cloudwatch.LogGroup(
        name, name=group_name, kms_key_id=logs.key_arn, retention_in_days=logs.retention_days, opts=opts
    )
    if logs.subscriber:
        aws.cloudwatch.LogSubscriptionFilter(
            f"{name}-archive",
            name=logs.subscriber.name,
            log_group=group.name,
            # Every line.
            filter_pattern="",
            destination_arn=logs.subscriber.stream_arn,
            role_arn=logs.subscriber.role_arn,
            opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[logs.subscriber.ready])),
        )
    return group
