"""The network of the small program: one VPC in two zones, its groups, its endpoint, its names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from tests.policy.program.logs import log
from tests.policy.program.subnets import acls, gateways

ZONES: Final = ("eu-west-1a", "eu-west-1b")

_ROLES: Final = ("alb", "pods", "nodes", "control-plane", "endpoints", "database", "cache")
_CONNECTIONS: Final = (
    ("alb", "pods", 8443),
    ("pods", "database", 5432),
    ("pods", "cache", 6379),
    ("pods", "endpoints", 443),
    ("pods", "control-plane", 443),
    ("nodes", "endpoints", 443),
    ("nodes", "control-plane", 443),
    ("control-plane", "nodes", 10250),
    ("control-plane", "pods", 9443),
)


@dataclass(frozen=True, slots=True)
class Network:
    """What the rest of the program stands in."""

    vpc: aws.ec2.Vpc
    subnets: Mapping[str, list[pulumi.Output[str]]]
    """Ids by tier."""
    groups: Mapping[str, pulumi.Output[str]]
    """Ids by role."""
    gateways: Mapping[str, aws.ec2.NatGateway]


def network(key: aws.kms.Key, opts: pulumi.ResourceOptions) -> Network:
    vpc = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16", enable_dns_hostnames=True, opts=opts)
    _defaults(vpc, opts)
    tables = _tables(vpc, opts)
    subnets = {tier: _subnets(vpc, place, tier, own, opts) for place, (tier, own) in enumerate(tables.items())}
    groups = _groups(vpc, opts)
    _endpoints(vpc, tables["app"], subnets["app"], groups["endpoints"], opts)
    _records(vpc, key, opts)
    _names(vpc, opts)
    acls(vpc, subnets, opts)
    return Network(vpc, subnets, groups, gateways(subnets["edge"], tables["app"], opts))


def _defaults(vpc: aws.ec2.Vpc, opts: pulumi.ResourceOptions) -> None:
    empty: Any = {"ingress": [], "egress": [], "opts": opts}
    aws.ec2.DefaultSecurityGroup("default", vpc_id=vpc.id, **empty)
    aws.ec2.DefaultNetworkAcl("default", default_network_acl_id=vpc.default_network_acl_id, **empty)
    aws.ec2.DefaultRouteTable("default", default_route_table_id=vpc.default_route_table_id, routes=[], opts=opts)


def _tables(vpc: aws.ec2.Vpc, opts: pulumi.ResourceOptions) -> dict[str, list[aws.ec2.RouteTable]]:
    """By tier, one for each zone."""
    edge, data = (aws.ec2.RouteTable(tier, vpc_id=vpc.id, opts=opts) for tier in ("edge", "data"))
    app = [aws.ec2.RouteTable(f"app-{zone}", vpc_id=vpc.id, opts=opts) for zone in ZONES]
    gateway = aws.ec2.InternetGateway("network", vpc_id=vpc.id, opts=opts)
    aws.ec2.Route(
        "edge-out",
        route_table_id=edge.id,
        destination_cidr_block="0.0.0.0/0",
        gateway_id=gateway.id,
        opts=opts,
    )
    return {"edge": [edge, edge], "app": app, "data": [data, data]}


def _subnets(
    vpc: aws.ec2.Vpc, place: int, tier: str, tables: list[aws.ec2.RouteTable], opts: pulumi.ResourceOptions
) -> list[pulumi.Output[str]]:
    ids: list[pulumi.Output[str]] = []
    for number, zone in enumerate(ZONES):
        name = f"{tier}-{zone}"
        cidr = f"10.0.{place * 10 + number}.0/24"
        subnet = aws.ec2.Subnet(name, vpc_id=vpc.id, cidr_block=cidr, availability_zone=zone, opts=opts)
        aws.ec2.RouteTableAssociation(name, subnet_id=subnet.id, route_table_id=tables[number].id, opts=opts)
        ids.append(subnet.id)
    return ids


def _groups(vpc: aws.ec2.Vpc, opts: pulumi.ResourceOptions) -> dict[str, pulumi.Output[str]]:
    ids = {role: aws.ec2.SecurityGroup(role, vpc_id=vpc.id, description=role, opts=opts).id for role in _ROLES}
    tcp: Any = {"ip_protocol": "tcp", "opts": opts}
    https: Any = {"cidr_ipv4": "0.0.0.0/0", "from_port": 443, "to_port": 443, **tcp}
    aws.vpc.SecurityGroupIngressRule("world-to-alb", description="Browsers", security_group_id=ids["alb"], **https)
    aws.vpc.SecurityGroupEgressRule(
        "pods-to-world", description="Identity providers", security_group_id=ids["pods"], **https
    )
    for source, target, port in _CONNECTIONS:
        name = f"{source}-to-{target}"
        ports: Any = {"from_port": port, "to_port": port, **tcp}
        aws.vpc.SecurityGroupIngressRule(
            name,
            description=name,
            security_group_id=ids[target],
            referenced_security_group_id=ids[source],
            **ports,
        )
        aws.vpc.SecurityGroupEgressRule(
            name,
            description=name,
            security_group_id=ids[source],
            referenced_security_group_id=ids[target],
            **ports,
        )
    return ids


def _endpoints(
    vpc: aws.ec2.Vpc,
    tables: list[aws.ec2.RouteTable],
    subnets: list[pulumi.Output[str]],
    group: pulumi.Output[str],
    opts: pulumi.ResourceOptions,
) -> None:
    own = {"StringEquals": {"aws:PrincipalAccount": "111111111111"}}
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": own}
    common: Any = {"vpc_id": vpc.id, "policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}
    aws.ec2.VpcEndpoint(
        "s3",
        vpc_endpoint_type="Gateway",
        service_name="com.amazonaws.eu-west-1.s3",
        route_table_ids=[table.id for table in tables],
        opts=opts,
        **common,
    )
    for service in ("ecr.api", "ecr.dkr", "sts", "secretsmanager", "kms", "logs"):
        aws.ec2.VpcEndpoint(
            service,
            vpc_endpoint_type="Interface",
            service_name=f"com.amazonaws.eu-west-1.{service}",
            private_dns_enabled=True,
            subnet_ids=subnets,
            security_group_ids=[group],
            opts=opts,
            **common,
        )


def _records(vpc: aws.ec2.Vpc, key: aws.kms.Key, opts: pulumi.ResourceOptions) -> None:
    group = log("network", key, opts)
    aws.ec2.FlowLog(
        "network",
        vpc_id=vpc.id,
        traffic_type="ALL",
        log_destination=group.arn,
        max_aggregation_interval=60,
        opts=opts,
    )
    config = aws.route53.ResolverQueryLogConfig("names", destination_arn=group.arn, opts=opts)
    aws.route53.ResolverQueryLogConfigAssociation(
        "names", resolver_query_log_config_id=config.id, resource_id=vpc.id, opts=opts
    )


def _names(vpc: aws.ec2.Vpc, opts: pulumi.ResourceOptions) -> None:
    group = aws.route53.ResolverFirewallRuleGroup("names", opts=opts)
    for priority, action, domain in ((100, "ALLOW", "*.example.com"), (200, "BLOCK", "*")):
        name = action.lower()
        domains = aws.route53.ResolverFirewallDomainList(name, domains=[domain], opts=opts)
        aws.route53.ResolverFirewallRule(
            name,
            firewall_rule_group_id=group.id,
            firewall_domain_list_id=domains.id,
            priority=priority,
            action=action,
            opts=opts,
        )
    aws.route53.ResolverFirewallConfig("names", resource_id=vpc.id, firewall_fail_open="DISABLED", opts=opts)
    aws.route53.ResolverFirewallRuleGroupAssociation(
        "names", firewall_rule_group_id=group.id, vpc_id=vpc.id, priority=101, opts=opts
    )
