"""Every security group and every rule between them, in one table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pulumi
import pulumi_aws as aws


class Peer(StrEnum):
    """An end of a rule: the group of that role, or the internet."""

    INTERNET = "internet"
    """Any IPv4 address; no group."""
    ALB = "alb"
    PODS = "pods"
    """Pods, add-ons included: EKS Auto Mode gives them a group of their own (`podSecurityGroupSelectorTerms`)."""
    NODES = "nodes"
    """Nodes, and what runs in their network namespace."""
    CONTROL_PLANE = "control-plane"
    """The network interfaces of the Kubernetes API."""
    ENDPOINTS = "endpoints"
    """Interface endpoints of AWS services."""
    DATABASE = "database"
    CACHE = "cache"


GROUPS: Final[Mapping[Peer, str]] = {
    Peer.ALB: "The load balancer",
    Peer.PODS: "Pods of TMI and of the add-ons",
    Peer.NODES: "Nodes of the cluster",
    Peer.CONTROL_PLANE: "Network interfaces of the Kubernetes API",
    Peer.ENDPOINTS: "Interface endpoints of AWS services",
    Peer.DATABASE: "PostgreSQL",
    Peer.CACHE: "Redis",
}
"""Each group and its description."""

_DESCRIPTION: Final = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}")
"""What AWS accepts as a description. Source: EC2 API reference, IpRange."""
_HIGHEST_PORT: Final = 65_535


@dataclass(frozen=True, slots=True)
class Rule:
    """TCP from one end to the other; everything that no rule names is refused, in both directions."""

    source: Peer
    """Who opens the connection."""
    target: Peer
    """Who accepts it."""
    port: int
    """Where the target listens."""
    why: str
    """The reason, and the description of both resources."""

    def __post_init__(self) -> None:
        if not _DESCRIPTION.fullmatch(self.why):
            raise ValueError(f"why must be 1 to 255 characters that AWS accepts as a description, not {self.why!r}")
        if not 1 <= self.port <= _HIGHEST_PORT:
            raise ValueError(f"port must be 1 to {_HIGHEST_PORT}, not {self.port}")

    @property
    def key(self) -> str:
        """Its part of logical names."""
        return f"{self.source}-to-{self.target}-{self.port}"


RULES: Final[tuple[Rule, ...]] = (
    Rule(Peer.INTERNET, Peer.ALB, 443, "Users and API clients, over TLS"),
    Rule(Peer.INTERNET, Peer.ALB, 80, "Browsers that typed no scheme: redirected to HTTPS, nothing else"),
    Rule(Peer.ALB, Peer.PODS, 8443, "Requests and health checks to the TLS side-car of TMI"),
    Rule(Peer.PODS, Peer.DATABASE, 5432, "TMI and its bootstrap job to PostgreSQL, over TLS"),
    Rule(Peer.PODS, Peer.CACHE, 6379, "The side-car of TMI to Redis, over TLS"),
    Rule(Peer.PODS, Peer.ENDPOINTS, 443, "Secrets, telemetry and other AWS APIs inside the VPC"),
    Rule(Peer.PODS, Peer.INTERNET, 443, "Identity providers, webhooks, and AWS APIs without an endpoint, by NAT"),
    Rule(Peer.PODS, Peer.CONTROL_PLANE, 443, "Add-ons to the Kubernetes API"),
    # Kubelets of other nodes; a pod reaches its own node without crossing a group.
    Rule(Peer.PODS, Peer.NODES, 10250, "metrics-server and the CloudWatch agent to the kubelets"),
    Rule(Peer.NODES, Peer.CONTROL_PLANE, 443, "Kubelets and agents of the nodes to the Kubernetes API"),
    Rule(Peer.NODES, Peer.ENDPOINTS, 443, "Images, credentials and other AWS APIs inside the VPC"),
    # Pods' traffic to the internet too, wherever the NodeClass translates it to the node's address (snatPolicy Random).
    Rule(Peer.NODES, Peer.INTERNET, 443, "Image layers from S3, and AWS APIs without an endpoint, by NAT"),
    # Source: Amazon EKS User Guide, security group requirements.
    Rule(Peer.CONTROL_PLANE, Peer.NODES, 10250, "The Kubernetes API to the kubelets: logs, exec and health"),
    # The add-on's port is not the usual one. Source: Amazon EKS User Guide, Kubernetes Metrics Server.
    Rule(
        Peer.CONTROL_PLANE, Peer.PODS, 10251, "The Kubernetes API to metrics-server, which answers for metrics.k8s.io"
    ),
    # Source: chart amazon-cloudwatch-observability of aws-observability/helm-charts, manager.ports.
    Rule(Peer.CONTROL_PLANE, Peer.PODS, 9443, "The Kubernetes API to the webhooks of the CloudWatch add-on"),
)
"""The whole firewall. PostgreSQL and Redis open no connection at all.

No rule for DNS: on EKS Auto Mode every node runs CoreDNS itself, so pods never leave their node for it, and security
groups do not see queries to the VPC's resolver. Source: Amazon EKS User Guide, Auto Mode networking, CoreDNS.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class FirewallArgs:
    """What a :class:`Firewall` needs from its caller."""

    stack_name: str
    """The prefix of the Name tags."""
    vpc_id: pulumi.Input[str]
    """The VPC that the groups belong to."""


class Firewall(pulumi.ComponentResource):
    """The security groups, and each rule of the table as one resource on either end that is a group."""

    TYPE: Final = "tmi:network:Firewall"

    alb_group_id: pulumi.Output[str]
    pods_group_id: pulumi.Output[str]
    nodes_group_id: pulumi.Output[str]
    control_plane_group_id: pulumi.Output[str]
    endpoints_group_id: pulumi.Output[str]
    database_group_id: pulumi.Output[str]
    cache_group_id: pulumi.Output[str]

    def __init__(self, name: str, args: FirewallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        # The provider takes away the rule "everything out" that AWS gives a new group.
        ids = {
            role: aws.ec2.SecurityGroup(
                f"{name}-{role}",
                description=description,
                vpc_id=args.vpc_id,
                tags={"Name": f"{args.stack_name}-{role}"},
                opts=child,
            ).id
            for role, description in GROUPS.items()
        }
        for rule in RULES:
            if rule.target in ids:
                _ingress(name, rule, ids, child)
            if rule.source in ids:
                _egress(name, rule, ids, child)

        self.alb_group_id = ids[Peer.ALB]
        self.pods_group_id = ids[Peer.PODS]
        self.nodes_group_id = ids[Peer.NODES]
        self.control_plane_group_id = ids[Peer.CONTROL_PLANE]
        self.endpoints_group_id = ids[Peer.ENDPOINTS]
        self.database_group_id = ids[Peer.DATABASE]
        self.cache_group_id = ids[Peer.CACHE]
        self.register_outputs({f"{role.replace('-', '_')}_group_id": group_id for role, group_id in ids.items()})


def _ingress(name: str, rule: Rule, ids: Mapping[Peer, pulumi.Output[str]], child: pulumi.ResourceOptions) -> None:
    aws.vpc.SecurityGroupIngressRule(
        f"{name}-{rule.key}-in",
        security_group_id=ids[rule.target],
        referenced_security_group_id=ids.get(rule.source),
        cidr_ipv4=None if rule.source in ids else "0.0.0.0/0",
        ip_protocol="tcp",
        from_port=rule.port,
        to_port=rule.port,
        description=rule.why,
        opts=child,
    )


def _egress(name: str, rule: Rule, ids: Mapping[Peer, pulumi.Output[str]], child: pulumi.ResourceOptions) -> None:
    aws.vpc.SecurityGroupEgressRule(
        f"{name}-{rule.key}-out",
        security_group_id=ids[rule.source],
        referenced_security_group_id=ids.get(rule.target),
        cidr_ipv4=None if rule.target in ids else "0.0.0.0/0",
        ip_protocol="tcp",
        from_port=rule.port,
        to_port=rule.port,
        description=rule.why,
        opts=child,
    )
