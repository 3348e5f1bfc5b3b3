"""The data of the small program: a database with its replicas, a cache, secrets, backups, images."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from tests.policy.program.backups import TAG, backups, events
from tests.policy.program.logs import log
from tests.policy.program.network import Network

_PARAMETERS: Final = {
    "rds.force_ssl": "1",
    "log_min_duration_statement": "1000",
    "log_parameter_max_length": "0",
    "log_connections": "1",
}
_FORCE: Final[dict[str, Any]] = {
    "family": "postgres17",
    "parameters": [{"name": name, "value": value} for name, value in _PARAMETERS.items()],
}


@dataclass(frozen=True, slots=True)
class Stores:
    """What keeps data."""

    far_key: aws.kms.ReplicaKey
    databases: Mapping[str, aws.rds.Instance]
    cache: aws.elasticache.ReplicationGroup


def data(
    key: aws.kms.Key,
    around: Network,
    provider: aws.Provider,
    recovery: aws.Provider,
) -> Stores:
    opts, away = (pulumi.ResourceOptions(provider=each, protect=True) for each in (provider, recovery))
    far_key = aws.kms.ReplicaKey("far", primary_key_arn=key.arn, policy=key.policy, opts=away)
    databases = _database(key, far_key, around, opts, away)
    cache = _cache(key, around, opts)
    for name in ("token", "master"):
        _secret(name, key, far_key, opts)
    backups(key, far_key, databases["database"], around.groups["database"], opts, away)
    _images(key, opts)
    events(opts, away)
    return Stores(far_key, databases, cache)


def _database(
    key: aws.kms.Key,
    far_key: aws.kms.ReplicaKey,
    around: Network,
    opts: pulumi.ResourceOptions,
    away: pulumi.ResourceOptions,
) -> Mapping[str, aws.rds.Instance]:
    ids = around.subnets["data"]
    parameters = aws.rds.ParameterGroup("database", opts=opts, **_FORCE)
    alike: dict[str, Any] = {
        "vpc_security_group_ids": [around.groups["database"]],
        "instance_class": "db.t4g.medium",
        "ca_cert_identifier": "rds-ca-rsa2048-g1",
        "enabled_cloudwatch_logs_exports": ["postgresql"],
        "performance_insights_enabled": True,
        "monitoring_interval": 60,
        "monitoring_role_arn": "arn:aws:iam::111111111111:role/monitoring",
        "copy_tags_to_snapshot": True,
        "deletion_protection": True,
        "max_allocated_storage": 100,
    }
    primary = aws.rds.Instance(
        "database",
        identifier="database",
        engine="postgres",
        engine_version="17",
        username="administrator",
        password_wo=pulumi.Output.secret("swordfish"),
        password_wo_version=1,
        storage_encrypted=True,
        kms_key_id=key.arn,
        db_subnet_group_name=aws.rds.SubnetGroup("database", subnet_ids=ids, opts=opts).name,
        parameter_group_name=parameters.name,
        performance_insights_kms_key_id=key.arn,
        multi_az=True,
        backup_retention_period=7,
        final_snapshot_identifier="last",
        delete_automated_backups=False,
        tags=TAG,
        opts=opts,
        **alike,
    )
    replica = aws.rds.Instance(
        "replica",
        identifier="replica",
        replicate_source_db=primary.identifier,
        performance_insights_kms_key_id=key.arn,
        opts=opts,
        **alike,
    )
    far = aws.rds.Instance(
        "far",
        identifier="far",
        replicate_source_db=primary.arn,
        storage_encrypted=True,
        kms_key_id=far_key.arn,
        # These subnets and groups stand for others of that region, as all of it is simulated.
        db_subnet_group_name=aws.rds.SubnetGroup("far", subnet_ids=ids, opts=away).name,
        parameter_group_name=aws.rds.ParameterGroup("far", opts=away, **_FORCE).name,
        performance_insights_kms_key_id=far_key.arn,
        opts=away,
        **alike,
    )
    for name, its_key, options in (("database", key, opts), ("replica", key, opts), ("far", far_key, away)):
        log(f"{name}-postgresql", its_key, options, f"/aws/rds/instance/{name}/postgresql")
    return {"database": primary, "replica": replica, "far": far}


def _cache(key: aws.kms.Key, around: Network, opts: pulumi.ResourceOptions) -> aws.elasticache.ReplicationGroup:
    eviction: Any = [{"name": "maxmemory-policy", "value": "volatile-ttl"}]
    logs = [log(f"cache-{kind}", key, opts) for kind in ("slow-log", "engine-log")]
    deliveries: Any = [
        {
            "log_type": kind,
            "destination": group.name,
            "destination_type": "cloudwatch-logs",
            "log_format": "json",
        }
        for kind, group in zip(("slow-log", "engine-log"), logs, strict=True)
    ]
    return aws.elasticache.ReplicationGroup(
        "cache",
        description="sessions",
        engine="redis",
        engine_version="7.1",
        num_cache_clusters=2,
        automatic_failover_enabled=True,
        multi_az_enabled=True,
        snapshot_retention_limit=1,
        final_snapshot_identifier="last",
        parameter_group_name=aws.elasticache.ParameterGroup(
            "cache", family="redis7", parameters=eviction, opts=opts
        ).name,
        log_delivery_configurations=deliveries,
        subnet_group_name=aws.elasticache.SubnetGroup("cache", subnet_ids=around.subnets["data"], opts=opts).name,
        security_group_ids=[around.groups["cache"]],
        at_rest_encryption_enabled=True,
        kms_key_id=key.arn,
        transit_encryption_enabled=True,
        transit_encryption_mode="required",
        auth_token_wo=pulumi.Output.secret("swordfish"),
        auth_token_wo_version=1,
        opts=opts,
    )


def _secret(name: str, key: aws.kms.Key, far_key: aws.kms.ReplicaKey, opts: pulumi.ResourceOptions) -> None:
    replicas: Any = [{"region": "eu-central-1", "kms_key_id": far_key.arn}]
    secret = aws.secretsmanager.Secret(name, kms_key_id=key.arn, replicas=replicas, opts=opts)
    aws.secretsmanager.SecretVersion(
        name,
        secret_id=secret.id,
        secret_string_wo=random.RandomPassword(name, length=48).result,
        secret_string_wo_version=1,
        opts=opts,
    )
    nothing = json.dumps({"Version": "2012-10-17", "Statement": []})
    aws.secretsmanager.SecretPolicy(name, secret_arn=secret.arn, policy=nothing, block_public_policy=True, opts=opts)


def _images(key: aws.kms.Key, opts: pulumi.ResourceOptions) -> None:
    encrypted: Any = [{"encryption_type": "KMS", "kms_key": key.arn}]
    common: dict[str, Any] = {
        "encryption_configurations": encrypted,
        "image_tag_mutability": "IMMUTABLE",
        "opts": opts,
    }
    repository = aws.ecr.Repository("tmi", name="tmi", image_scanning_configuration={"scan_on_push": True}, **common)
    copied: Any = {
        "rules": [
            {
                "destinations": [{"region": "eu-central-1", "registry_id": "111111111111"}],
                "repository_filters": [{"filter": "tmi", "filter_type": "PREFIX_MATCH"}],
            }
        ]
    }
    aws.ecr.ReplicationConfiguration("images", replication_configuration=copied, opts=opts)
    expire: Any = {"rules": []}
    aws.ecr.LifecyclePolicy("tmi", repository=repository.name, policy=json.dumps(expire), opts=opts)
    every: Any = [
        {"scan_frequency": "SCAN_ON_PUSH", "repository_filters": [{"filter": "*", "filter_type": "WILDCARD"}]}
    ]
    aws.ecr.RegistryScanningConfiguration("registry", scan_type="BASIC", rules=every, opts=opts)
    template = aws.ecr.RepositoryCreationTemplate(
        "public", prefix="public", applied_fors=["PULL_THROUGH_CACHE"], **common
    )
    aws.ecr.PullThroughCacheRule(
        "public", ecr_repository_prefix=template.prefix, upstream_registry_url="public.ecr.aws", opts=opts
    )
