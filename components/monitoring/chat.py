"""Messages in a channel of Slack or Microsoft Teams, by Amazon Q Developer in chat applications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.service_role import ServiceRole, ServiceRoleArgs
from components.settings.notification import SlackChat, TeamsChat

_REGION: Final = "us-east-2"
"""Where the service is configured, for topics of any region; it has endpoints in four regions, and its console here.
Source: AWS General Reference, endpoints of Amazon Q Developer in chat applications; AWS Chatbot API Reference."""
_TRUST: Final = {
    "Effect": "Allow",
    "Principal": {"Service": "chatbot.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
"""Without a condition: which source the service names when it takes the role is not documented."""
_READING: Final = {
    "Effect": "Allow",
    "Action": [
        "cloudwatch:GetMetricData",
        "cloudwatch:GetMetricStatistics",
        "cloudwatch:GetMetricWidgetImage",
        "cloudwatch:ListMetrics",
    ],
    # None of these is granted on single resources.
    "Resource": "*",
}
"""For the graph of an alarm. It is also all that anybody in the channel can ask for."""
_GUARDRAIL: Final = "arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"
"""What the channel never gets beyond, whatever its role allows one day. AWS's choice would be AdministratorAccess."""
_NO_LOG: Final = "NONE"
"""Its log would be a group in another region, made by the service: without our key, and kept for ever."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatArgs:
    """What a :class:`Chat` needs from its caller."""

    stack_name: str
    """The name of the channel's configuration in the account."""
    channel: SlackChat | TeamsChat
    """Which channel. Whoever owns its workspace or team has authorized it in the console before."""
    topic_arns: Sequence[pulumi.Input[str]]
    """What appears there: the service subscribes itself to these topics."""


class Chat(pulumi.ComponentResource):
    """A channel that hears of messages, and a role that can draw the graph of an alarm and do nothing else."""

    TYPE: Final = "tmi:monitoring:Chat"

    def __init__(self, name: str, args: ChatArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = ServiceRole(f"{name}-reading", ServiceRoleArgs(trust=_TRUST, statements=[_READING]), child)
        if isinstance(args.channel, SlackChat):
            aws.chatbot.SlackChannelConfiguration(
                f"{name}-channel",
                region=_REGION,
                configuration_name=args.stack_name,
                iam_role_arn=role.arn,
                guardrail_policy_arns=[_GUARDRAIL],
                slack_team_id=args.channel.workspace_id,
                slack_channel_id=args.channel.channel_id,
                sns_topic_arns=args.topic_arns,
                logging_level=_NO_LOG,
                opts=child,
            )
        else:
            aws.chatbot.TeamsChannelConfiguration(
                f"{name}-channel",
                region=_REGION,
                configuration_name=args.stack_name,
                iam_role_arn=role.arn,
                guardrail_policy_arns=[_GUARDRAIL],
                tenant_id=args.channel.tenant_id,
                team_id=args.channel.team_id,
                channel_id=args.channel.channel_id,
                sns_topic_arns=args.topic_arns,
                logging_level=_NO_LOG,
                opts=child,
            )
        self.register_outputs({})
