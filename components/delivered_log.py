"""A log group that an AWS service writes by log delivery: WAF, Route 53 Resolver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.log_sink import LogSink, log_group


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveredLogArgs:
    """What a :class:`DeliveredLog` needs from its caller."""

    group_name: str
    """The log group's physical name. The service or the key of logs asks for it."""
    account: str
    """The stack's account."""
    region: str
    """The stack's region."""
    logs: LogSink
    """Encryption and retention."""


class DeliveredLog(pulumi.ComponentResource):
    """The group, and the right to write to it. Depend on the component: without that right no service takes the group.

    The policy is the group's own: of policies for a whole region an account has ten. AWS would add the like by itself,
    where no state knows of it.
    """

    TYPE: Final = "tmi:monitoring:DeliveredLog"

    group_arn: pulumi.Output[str]

    def __init__(self, name: str, args: DeliveredLogArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = log_group(f"{name}-group", args.group_name, args.logs, child)
        aws.cloudwatch.LogResourcePolicy(
            f"{name}-delivery",
            resource_arn=group.arn,
            policy_document=pulumi.Output.json_dumps(delivery_policy(args.account, args.region, group.arn)),
            opts=child,
        )
        self.group_arn = group.arn
        self.register_outputs({"group_arn": self.group_arn})


def delivery_policy(account: str, region: str, group_arn: pulumi.Input[str]) -> dict[str, Any]:
    """Log delivery may write streams of this group, on behalf of this account and region alone.

    Source: Amazon CloudWatch Logs User Guide, logs sent to CloudWatch Logs.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "LogDelivery",
                "Effect": "Allow",
                "Principal": {"Service": "delivery.logs.amazonaws.com"},
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": pulumi.Output.concat(group_arn, ":log-stream:*"),
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": account},
                    "ArnLike": {"aws:SourceArn": f"arn:aws:logs:{region}:{account}:*"},
                },
            }
        ],
    }
