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
from tests.policy.program.alarms import KEY_POLICY, alarms
from tests.policy.program.cluster import CLOSED, CLUSTER, node_role, pool
from tests.policy.program.data import data
from tests.policy.program.edge import bucket, edge
from tests.policy.program.logs import archive, log
from tests.policy.program.network import Network, network
from tests.policy.program.watchers import watchers
from tests.policy.program.workload import workload

_READ: Final = {
    "aws:kms/key:Key": {"keyId": "00000000-0000-0000-0000-000000000000"},
}
"""Outputs that the program reads, beside those that the recorder computes."""


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
    opts = pulumi.ResourceOptions(provider=provider, protect=True)
    key = aws.kms.Key("data", enable_key_rotation=True, policy=KEY_POLICY, opts=opts)
    alias = aws.kms.Alias("data", target_key_id=key.key_id, opts=opts)
    around = network(key, opts)
    door = edge(around, key, opts)
    stores = data(key, around, provider, recovery)
    alarms(stores, door, around.gateways, alias.name, provider, recovery)
    _stores(key, opts)
    _identity(key, opts)
    workload(door.targets, _cluster(key, around))


def _stores(key: aws.kms.Key, opts: pulumi.ResourceOptions) -> None:
    group = log("server", key, opts)
    encryption = {"sse_algorithm": "aws:kms", "kms_master_key_id": key.arn}
    archive(bucket("archive", encryption, opts), key, opts)
    watchers(key, group.arn, bucket("checks", encryption, opts), opts)


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


def _cluster(key: aws.kms.Key, around: Network) -> pulumi.ResourceOptions:
    """The cluster and its nodes; returns the options of what runs in it."""
    subnets, groups = around.subnets["app"], around.groups
    config: Any = {"subnet_ids": subnets, "security_group_ids": [groups["control-plane"]], **CLOSED}
    cluster = aws.eks.Cluster(
        "cluster",
        role_arn="arn:aws:iam::111111111111:role/cluster",
        vpc_config=config,
        encryption_config={"provider": {"key_arn": key.arn}, "resources": ["secrets"]},
        opts=pulumi.ResourceOptions(protect=True),
        **CLUSTER,
    )
    opts = pulumi.ResourceOptions(provider=kubernetes.Provider("cluster", cluster=cluster.name))
    spec: dict[str, Any] = {
        "role": node_role(cluster, key),
        "subnetSelectorTerms": [{"id": subnet} for subnet in subnets],
        "securityGroupSelectorTerms": [{"id": groups["nodes"]}],
        "podSubnetSelectorTerms": [{"id": subnet} for subnet in subnets],
        "podSecurityGroupSelectorTerms": [{"id": groups["pods"]}],
        "ephemeralStorage": {"kmsKeyID": key.arn},
        "networkPolicy": "DefaultDeny",
    }
    kubernetes.apiextensions.CustomResource(
        "nodes", api_version="eks.amazonaws.com/v1", kind="NodeClass", metadata={"name": "tmi"}, spec=spec, opts=opts
    )
    pool(cluster, opts)
    return opts
