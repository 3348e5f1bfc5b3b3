"""Where messages go: an encrypted topic for each severity, and the people behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.monitoring.rows import Severity
from components.publishers import ALARMS, BUDGETS, COST_ANOMALIES, EVENTS, Publisher

PUBLISHERS: Final[Mapping[Severity, tuple[Publisher, ...]]] = {
    Severity.PAGE: (ALARMS,),
    Severity.TICKET: (ALARMS, EVENTS, BUDGETS, COST_ANOMALIES),
    Severity.INFO: (ALARMS, EVENTS),
}
"""Who may write to the topic of each severity. Failed backups and costs are tickets; what RDS tells is either."""
_CONFIRMATION_MINUTES: Final = 5
"""How long an endpoint may take to confirm."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """Who hears of messages of one severity."""

    emails: tuple[str, ...]
    """Each address confirms its subscription once."""
    endpoints: Mapping[str, pulumi.Input[str]]
    """Addresses of HTTPS endpoints by their names, which confirm their subscriptions themselves. They are secrets."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotificationArgs:
    """What a :class:`Notification` needs from its caller."""

    stack_name: str
    """Whose messages these are, as the sender of a mail says."""
    account: str
    """The account whose alarms, budgets and cost anomalies may publish."""
    key_arn: pulumi.Input[str]
    """The key that encrypts messages, of the topics' region; `components.publishers` have to be allowed to use it."""
    told: Mapping[Severity, Told]
    """Who hears of each severity that is to have a topic."""


def topic_policy(topic_arn: pulumi.Input[str], account: str, severity: Severity) -> dict[str, object]:
    """Who may publish, all of them services; nobody may without TLS. Everything else goes by IAM."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            *(
                {
                    "Sid": f"{publisher.sid}Publish",
                    "Effect": "Allow",
                    "Principal": {"Service": publisher.service},
                    "Action": "sns:Publish",
                    "Resource": topic_arn,
                    **publisher.at_topic(account),
                }
                for publisher in PUBLISHERS[severity]
            ),
            {
                "Sid": "RefusePlainHttp",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sns:Publish",
                "Resource": topic_arn,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }


class Notification(pulumi.ComponentResource):
    """A topic for each severity, in the region of its provider.

    An alarm acts on topics of its own region alone, so alarms of another region need another one of these there.
    """

    TYPE: Final = "tmi:monitoring:Notification"

    topic_arns: Mapping[Severity, pulumi.Output[str]]
    """Where messages of each severity are published."""

    def __init__(self, name: str, args: NotificationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self.topic_arns = {severity: self._topic(severity, told, args) for severity, told in args.told.items()}
        self.register_outputs({})

    def _topic(self, severity: Severity, told: Told, args: NotificationArgs) -> pulumi.Output[str]:
        child = pulumi.ResourceOptions(parent=self)
        name = f"{self.pulumi_resource_name}-{severity}"
        topic = aws.sns.Topic(
            f"{name}-topic",
            display_name=f"{args.stack_name} {severity}",
            kms_master_key_id=args.key_arn,
            opts=child,
        )
        policy = aws.sns.TopicPolicy(
            f"{name}-policy",
            arn=topic.arn,
            policy=pulumi.Output.json_dumps(topic_policy(topic.arn, args.account, severity)),
            opts=child,
        )
        for address in told.emails:
            aws.sns.TopicSubscription(
                f"{name}-{address}", topic=topic.arn, protocol="email", endpoint=address, opts=child
            )
        for endpoint, address in told.endpoints.items():
            aws.sns.TopicSubscription(
                f"{name}-{endpoint}",
                topic=topic.arn,
                protocol="https",
                endpoint=pulumi.Output.secret(address),
                # A deployment fails where the receiver does not confirm: a pager that hears nothing is none.
                endpoint_auto_confirms=True,
                confirmation_timeout_in_minutes=_CONFIRMATION_MINUTES,
                opts=child,
            )
        # Who knows the topic must be allowed to publish to it, hence the look at the policy.
        return pulumi.Output.all(topic.arn, policy.id).apply(lambda known: str(known[0]))
