"""A program that is small but true to every rule: an edge, an application and its data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from tests.cloud import Cloud, Outputs, run
from tests.computed import COMPUTED, Compute, common

ZONES: Final = ("eu-west-1a", "eu-west-1b")

CONTAINER: Final[dict[str, Any]] = {
    "name": "server",
    "image": "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tmi@sha256:placeholder",
    "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
}
_READ: Final = {
    "aws:rds/instance:Instance": {"identifier": "database"},
    "aws:kms/key:Key": {"keyId": "00000000-0000-0000-0000-000000000000"},
}
"""Outputs that the program reads, beside those that the recorder computes."""

POD: Final[dict[str, Any]] = {
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [CONTAINER],
    "initContainers": [{**CONTAINER, "name": "certificate"}],
    "volumes": [{"name": "certificate", "emptyDir": {}}],
}


def recorded(*, preview: bool) -> Cloud:
    """The program as it registers, with ids known or, in a preview, unknown."""
    computed: Outputs = {
        token: partial(_with_outputs, COMPUTED.get(token, common), **outputs) for token, outputs in _READ.items()
    }
    return run(_program, project="planted", preview=preview, computed=computed)


def _with_outputs(compute: Compute, name: str, inputs: Mapping[str, Any], /, **outputs: str) -> Mapping[str, Any]:
    return {**compute(name, inputs), **outputs}


def _program() -> None:
    provider = aws.Provider("main", region="eu-west-1", allowed_account_ids=["111111111111"])
    recovery = aws.Provider("recovery", region="eu-central-1", allowed_account_ids=["111111111111"])
    opts = pulumi.ResourceOptions(provider=provider)
    key = aws.kms.Key("data", enable_key_rotation=True, opts=opts)
    alias = aws.kms.Alias("data", target_key_id=key.key_id, opts=opts)
    vpc = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16", opts=opts)
    edge, data = _subnets(vpc, opts)
    groups = _groups(vpc, opts)
    _edge(vpc, edge, groups["alb"], opts)
    _data(key, data, groups, opts, pulumi.ResourceOptions(provider=recovery))
    _stores(key, alias, opts)
    _identity(key, opts)
    _workload(key, edge)


def _subnets(vpc: aws.ec2.Vpc, opts: pulumi.ResourceOptions) -> tuple[list[aws.ec2.Subnet], list[aws.ec2.Subnet]]:
    gateway = aws.ec2.InternetGateway("network", vpc_id=vpc.id, opts=opts)
    out = aws.ec2.RouteTable("edge", vpc_id=vpc.id, opts=opts)
    aws.ec2.Route(
        "edge-out", route_table_id=out.id, destination_cidr_block="0.0.0.0/0", gateway_id=gateway.id, opts=opts
    )
    closed = aws.ec2.RouteTable("data", vpc_id=vpc.id, opts=opts)
    tiers: dict[str, list[aws.ec2.Subnet]] = {"edge": [], "data": []}
    for third, (tier, table) in enumerate((("edge", out), ("data", closed))):
        for fourth, zone in enumerate(ZONES):
            name = f"{tier}-{zone}"
            cidr = f"10.0.{third * 10 + fourth}.0/24"
            subnet = aws.ec2.Subnet(name, vpc_id=vpc.id, cidr_block=cidr, availability_zone=zone, opts=opts)
            aws.ec2.RouteTableAssociation(name, subnet_id=subnet.id, route_table_id=table.id, opts=opts)
            tiers[tier].append(subnet)
    return tiers["edge"], tiers["data"]


def _groups(vpc: aws.ec2.Vpc, opts: pulumi.ResourceOptions) -> dict[str, aws.ec2.SecurityGroup]:
    groups = {
        name: aws.ec2.SecurityGroup(name, vpc_id=vpc.id, description=name, opts=opts)
        for name in ("alb", "pods", "database", "cache")
    }
    aws.vpc.SecurityGroupIngressRule(
        "world-to-alb",
        security_group_id=groups["alb"].id,
        cidr_ipv4="0.0.0.0/0",
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        opts=opts,
    )
    for source, target, port in (("alb", "pods", 8443), ("pods", "database", 5432), ("pods", "cache", 6379)):
        aws.vpc.SecurityGroupIngressRule(
            f"{source}-to-{target}",
            security_group_id=groups[target].id,
            referenced_security_group_id=groups[source].id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            opts=opts,
        )
    return groups


def _edge(
    vpc: aws.ec2.Vpc, edge: list[aws.ec2.Subnet], group: aws.ec2.SecurityGroup, opts: pulumi.ResourceOptions
) -> None:
    logs = aws.s3.Bucket("alb-logs", opts=opts)
    aws.s3.BucketServerSideEncryptionConfiguration(
        "alb-logs",
        bucket=logs.id,
        rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
        opts=opts,
    )
    alb = aws.lb.LoadBalancer(
        "alb",
        subnets=[subnet.id for subnet in edge],
        security_groups=[group.id],
        access_logs={"bucket": logs.bucket, "enabled": True},
        opts=opts,
    )
    certificate = aws.acm.Certificate("alb", domain_name="tmi.example.com", validation_method="DNS", opts=opts)
    targets = aws.lb.TargetGroup(
        "pods",
        vpc_id=vpc.id,
        target_type="ip",
        port=8443,
        protocol="HTTPS",
        health_check={"protocol": "HTTPS", "path": "/robots.txt"},
        opts=opts,
    )
    https = aws.lb.Listener(
        "https",
        load_balancer_arn=alb.arn,
        port=443,
        protocol="HTTPS",
        ssl_policy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        certificate_arn=certificate.arn,
        default_actions=[{"type": "forward", "target_group_arn": targets.arn}],
        opts=opts,
    )
    aws.lb.ListenerRule(
        "refused",
        listener_arn=https.arn,
        priority=1,
        actions=[{"type": "fixed-response", "fixed_response": {"content_type": "text/plain", "status_code": "404"}}],
        conditions=[{"path_pattern": {"values": ["/debug/*"]}}],
        opts=opts,
    )
    aws.lb.Listener(
        "http",
        load_balancer_arn=alb.arn,
        port=80,
        protocol="HTTP",
        default_actions=[
            {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"}}
        ],
        opts=opts,
    )


def _data(
    key: aws.kms.Key,
    subnets: list[aws.ec2.Subnet],
    groups: dict[str, aws.ec2.SecurityGroup],
    opts: pulumi.ResourceOptions,
    recovery: pulumi.ResourceOptions,
) -> None:
    ids = [subnet.id for subnet in subnets]
    force: dict[str, Any] = {"family": "postgres17", "parameters": [{"name": "rds.force_ssl", "value": "1"}]}
    parameters = aws.rds.ParameterGroup("database", opts=opts, **force)
    attached: dict[str, Any] = {"vpc_security_group_ids": [groups["database"].id], "instance_class": "db.t4g.medium"}
    primary = aws.rds.Instance(
        "database",
        engine="postgres",
        engine_version="17",
        username="administrator",
        password_wo=pulumi.Output.secret("swordfish"),
        password_wo_version=1,
        storage_encrypted=True,
        kms_key_id=key.arn,
        db_subnet_group_name=aws.rds.SubnetGroup("database", subnet_ids=ids, opts=opts).name,
        parameter_group_name=parameters.name,
        opts=opts,
        **attached,
    )
    aws.rds.Instance("replica", replicate_source_db=primary.identifier, opts=opts, **attached)
    far = aws.kms.ReplicaKey("far", primary_key_arn=key.arn, opts=recovery)
    aws.rds.Instance(
        "far",
        replicate_source_db=primary.arn,
        storage_encrypted=True,
        kms_key_id=far.arn,
        parameter_group_name=aws.rds.ParameterGroup("far", opts=recovery, **force).name,
        opts=recovery,
        **attached,
    )
    aws.elasticache.ReplicationGroup(
        "cache",
        description="sessions",
        subnet_group_name=aws.elasticache.SubnetGroup("cache", subnet_ids=ids, opts=opts).name,
        security_group_ids=[groups["cache"].id],
        at_rest_encryption_enabled=True,
        kms_key_id=key.arn,
        transit_encryption_enabled=True,
        transit_encryption_mode="required",
        auth_token_wo=pulumi.Output.secret("swordfish"),
        auth_token_wo_version=1,
        opts=opts,
    )


def _stores(key: aws.kms.Key, alias: aws.kms.Alias, opts: pulumi.ResourceOptions) -> None:
    aws.cloudwatch.LogGroup("server", kms_key_id=key.arn, retention_in_days=365, opts=opts)
    aws.sns.Topic("alarms", kms_master_key_id=alias.name, opts=opts)
    aws.secretsmanager.Secret("token", kms_key_id=key.arn, opts=opts)
    aws.ecr.Repository("tmi", encryption_configurations=[{"encryption_type": "KMS", "kms_key": key.arn}], opts=opts)
    archive = aws.s3.Bucket("archive", opts=opts)
    aws.s3.BucketServerSideEncryptionConfiguration(
        "archive",
        bucket=archive.id,
        rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": key.arn}}],
        opts=opts,
    )


def _identity(key: aws.kms.Key, opts: pulumi.ResourceOptions) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = aws.iam.Role(
        "server", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}), opts=opts
    )
    statement = {"Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": key.arn}
    document = pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.iam.RolePolicy("server", role=role.id, policy=document, opts=opts)
    aws.iam.RolePolicyAttachment(
        "server", role=role.name, policy_arn="arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess", opts=opts
    )


def _workload(key: aws.kms.Key, subnets: list[aws.ec2.Subnet]) -> None:
    cluster = aws.eks.Cluster(
        "cluster",
        role_arn="arn:aws:iam::111111111111:role/cluster",
        vpc_config={"subnet_ids": [subnet.id for subnet in subnets]},
        encryption_config={"provider": {"key_arn": key.arn}, "resources": ["secrets"]},
    )
    opts = pulumi.ResourceOptions(provider=kubernetes.Provider("cluster", cluster=cluster.name))
    namespace = kubernetes.core.v1.Namespace(
        "server", metadata={"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}, opts=opts
    )
    metadata: Any = {"namespace": namespace.metadata.name}
    labels = {"app.kubernetes.io/name": "tmi"}
    template: dict[str, Any] = {"metadata": {"labels": labels}, "spec": POD}
    spec: Any = {"selector": {"match_labels": labels}, "template": template}
    kubernetes.apps.v1.Deployment("server", metadata=metadata, spec=spec, opts=opts)
    job: Any = {
        "schedule": "@daily",
        "job_template": {"spec": {"template": {"spec": {**POD, "restartPolicy": "Never"}}}},
    }
    kubernetes.batch.v1.CronJob("trim", metadata=metadata, spec=job, opts=opts)
