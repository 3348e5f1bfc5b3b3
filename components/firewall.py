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
    """An end of a rule: the group of that role, or addresses that have no group."""

    CLIENTS = "clients"
    """Whoever may reach the load balancer: any address where it faces the internet, else the listed networks."""
    INTERNET = "internet"
    """Any IPv4 address, as a target."""
    ALB = "alb"
    PODS = "pods"
    """Pods, add-ons included: EKS Auto Mode gives them a group of their own (`podSecurityGroupSelectorTerms`)."""
    NODES = "nodes"
    """Nodes, and what runs in their network namespace."""
    CONTROL_PLANE = "control-plane"
    """The network interfaces of the Kubernetes API."""
    CANARY = "canary"
    """The network interfaces of the canary."""
    ENDPOINTS = "endpoints"
    """Interface endpoints of AWS services."""
    DATABASE = "database"
    CACHE = "cache"


GROUPS: Final[Mapping[Peer, str]] = {
    Peer.ALB: "The load balancer",
    Peer.PODS: "Pods of TMI and of the add-ons",
    Peer.NODES: "Nodes of the cluster",
    Peer.CONTROL_PLANE: "Network interfaces of the Kubernetes API",
    Peer.CANARY: "The canary that tries TMI",
    Peer.ENDPOINTS: "Interface endpoints of AWS services",
    Peer.DATABASE: "PostgreSQL",
    Peer.CACHE: "Redis",
}
"""Each group and its description."""

_DESCRIPTION: Final = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}")
"""What AWS accepts as a description. Source: EC2 API reference, IpRange."""
_HIGHEST_PORT: Final = 65_535
_INTERNET_CIDR: Final = "0.0.0.0/0"


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
        if self.source is not Peer.CLIENTS and self.source not in GROUPS:
            raise ValueError(f"source must be {Peer.CLIENTS} or a group, not {self.source}")
        if self.target is not Peer.INTERNET and self.target not in GROUPS:
            raise ValueError(f"target must be {Peer.INTERNET} or a group, not {self.target}")

    @property
    def key(self) -> str:
        """Its part of logical names."""
        return f"{self.source}-to-{self.target}-{self.port}"


RULES: Final[tuple[Rule, ...]] = (
    Rule(Peer.CLIENTS, Peer.ALB, 443, "Users and API clients, over TLS"),
    Rule(Peer.CLIENTS, Peer.ALB, 80, "Browsers that typed no scheme: redirected to HTTPS, nothing else"),
    Rule(Peer.ALB, Peer.PODS, 8443, "Requests and health checks to the TLS side-car of TMI"),
    Rule(Peer.PODS, Peer.DATABASE, 5432, "TMI and its bootstrap job to PostgreSQL, over TLS"),
    Rule(Peer.PODS, Peer.CACHE, 6379, "The side-car of TMI to Redis, over TLS"),
    Rule(Peer.PODS, Peer.ENDPOINTS, 443, "Secrets, telemetry and other AWS APIs inside the VPC"),
    Rule(Peer.PODS, Peer.INTERNET, 443, "Identity providers, webhooks, and AWS APIs without an endpoint, by NAT"),
    Rule(Peer.CANARY, Peer.ALB, 443, "The canary to an internal load balancer"),
    Rule(Peer.CANARY, Peer.ENDPOINTS, 443, "Its secret and its metrics inside the VPC"),
    Rule(Peer.CANARY, Peer.INTERNET, 443, "The canary to a load balancer on the internet, and to S3 and CloudWatch"),
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
    client_cidrs: tuple[str, ...]
    """The networks that may reach the load balancer: `0.0.0.0/0` where it faces the internet. A rule each."""
    endpoints: bool
    """Whether the VPC has interface endpoints: a group that nothing attaches is one more thing to explain."""
    canary: bool
    """Whether a canary stands in the VPC."""

    @property
    def absent(self) -> frozenset[Peer]:
        """The groups that nothing would attach."""
        present = {Peer.ENDPOINTS: self.endpoints, Peer.CANARY: self.canary}
        return frozenset(peer for peer, there in present.items() if not there)


class Firewall(pulumi.ComponentResource):
    """The security groups, and each rule of the table as one resource on either end that is a group."""

    TYPE: Final = "tmi:network:Firewall"

    group_ids: Mapping[Peer, pulumi.Output[str]]
    """The groups by their role; none of what the stack has not."""

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
            if role not in args.absent
        }
        for rule in RULES:
            if {rule.source, rule.target} & args.absent:
                continue
            if rule.source is Peer.CLIENTS:
                for cidr in args.client_cidrs:
                    key = f"{name}-{rule.key}-{cidr.replace('/', '-')}-in"
                    _ingress(key, rule, ids[rule.target], child, cidr=cidr)
            elif rule.target is not Peer.INTERNET:
                _ingress(f"{name}-{rule.key}-in", rule, ids[rule.target], child, group=ids[rule.source])
            if rule.source is not Peer.CLIENTS:
                _egress(f"{name}-{rule.key}-out", rule, ids[rule.source], child, group=ids.get(rule.target))

        self.group_ids = ids
        self.register_outputs({})


def _ingress(
    name: str,
    rule: Rule,
    target: pulumi.Output[str],
    child: pulumi.ResourceOptions,
    *,
    group: pulumi.Output[str] | None = None,
    cidr: str | None = None,
) -> None:
    aws.vpc.SecurityGroupIngressRule(
        name,
        security_group_id=target,
        referenced_security_group_id=group,
        cidr_ipv4=cidr,
        ip_protocol="tcp",
        from_port=rule.port,
        to_port=rule.port,
        description=rule.why,
        opts=child,
    )


def _egress(
    name: str,
    rule: Rule,
    source: pulumi.Output[str],
    child: pulumi.ResourceOptions,
    *,
    group: pulumi.Output[str] | None,
) -> None:
    aws.vpc.SecurityGroupEgressRule(
        name,
        security_group_id=source,
        referenced_security_group_id=group,
        cidr_ipv4=_INTERNET_CIDR if group is None else None,
        ip_protocol="tcp",
        from_port=rule.port,
        to_port=rule.port,
        description=rule.why,
        opts=child,
    )
