"""The cluster: who may do what to it, and what it encrypts and logs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi_aws as aws
import pytest

from components.cluster import Cluster, ClusterArgs
from components.log_sink import LogSink
from components.settings import parse
from tests.cloud import Cloud, run
from tests.iam import findings
from tests.stack_files import changed

KEY = "arn:aws:kms:eu-west-1:111111111111:key/cluster"
ACCESS_POLICY = "arn:aws:eks::aws:cluster-access-policy"


def cluster(*, deletion_protection: bool = True, **fields: object) -> Cloud:
    settings = parse(changed("dev", **fields)).cluster
    args = ClusterArgs(
        cluster_name="tmi-dev",
        account="111111111111",
        region="eu-west-1",
        settings=settings,
        subnet_ids=["subnet-a", "subnet-b"],
        service_cidr="172.20.0.0/16",
        control_plane_group_id="sg-control",
        key_arn=KEY,
        public_prefix="111111111111.dkr.ecr.eu-west-1.amazonaws.com/tmi-dev-public",
        logs=LogSink(key_arn="arn:aws:kms:eu-west-1:111111111111:key/logs", retention_days=90),
        deletion_protection=deletion_protection,
    )
    return run(lambda: Cluster("cluster", args))


def inputs(cloud: Cloud) -> Mapping[str, Any]:
    return cloud.one(aws.eks.Cluster).inputs


def policies(cloud: Cloud, role: str) -> set[str]:
    return {
        attachment.inputs["policyArn"].rpartition("/")[2]
        for attachment in cloud.of(aws.iam.RolePolicyAttachment)
        if attachment.parent == role
    }


def test_auto_mode_is_on_whole_and_without_built_in_pools() -> None:
    found = inputs(cluster())
    assert found["computeConfig"] == {"enabled": True, "nodePools": []}
    assert found["storageConfig"] == {"blockStorage": {"enabled": True}}
    assert found["kubernetesNetworkConfig"] == {
        "elasticLoadBalancing": {"enabled": True},
        "ipFamily": "ipv4",
        "serviceIpv4Cidr": "172.20.0.0/16",
    }
    assert found["bootstrapSelfManagedAddons"] is False


def test_nobody_but_the_listed_roles_has_access() -> None:
    viewers = ["arn:aws:iam::111111111111:role/look/one"]
    cloud = cluster(cluster__administrators=["arn:aws:iam::111111111111:role/ops/one"], cluster__viewers=viewers)
    assert inputs(cloud)["accessConfig"] == {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": False,
    }
    entries = {entry.name: entry.inputs["type"] for entry in cloud.of(aws.eks.AccessEntry)}
    assert entries == {
        "cluster-access-administrator-ops-one-entry": "STANDARD",
        "cluster-access-viewer-look-one-entry": "STANDARD",
        "cluster-access-node-entry": "EC2",
    }
    rights = {given.name: given.inputs["policyArn"] for given in cloud.of(aws.eks.AccessPolicyAssociation)}
    assert rights == {
        "cluster-access-administrator-ops-one-policy": f"{ACCESS_POLICY}/AmazonEKSClusterAdminPolicy",
        "cluster-access-viewer-look-one-policy": f"{ACCESS_POLICY}/AmazonEKSViewPolicy",
        "cluster-access-node-policy": f"{ACCESS_POLICY}/AmazonEKSAutoNodePolicy",
    }


def test_a_right_waits_for_its_entry_and_is_for_the_whole_cluster() -> None:
    cloud = cluster()
    for given in cloud.of(aws.eks.AccessPolicyAssociation):
        assert given.name.replace("-policy", "-entry") in given.dependencies
        assert given.inputs["accessScope"] == {"type": "cluster"}


def test_access_depends_on_nothing_but_its_roles_and_the_cluster() -> None:
    entry = cluster().one(aws.eks.AccessEntry, "cluster-access-node-entry")
    assert entry.dependencies == {"cluster-cluster", "cluster-node-role"}


@pytest.mark.parametrize("cidrs", [[], ["203.0.113.0/24"]])
def test_the_public_endpoint_is_for_listed_networks_alone(cidrs: list[str]) -> None:
    vpc = inputs(cluster(cluster__public_access_cidrs=cidrs))["vpcConfig"]
    assert vpc["endpointPrivateAccess"] is True
    assert vpc["endpointPublicAccess"] is bool(cidrs)
    assert vpc.get("publicAccessCidrs", []) == cidrs
    assert vpc["securityGroupIds"] == ["sg-control"]


def test_its_logs_have_a_group_before_it_writes_them() -> None:
    cloud = cluster()
    group = cloud.one(aws.cloudwatch.LogGroup)
    assert group.inputs["name"] == "/aws/eks/tmi-dev/cluster"
    assert group.inputs["retentionInDays"] == 90
    assert group.inputs["kmsKeyId"].endswith("key/logs")
    assert group.name in cloud.one(aws.eks.Cluster).dependencies
    assert len(inputs(cloud)["enabledClusterLogTypes"]) == 5


def test_it_waits_for_the_rights_of_its_role() -> None:
    cloud = cluster()
    assert policies(cloud, "cluster-control-plane") == {
        "AmazonEKSBlockStoragePolicy",
        "AmazonEKSClusterPolicy",
        "AmazonEKSComputePolicy",
        "AmazonEKSLoadBalancingPolicy",
        "AmazonEKSNetworkingPolicy",
    }
    attached = {
        found.name for found in cloud.of(aws.iam.RolePolicyAttachment) if found.parent == "cluster-control-plane"
    }
    assert attached <= cloud.one(aws.eks.Cluster).dependencies


def test_kubernetes_secrets_are_encrypted() -> None:
    assert inputs(cluster())["encryptionConfig"] == {"provider": {"keyArn": KEY}, "resources": ["secrets"]}


@pytest.mark.parametrize("protection", [True, False])
def test_protection_follows_the_stack_file(protection: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    cloud = cluster(deletion_protection=protection)
    assert inputs(cloud)["deletionProtection"] is protection
    assert cloud.one(aws.eks.Cluster).protect is protection


def test_nodes_import_images_under_the_prefix_of_the_cache_alone() -> None:
    cloud = cluster()
    assert policies(cloud, "cluster-node") == {"AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodeMinimalPolicy"}
    document = json.loads(cloud.one(aws.iam.RolePolicy, "cluster-node-policy").inputs["policy"])
    assert document["Statement"][0]["Resource"] == "arn:aws:ecr:eu-west-1:111111111111:repository/tmi-dev-public/*"
    assert document["Statement"][0]["Action"] == ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"]


def control_plane_statements() -> list[dict[str, Any]]:
    document = json.loads(cluster().one(aws.iam.RolePolicy, "cluster-control-plane-policy").inputs["policy"])
    return document["Statement"]


def test_nodes_may_be_tagged_but_only_those_of_this_cluster() -> None:
    tagging = [each for each in control_plane_statements() if "ec2:" in str(each["Action"])]
    assert [each["Action"] for each in tagging] == [
        ["ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances"],
        "ec2:CreateNetworkInterface",
        ["ec2:CreateTags", "ec2:DeleteTags"],
    ]
    own = "${aws:PrincipalTag/eks:eks-cluster-name}"
    assert [each["Condition"]["StringEquals"] for each in tagging] == [
        {"aws:RequestTag/eks:eks-cluster-name": own},
        {"aws:RequestTag/eks:eks-cluster-name": own},
        {"aws:ResourceTag/eks:eks-cluster-name": own},
    ]


def test_whatever_a_launch_tags_may_be_tagged() -> None:
    launch = next(each for each in control_plane_statements() if "ec2:RunInstances" in each["Action"])
    kinds = {arn.split(":")[5].removesuffix("/*") for arn in launch["Resource"]}
    assert {"fleet", "instance", "launch-template", "network-interface", "spot-instances-request", "volume"} <= kinds
    assert {arn.split(":")[4] for arn in launch["Resource"]} == {"111111111111", ""}


def test_its_policies_are_well_formed() -> None:
    for policy in cluster().of(aws.iam.RolePolicy):
        assert findings(policy.inputs["policy"]) == []


def test_it_asks_before_each_update_whether_a_version_is_skipped() -> None:
    assert list(cluster().one(aws.eks.Cluster).request.hooks.before_update) == ["one-minor-at-a-time"]
