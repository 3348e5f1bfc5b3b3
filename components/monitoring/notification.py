"""Where alarms go: an encrypted topic and the people behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True, slots=True)
class NotificationArgs:
    """What a :class:`Notification` needs from its caller."""

    account: str
    """The account whose alarms may publish."""
    key_arn: pulumi.Input[str]
    """The key that encrypts messages; CloudWatch must be allowed to use it."""
    emails: tuple[str, ...]
    """Who is told. Each address confirms its subscription once."""


def topic_policy(topic_arn: pulumi.Input[str], account: str) -> dict[str, object]:
    """CloudWatch may publish for this account's alarms, EventBridge what its rules match; nobody may without TLS.

    Without a condition on the source: EventBridge sends none to a topic that is encrypted. Everything else goes by IAM.
    Source: Amazon EventBridge User Guide, resource-based policies; awslabs/landing-zone-accelerator-on-aws#407.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AlarmsPublish",
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": "sns:Publish",
                "Resource": topic_arn,
                "Condition": {"StringEquals": {"aws:SourceAccount": account}},
            },
            {
                "Sid": "EventsPublish",
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sns:Publish",
                "Resource": topic_arn,
            },
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
    """The topic that every alarm publishes to."""

    TYPE: Final = "tmi:monitoring:Notification"

    topic_arn: pulumi.Output[str]

    def __init__(self, name: str, args: NotificationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        topic = aws.sns.Topic(f"{name}-topic", kms_master_key_id=args.key_arn, opts=child)
        policy = aws.sns.TopicPolicy(
            f"{name}-policy",
            arn=topic.arn,
            policy=pulumi.Output.json_dumps(topic_policy(topic.arn, args.account)),
            opts=child,
        )
        for address in args.emails:
            aws.sns.TopicSubscription(
                f"{name}-{address}", topic=topic.arn, protocol="email", endpoint=address, opts=child
            )

        # An alarm that knows the topic must be allowed to publish to it, hence the look at the policy.
        self.topic_arn = pulumi.Output.all(topic.arn, policy.id).apply(lambda known: str(known[0]))
        self.register_outputs({"topic_arn": self.topic_arn})
