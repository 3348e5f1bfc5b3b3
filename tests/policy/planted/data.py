"""Stores that anybody may reach and nobody can restore, and what opens them."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from tests.policy.planted.network import Network


def data(around: Network, opts: pulumi.ResourceOptions) -> None:
    subnets = aws.rds.SubnetGroup("data", subnet_ids=around.subnets["data"], opts=opts)
    parameters = aws.rds.ParameterGroup(
        "database", family="postgres14", parameters=[{"name": "log_connections", "value": "1"}], opts=opts
    )
    aws.rds.Instance(
        "database",
        engine="postgres",
        engine_version="14.15",
        instance_class="db.t4g.medium",
        allocated_storage=20,
        db_subnet_group_name=subnets.name,
        vpc_security_group_ids=[around.groups["database"]],
        parameter_group_name=parameters.name,
        publicly_accessible=True,
        username="tmi",
        manage_master_user_password=True,
        backup_retention_period=0,
        skip_final_snapshot=True,
        opts=opts,
    )
    aws.elasticache.ReplicationGroup(
        "cache",
        description="sessions",
        engine="redis",
        node_type="cache.t4g.small",
        num_cache_clusters=1,
        opts=opts,
    )
    aws.secretsmanager.Secret("database", recovery_window_in_days=0, opts=opts)
    aws.cloudwatch.LogGroup("application", retention_in_days=0, opts=opts)
    aws.sns.Topic("alarms", opts=opts)
    aws.s3.Bucket("exports", opts=opts)
