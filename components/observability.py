"""What ships the logs of containers and the metrics of nodes: CloudWatch Observability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from components.add_on import AddOn, install
from components.log_sink import LogSink, log_group
from components.service_role import ServiceRole, ServiceRoleArgs, pod_identity_trust

AGENT_ACCOUNT: Final = "cloudwatch-agent"
"""The service account of its agents and of its log shipper."""
LOG_KINDS: Final = ("application", "dataplane", "host", "performance")
"""Its log groups: /aws/containerinsights/<cluster>/<kind>."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """What the add-on is told, of all that its schema knows.

    Source: values.yaml of chart amazon-cloudwatch-observability 6.4.0, aws-observability/helm-charts.
    """

    enhanced_container_insights: bool
    """Metrics by container and by node. The agent writes them to the log group `performance`, from which CloudWatch
    makes them."""
    application_signals: bool
    """Whether the add-on instruments Java, Python, .NET and Node.js, which it does unless told otherwise."""

    def values(self) -> dict[str, Any]:
        """As the add-on takes it."""
        kubernetes = {"enhanced_container_insights": self.enhanced_container_insights}
        return {
            # What is not in the agent's own configuration it does not collect.
            "agent": {"config": {"logs": {"metrics_collected": {"kubernetes": kubernetes}}}},
            "manager": {"applicationSignals": {"autoMonitor": {"monitorAllServices": self.application_signals}}},
        }


def log_group_name(cluster_name: str, kind: str) -> str:
    """The name the add-on writes to."""
    return f"/aws/containerinsights/{cluster_name}/{kind}"


def agent_statements(account: str, region: str, cluster_name: str) -> list[Mapping[str, Any]]:
    """What the agent and the log shipper do: they write to the log groups of this cluster, which are there already.

    AWS's CloudWatchAgentServerPolicy would also let them write to, and make, any log group of the account, read
    parameters of Systems Manager and send traces. What they read of EC2 is open to no condition on resources.
    Source: Container Insights prerequisites in the CloudWatch User Guide; Fluent Bit manual, Amazon CloudWatch.
    """
    groups = f"arn:aws:logs:{region}:{account}:log-group:{log_group_name(cluster_name, '*')}"
    return [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": groups,
        },
        {"Effect": "Allow", "Action": ["ec2:DescribeTags", "ec2:DescribeVolumes"], "Resource": "*"},
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class ObservabilityArgs:
    """What :class:`Observability` needs from its caller."""

    account: str
    """The AWS account."""
    region: str
    """Where the logs go."""
    cluster_name: str
    """The cluster's physical name; the log groups depend on it."""
    version: str
    """The add-on's version."""
    namespace: str
    """Where it runs."""
    logs: LogSink
    """How the logs of containers and nodes are kept."""


class Observability(pulumi.ComponentResource):
    """The add-on, its log groups before it, and its role."""

    TYPE: Final = "tmi:cluster:Observability"

    application_log_group: pulumi.Output[str]
    """Where the logs of containers go."""
    application_log_group_arn: pulumi.Output[str]

    def __init__(self, name: str, args: ObservabilityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        groups = {
            kind: log_group(f"{name}-{kind}-logs", log_group_name(args.cluster_name, kind), args.logs, child)
            for kind in LOG_KINDS
        }
        role = ServiceRole(
            f"{name}-agent",
            ServiceRoleArgs(
                trust=pod_identity_trust(
                    account=args.account,
                    cluster_name=args.cluster_name,
                    namespace=args.namespace,
                    service_account=AGENT_ACCOUNT,
                ),
                statements=agent_statements(args.account, args.region, args.cluster_name),
            ),
            child,
        )
        # TMI is Go, which Application Signals does not instrument.
        configuration = Configuration(enhanced_container_insights=True, application_signals=False)
        add_on = AddOn(
            name="amazon-cloudwatch-observability",
            version=args.version,
            configuration=configuration.values(),
            identities={AGENT_ACCOUNT: role.arn},
        )
        install(name, args.cluster_name, add_on, [*groups.values(), role], self)
        self.application_log_group = groups["application"].name
        self.application_log_group_arn = groups["application"].arn
        self.register_outputs(
            {
                "application_log_group": self.application_log_group,
                "application_log_group_arn": self.application_log_group_arn,
            }
        )
