from __future__ import annotations

import pytest

from sandbox.cloud.catalogue import resource_type
from sandbox.cloud.diff import Change, Kind, compare
from sandbox.cloud.replacements import AWS
from sandbox.cloud.values import UNKNOWN, Properties, Secret

SUBNET = "aws:ec2/subnet:Subnet"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"


def test_equal_inputs_do_not_differ() -> None:
    assert compare(SUBNET, {"cidrBlock": "10.0.0.0/24"}, {"cidrBlock": "10.0.0.0/24", "tags": None}) == []


def test_changes_name_their_paths_as_the_engine_writes_them() -> None:
    old: Properties = {"tags": {"Name": "a", "kubernetes.io/role/elb": "1"}, "ids": ["a", "b"], "gone": True}
    new: Properties = {"tags": {"Name": "b", "added": "x"}, "ids": ["a", "c"]}

    assert compare(SUBNET, old, new) == [
        Change("gone", Kind.DELETED, replaces=False),
        Change("ids[1]", Kind.UPDATED, replaces=False),
        Change("tags.Name", Kind.UPDATED, replaces=False),
        Change("tags.added", Kind.ADDED, replaces=False),
        Change('tags["kubernetes.io/role/elb"]', Kind.DELETED, replaces=False),
    ]


def test_a_list_that_grew_differs_as_a_whole() -> None:
    assert compare(SUBNET, {"ids": ["a"]}, {"ids": ["a", "b"]}) == [Change("ids", Kind.UPDATED, replaces=False)]


@pytest.mark.parametrize(
    ("token", "old", "new", "replaces"),
    [
        (SUBNET, {"cidrBlock": "10.0.0.0/24"}, {"cidrBlock": "10.0.0.0/25"}, True),
        (SUBNET, {"vpcId": "vpc-1"}, {"vpcId": UNKNOWN}, True),
        (SUBNET, {"mapPublicIpOnLaunch": True}, {"mapPublicIpOnLaunch": False}, False),
        ("aws:rds/instance:Instance", {"identifier": "a"}, {"identifier": "b"}, False),
        ("aws:rds/instance:Instance", {"storageEncrypted": False}, {"storageEncrypted": True}, True),
        ("aws:eks/cluster:Cluster", {"vpcConfig": {"subnetIds": ["a"]}}, {"vpcConfig": {"subnetIds": ["b"]}}, False),
        (
            "aws:eks/cluster:Cluster",
            {"kubernetesNetworkConfig": {"ipFamily": "ipv4"}},
            {"kubernetesNetworkConfig": {"ipFamily": "ipv6"}},
            True,
        ),
        ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {"role": "a"}, {"role": "b"}, True),
        ("aws:s3/bucketVersioning:BucketVersioning", {"bucket": "a"}, {"bucket": "b"}, True),
        ("random:index/randomPassword:RandomPassword", {"keepers": {"a": "1"}}, {"keepers": {"a": "2"}}, True),
        ("kubernetes:apps/v1:Deployment", {"spec": {"replicas": 1.0}}, {"spec": {"replicas": 2.0}}, False),
        ("kubernetes:apps/v1:Deployment", {"metadata": {"namespace": "a"}}, {"metadata": {"namespace": "b"}}, True),
        ("kubernetes:core/v1:ConfigMap", {"data": {"a": "1"}}, {"data": {"a": "2"}}, True),
        (CACHE, {"engine": "redis"}, {"engine": "valkey"}, False),
        (CACHE, {"engine": "valkey"}, {"engine": "redis"}, True),
        ("pulumi:providers:aws", {"region": "eu-west-1"}, {"region": "us-east-1"}, True),
        ("pulumi:providers:kubernetes", {"kubeconfig": "a"}, {"kubeconfig": "b"}, False),
    ],
)
def test_what_cannot_be_changed_in_place_is_replaced(
    token: str, old: Properties, new: Properties, *, replaces: bool
) -> None:
    assert [change.replaces for change in compare(token, old, new)] == [replaces]


def test_a_provider_can_be_told_that_config_maps_are_mutable() -> None:
    changes = compare("kubernetes:core/v1:ConfigMap", {"data": {"a": "1"}}, {"data": {"a": "2"}}, is_mutable=True)

    assert [change.replaces for change in changes] == [False]


def test_write_only_arguments_are_compared_by_their_version_alone() -> None:
    token = "aws:secretsmanager/secretVersion:SecretVersion"  # noqa: S105 -- a type token
    old: Properties = {"secretStringWo": Secret("a"), "secretStringWoVersion": 1.0}

    assert compare(token, old, {**old, "secretStringWo": Secret("b")}) == []
    assert compare(token, old, {**old, "secretStringWoVersion": 2.0}) == [
        Change("secretStringWoVersion", Kind.UPDATED, replaces=True)
    ]


def test_the_table_names_real_properties() -> None:
    for token, paths in AWS.items():
        unknown = {path.split(".")[0] for path in paths if path} - resource_type(token).inputs.types.keys()
        assert not unknown, token
