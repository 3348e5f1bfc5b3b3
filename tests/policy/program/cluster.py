"""The cluster of the small program: closed, recorded, current, and open to its own nodes."""

from __future__ import annotations

import json
from typing import Any, Final

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from tests.policy.program.logs import log

CLOSED: Final[dict[str, Any]] = {
    "endpoint_private_access": True,
    "endpoint_public_access": True,
    "public_access_cidrs": ["203.0.113.0/24"],
}
CLUSTER: Final[dict[str, Any]] = {
    "name": "planted",
    "version": "1.35",
    "deletion_protection": True,
    "enabled_cluster_log_types": ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    "bootstrap_self_managed_addons": False,
    "compute_config": {"enabled": True, "node_pools": []},
    "kubernetes_network_config": {"elastic_load_balancing": {"enabled": True}},
    "storage_config": {"block_storage": {"enabled": True}},
    "access_config": {"authentication_mode": "API", "bootstrap_cluster_creator_admin_permissions": False},
}


def node_role(cluster: aws.eks.Cluster, key: aws.kms.Key) -> pulumi.Output[str]:
    """The name of the nodes' role, with its entry; and the log group of the control plane."""
    log("cluster", key, group_name="/aws/eks/planted/cluster")
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = aws.iam.Role("nodes", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
    aws.eks.AccessEntry("nodes", cluster_name=cluster.name, principal_arn=role.arn, type="EC2")
    aws.eks.AccessPolicyAssociation(
        "nodes",
        cluster_name=cluster.name,
        principal_arn=role.arn,
        policy_arn="arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy",
        access_scope={"type": "cluster"},
    )
    return role.name


def pool(cluster: aws.eks.Cluster, opts: pulumi.ResourceOptions) -> None:
    """The pool of the cluster's nodes, by the NodeClass `nodes`; and the only add-on."""
    aws.eks.Addon(
        "metrics",
        cluster_name=cluster.name,
        addon_name="metrics-server",
        addon_version="v0.9.0-eksbuild.5",
        resolve_conflicts_on_create="OVERWRITE",
        resolve_conflicts_on_update="OVERWRITE",
    )
    of_class = {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": "tmi"}
    node = {"nodeClassRef": of_class, "expireAfter": "336h", "terminationGracePeriod": "24h30m"}
    spec = {
        "template": {"spec": node},
        "limits": {"cpu": "16", "memory": "64Gi"},
        "disruption": {"budgets": [{"nodes": "1"}, {"nodes": "0", "schedule": "0 9 * * 0", "duration": "166h"}]},
    }
    kubernetes.apiextensions.CustomResource(
        "nodes-pool", api_version="karpenter.sh/v1", kind="NodePool", metadata={"name": "tmi"}, spec=spec, opts=opts
    )
