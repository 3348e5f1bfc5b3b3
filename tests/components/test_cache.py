"""Redis is encrypted on every side, survives a zone in production and revives no revoked token."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from google.protobuf import json_format

from components.cache import Cache, CacheArgs
from components.log_sink import LogSink
from components.secret import StoredSecret
from components.settings import parse
from tests.cloud import Cloud, run
from tests.marked import secret
from tests.stack_files import changed

TOKEN = "token-of-a-test"  # noqa: S105 -- no secret but a word to look for


def cache(stack: str, engine: dict[str, str] | None = None) -> Cloud:
    settings = parse(changed(stack, **({"cache__engine": engine} if engine else {})))

    def program() -> None:
        token = StoredSecret(
            arn=pulumi.Output.from_input("arn:token"),
            value=pulumi.Output.secret(TOKEN),
            version=pulumi.Output.secret(7),
        )
        made = Cache(
            "cache",
            CacheArgs(
                replication_group_id=settings.name,
                settings=settings.cache,
                zones=settings.network.zones,
                subnet_ids=["subnet-a", "subnet-b"],
                security_group_id="sg-cache",
                key_arn="arn:key",
                logs=LogSink(key_arn="arn:logs", retention_days=365),
                token=token,
                deletion_protection=settings.deletion_protection,
            ),
        )
        pulumi.export("members", made.members)

    return run(program)


def group(stack: str) -> dict[str, Any]:
    return dict(cache(stack).one(aws.elasticache.ReplicationGroup).inputs)


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_it_is_encrypted_and_asks_for_a_token(stack: str) -> None:
    inputs = group(stack)
    assert inputs["transitEncryptionEnabled"] is True
    assert inputs["transitEncryptionMode"] == "required"
    assert str(inputs["atRestEncryptionEnabled"]).lower() == "true"
    assert inputs["kmsKeyId"] == "arn:key"
    assert (inputs["authTokenWo"], inputs["authTokenWoVersion"]) == (secret(TOKEN), secret(7))
    assert inputs["authTokenUpdateStrategy"] == "ROTATE"
    assert "authToken" not in inputs


def test_production_survives_a_zone_and_is_kept() -> None:
    inputs = group("prod")
    assert inputs["numCacheClusters"] == 3
    assert inputs["automaticFailoverEnabled"] is True
    assert inputs["multiAzEnabled"] is True
    assert inputs["preferredCacheClusterAzs"] == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    assert inputs["finalSnapshotIdentifier"] == "tmi-prod-final"
    assert inputs["applyImmediately"] is False
    assert cache("prod").one(aws.elasticache.ReplicationGroup).protect


def test_development_is_one_node_that_goes_without_a_trace() -> None:
    inputs = group("dev")
    assert inputs["numCacheClusters"] == 1
    assert inputs["automaticFailoverEnabled"] is False
    assert inputs["multiAzEnabled"] is False
    assert "finalSnapshotIdentifier" not in inputs
    assert inputs["applyImmediately"] is True
    assert not cache("dev").one(aws.elasticache.ReplicationGroup).protect


def test_cluster_mode_is_off() -> None:
    inputs = group("prod")
    assert inputs["clusterMode"] == "disabled"
    assert {"numNodeGroups", "replicasPerNodeGroup"}.isdisjoint(inputs)


@pytest.mark.parametrize(
    ("kind", "version", "family"),
    [("redis", "7.1", "redis7"), ("redis", "7.0", "redis7"), ("valkey", "8.1", "valkey8")],
)
def test_the_engine_and_its_parameters_go_together(kind: str, version: str, family: str) -> None:
    cloud = cache("prod", {"kind": kind, "version": version})
    inputs = cloud.one(aws.elasticache.ReplicationGroup).inputs
    assert (inputs["engine"], inputs["engineVersion"]) == (kind, version)
    parameters = cloud.one(aws.elasticache.ParameterGroup)
    assert parameters.inputs["family"] == family
    assert parameters.inputs["parameters"] == [{"name": "maxmemory-policy", "value": "volatile-ttl"}]
    # Made up by the provider, so that the new family's group stands before the old one goes.
    assert "name" not in json_format.MessageToDict(parameters.request.object)


def test_only_keys_with_an_end_are_evicted() -> None:
    cloud = cache("prod")
    parameters = cloud.one(aws.elasticache.ParameterGroup)
    assert parameters.inputs["family"] == "redis7"
    assert parameters.inputs["parameters"] == [{"name": "maxmemory-policy", "value": "volatile-ttl"}]
    assert parameters.name in cloud.one(aws.elasticache.ReplicationGroup).dependencies


def test_logs_go_to_groups_made_before() -> None:
    cloud = cache("prod")
    made = {log.name: log.inputs for log in cloud.of(aws.cloudwatch.LogGroup)}
    assert {(inputs["kmsKeyId"], inputs["retentionInDays"]) for inputs in made.values()} == {("arn:logs", 365)}
    deliveries = cloud.one(aws.elasticache.ReplicationGroup).inputs["logDeliveryConfigurations"]
    assert [(each["logType"], each["destination"]) for each in deliveries] == [
        ("slow-log", "/aws/vendedlogs/elasticache/tmi-prod/slow-log"),
        ("engine-log", "/aws/vendedlogs/elasticache/tmi-prod/engine-log"),
    ]
    assert {each["logFormat"] for each in deliveries} == {"json"}
    assert made.keys() <= cloud.one(aws.elasticache.ReplicationGroup).dependencies


@pytest.mark.parametrize(("stack", "nodes"), [("dev", 1), ("prod", 3)])
def test_members_are_named_as_aws_names_them(stack: str, nodes: int) -> None:
    members = cache(stack).exports["members"]
    assert members == {f"{number:03}": f"tmi-{stack}-{number:03}" for number in range(1, nodes + 1)}
