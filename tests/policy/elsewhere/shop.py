"""A stack of another team: a shop behind a balancer, on virtual machines, with a database."""

from __future__ import annotations

import json
from typing import Any

import pulumi_aws as aws

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
        ],
    }
)
ZONES = ("eu-west-1a", "eu-west-1b")


def shop() -> None:
    """The program."""
    vpc = aws.ec2.Vpc("shop", cidr_block="10.20.0.0/16", enable_dns_hostnames=True)
    public, private, data = _subnets(vpc)
    balancer, servers, database = (
        aws.ec2.SecurityGroup(name, vpc_id=vpc.id) for name in ("alb", "servers", "database")
    )
    _rule("alb-https", balancer, 443, cidr_ipv4="0.0.0.0/0")
    _rule("servers-from-alb", servers, 8443, referenced_security_group_id=balancer.id)
    _rule("database-from-servers", database, 5432, referenced_security_group_id=servers.id)
    aws.vpc.SecurityGroupEgressRule(
        "alb-to-servers",
        security_group_id=balancer.id,
        referenced_security_group_id=servers.id,
        ip_protocol="tcp",
        from_port=8443,
        to_port=8443,
    )
    _edge(vpc, public, balancer)
    _servers(private, servers)
    _database(data, database)


def _rule(name: str, group: aws.ec2.SecurityGroup, port: int, **source: Any) -> None:  # noqa: ANN401 -- as the SDK
    aws.vpc.SecurityGroupIngressRule(
        name, security_group_id=group.id, ip_protocol="tcp", from_port=port, to_port=port, description=name, **source
    )


def _subnets(vpc: aws.ec2.Vpc) -> list[list[aws.ec2.Subnet]]:
    gateway = aws.ec2.InternetGateway("shop", vpc_id=vpc.id)
    found: list[list[aws.ec2.Subnet]] = []
    for number, tier in enumerate(("public", "private", "data")):
        table = aws.ec2.RouteTable(tier, vpc_id=vpc.id)
        if tier == "public":
            aws.ec2.Route(tier, route_table_id=table.id, destination_cidr_block="0.0.0.0/0", gateway_id=gateway.id)
        subnets: list[aws.ec2.Subnet] = []
        for place, zone in enumerate(ZONES):
            cidr = f"10.20.{number * 10 + place}.0/24"
            name = f"{tier}-{zone}"
            subnets.append(aws.ec2.Subnet(name, vpc_id=vpc.id, cidr_block=cidr, availability_zone=zone))
            aws.ec2.RouteTableAssociation(name, subnet_id=subnets[-1].id, route_table_id=table.id)
        found.append(subnets)
    return found


def _edge(vpc: aws.ec2.Vpc, subnets: list[aws.ec2.Subnet], group: aws.ec2.SecurityGroup) -> None:
    balancer = aws.lb.LoadBalancer(
        "shop",
        load_balancer_type="application",
        security_groups=[group.id],
        subnets=[each.id for each in subnets],
        drop_invalid_header_fields=True,
        enable_deletion_protection=True,
    )
    targets = aws.lb.TargetGroup(
        "shop", vpc_id=vpc.id, port=8443, protocol="HTTPS", health_check={"protocol": "HTTPS", "path": "/health"}
    )
    aws.lb.Listener(
        "https",
        load_balancer_arn=balancer.arn,
        port=443,
        protocol="HTTPS",
        ssl_policy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        certificate_arn="arn:aws:acm:eu-west-1:111111111111:certificate/00000000-0000-0000-0000-000000000000",
        default_actions=[{"type": "forward", "target_group_arn": targets.arn}],
    )


def _servers(subnets: list[aws.ec2.Subnet], group: aws.ec2.SecurityGroup) -> None:
    role = aws.iam.Role("servers", assume_role_policy=TRUST)
    profile = aws.iam.InstanceProfile("servers", role=role.name)
    template = aws.ec2.LaunchTemplate(
        "servers",
        image_id="ami-00000000000000000",
        instance_type="m7g.large",
        iam_instance_profile={"arn": profile.arn},
        vpc_security_group_ids=[group.id],
        metadata_options={"http_tokens": "required", "http_put_response_hop_limit": 1},
        block_device_mappings=[{"device_name": "/dev/xvda", "ebs": {"encrypted": "true"}}],
    )
    aws.autoscaling.Group(
        "servers",
        min_size=2,
        max_size=4,
        vpc_zone_identifiers=[each.id for each in subnets],
        launch_template={"id": template.id, "version": "$Latest"},
        health_check_type="ELB",
    )


def _database(subnets: list[aws.ec2.Subnet], group: aws.ec2.SecurityGroup) -> None:
    key = aws.kms.Key("shop", enable_key_rotation=True, deletion_window_in_days=30)
    parameters = aws.rds.ParameterGroup(
        "shop", family="postgres17", parameters=[{"name": "rds.force_ssl", "value": "1"}]
    )
    aws.rds.Instance(
        "shop",
        engine="postgres",
        engine_version="17",
        instance_class="db.m7g.large",
        allocated_storage=100,
        storage_encrypted=True,
        kms_key_id=key.arn,
        db_subnet_group_name=aws.rds.SubnetGroup("shop", subnet_ids=[each.id for each in subnets]).name,
        vpc_security_group_ids=[group.id],
        parameter_group_name=parameters.name,
        manage_master_user_password=True,
        username="shop",
        multi_az=True,
        backup_retention_period=14,
        deletion_protection=True,
        copy_tags_to_snapshot=True,
        final_snapshot_identifier="shop-last",
        ca_cert_identifier="rds-ca-rsa2048-g1",
    )
