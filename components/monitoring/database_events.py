"""What RDS tells of PostgreSQL's servers: failovers, failures and what it does to them by itself.

By EventBridge, which publishes to the encrypted topic already: whether RDS itself can, reports differ
(cds-snc/notification-terraform#214, an AWS support case). RDS sends events by best effort, so no page hangs on one: the
alarms see an outage, and events say why.

Nothing of the kind for Redis: ElastiCache publishes to no encrypted topic, and tells EventBridge nothing of a cluster
that is not serverless. What it would tell, alarms see: `cache-…-failover`, `-silent`, `-memory`.
Source: Amazon EventBridge reference, Amazon RDS events; Amazon RDS User Guide, monitoring events; Amazon ElastiCache
User Guide, event notifications and Amazon SNS, events for self-designed clusters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.monitoring.rows import Severity

CATEGORIES: Final[Mapping[Severity, tuple[str, ...]]] = {
    Severity.TICKET: ("deletion", "failover", "failure", "low storage", "read replica"),
    Severity.INFO: ("availability", "maintenance", "notification", "recovery", "security patching"),
}
"""Of all categories of events of an instance. Left out are those that only say what somebody or a plan just asked for:
`backup`, `configuration change`, `creation`, `restoration`. Source: Amazon RDS User Guide, event categories."""
RUNBOOK: Final = "database-events"
"""What each message names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseEventsArgs:
    """What :class:`DatabaseEvents` need from their caller."""

    identifiers: tuple[str, ...]
    """Every server of the stack, replicas included; others in the account are somebody else's."""
    topic_arns: Mapping[Severity, pulumi.Input[str]]
    """Where they are sent; EventBridge has to be allowed to publish there, and to use the topic's key."""


class DatabaseEvents(pulumi.ComponentResource):
    """A rule for each severity, and its topic as target. Without a role, which would break encrypted topics."""

    TYPE: Final = "tmi:monitoring:DatabaseEvents"

    def __init__(self, name: str, args: DatabaseEventsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        for severity, categories in CATEGORIES.items():
            rule = aws.cloudwatch.EventRule(
                f"{name}-{severity}",
                description=f"What RDS tells of PostgreSQL's servers: {', '.join(categories)}",
                event_pattern=pulumi.Output.json_dumps(pattern(args.identifiers, categories)),
                opts=child,
            )
            aws.cloudwatch.EventTarget(
                f"{name}-{severity}-topic",
                rule=rule.name,
                arn=args.topic_arns[severity],
                input_transformer=aws.cloudwatch.EventTargetInputTransformerArgs(
                    input_paths={"server": "$.detail.SourceIdentifier", "message": "$.detail.Message"},
                    input_template=f'"[{severity}] <server>: <message> Runbook: docs/runbooks/{RUNBOOK}.md"',
                ),
                opts=child,
            )
        self.register_outputs({})


def pattern(identifiers: tuple[str, ...], categories: tuple[str, ...]) -> dict[str, Any]:
    """The events of these servers in any of these categories."""
    return {
        "source": ["aws.rds"],
        "detail-type": ["RDS DB Instance Event"],
        "detail": {"SourceIdentifier": list(identifiers), "EventCategories": list(categories)},
    }
