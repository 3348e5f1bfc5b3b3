"""The cluster of the small program: closed, recorded, current, and open to its own nodes."""

from __future__ import annotations

import json
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from tests.policy.program_logs import log

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
