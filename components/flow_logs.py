"""Flow logs: who spoke to whom in the VPC, and what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.log_sink import LogSink, log_group
from components.service_role import ServiceRole, ServiceRoleArgs

FIELDS: Final = (
    "version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes",
    "start", "end", "action", "log-status",
    "vpc-id", "subnet-id", "instance-id", "az-id", "type", "tcp-flags", "flow-direction", "traffic-path",
    "pkt-srcaddr", "pkt-dstaddr", "pkt-src-aws-service", "pkt-dst-aws-service", "reject-reason",
)  # fmt: skip
"""The default fields in their order, then those an investigation needs: `pkt-*` see through NAT gateways, `tcp-flags`
tells who opened a connection, `traffic-path` by which way it left, `reject-reason` whether something other than a group
or an ACL refused it. None of version 11 (next hops, tags): not every region has them, and an unknown field makes AWS
refuse the flow log. Source: Amazon VPC User Guide, flow log records."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowLogsArgs:
    """What :class:`FlowLogs` needs from its caller."""

    stack_name: str
    """Part of the log group's name, by which the key of logs knows it."""
    account: str
    """The stack's account."""
    region: str
    """The stack's region."""
    vpc_id: pulumi.Input[str]
    """The VPC."""
    logs: LogSink
    """Encryption and retention of the records."""


class FlowLogs(pulumi.ComponentResource):
    """All traffic of a VPC, recorded once a minute in an encrypted log group."""

    TYPE: Final = "tmi:network:FlowLogs"

    def __init__(self, name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = log_group(f"{name}-group", f"/aws/vpc/flow-logs/{args.stack_name}", args.logs, child)
        role = ServiceRole(
            f"{name}-writer",
            ServiceRoleArgs(
                trust=trust(args.account, args.region),
                statements=permissions(group.arn),
            ),
            child,
        )
        aws.ec2.FlowLog(
            f"{name}-all",
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            max_aggregation_interval=60,
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            log_format=" ".join(f"${{{field}}}" for field in FIELDS),
            iam_role_arn=role.arn,
            tags={"Name": args.stack_name},
            # Records that the role may not write yet are lost.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role]),
        )
        self.register_outputs({})


def trust(account: str, region: str) -> dict[str, Any]:
    """Who may assume the writer's role: the flow logs of this account and region alone."""
    return {
        "Effect": "Allow",
        "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account},
            "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:{region}:{account}:vpc-flow-log/*"},
        },
    }


def permissions(group_arn: pulumi.Input[str]) -> list[dict[str, Any]]:
    """What the role may do: write streams of its own group. A group it made itself would lack the key."""
    return [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": pulumi.Output.concat(group_arn, ":*"),
        },
        # AWS has no narrower form of this action. Source: Amazon VPC User Guide, IAM role for publishing flow logs.
        {"Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": "*"},
    ]
