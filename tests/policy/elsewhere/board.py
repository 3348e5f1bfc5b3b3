"""A stack of another team: a board on EKS with managed nodes, in a network that another stack made."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

LABELS = {"app.kubernetes.io/name": "board"}
SECURE: Any = {
    "allow_privilege_escalation": False,
    "read_only_root_filesystem": True,
    "run_as_non_root": True,
    "capabilities": {"drop": ["ALL"]},
    "seccomp_profile": {"type": "RuntimeDefault"},
}


def board() -> None:
    """The program."""
    key = aws.kms.Key("board", enable_key_rotation=True)
    cluster = aws.eks.Cluster(
        "board",
        name="board",
        version="1.35",
        role_arn="arn:aws:iam::111111111111:role/board",
        vpc_config={
            "subnet_ids": ["subnet-0000000000000000a", "subnet-0000000000000000b"],
            "security_group_ids": ["sg-00000000000000000"],
            "endpoint_private_access": True,
            "endpoint_public_access": False,
        },
        access_config={"authentication_mode": "API", "bootstrap_cluster_creator_admin_permissions": False},
        encryption_config={"provider": {"key_arn": key.arn}, "resources": ["secrets"]},
        enabled_cluster_log_types=["api", "audit", "authenticator", "controllerManager", "scheduler"],
    )
    aws.eks.Addon(
        "network",
        cluster_name=cluster.name,
        addon_name="vpc-cni",
        configuration_values=json.dumps({"enableNetworkPolicy": "true"}),
    )
    aws.eks.NodeGroup(
        "board",
        cluster_name=cluster.name,
        node_role_arn="arn:aws:iam::111111111111:role/nodes",
        subnet_ids=["subnet-0000000000000000a", "subnet-0000000000000000b"],
        scaling_config={"min_size": 2, "max_size": 4, "desired_size": 2},
    )
    _workload(pulumi.ResourceOptions(provider=kubernetes.Provider("board", cluster=cluster.name)))


def _workload(opts: pulumi.ResourceOptions) -> None:
    kubernetes.core.v1.Namespace(
        "board", metadata={"name": "board", "labels": {"pod-security.kubernetes.io/enforce": "restricted"}}, opts=opts
    )
    where: Any = {"namespace": "board", "labels": LABELS}
    kubernetes.core.v1.ServiceAccount("board", metadata=where, automount_service_account_token=False, opts=opts)
    container: Any = {
        "name": "board",
        "image": "111111111111.dkr.ecr.eu-west-1.amazonaws.com/board:4.2.1",
        "ports": [{"container_port": 8443}],
        "security_context": SECURE,
        "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"memory": "256Mi"}},
        "readiness_probe": {"http_get": {"path": "/ready", "port": 8443, "scheme": "HTTPS"}},
        "liveness_probe": {"http_get": {"path": "/live", "port": 8443, "scheme": "HTTPS"}},
    }
    pod: Any = {
        "service_account_name": "board",
        "automount_service_account_token": False,
        "enable_service_links": False,
        "containers": [container],
    }
    kubernetes.apps.v1.Deployment(
        "board",
        metadata=where,
        spec={
            "replicas": 2,
            "selector": {"match_labels": LABELS},
            "template": {"metadata": {"labels": LABELS}, "spec": pod},
        },
        opts=opts,
    )
    kubernetes.core.v1.Service(
        "board", metadata=where, spec={"selector": LABELS, "ports": [{"port": 443, "target_port": 8443}]}, opts=opts
    )
    _closed(opts)


def _closed(opts: pulumi.ResourceOptions) -> None:
    where: Any = {"namespace": "board", "labels": LABELS}
    kubernetes.networking.v1.NetworkPolicy(
        "closed", metadata=where, spec={"pod_selector": {}, "policy_types": ["Ingress", "Egress"]}, opts=opts
    )
    rules: Any = [{"from": [{"pod_selector": {"match_labels": {"app": "gateway"}}}], "ports": [{"port": 8443}]}]
    kubernetes.networking.v1.NetworkPolicy(
        "board",
        metadata=where,
        spec={"pod_selector": {"match_labels": LABELS}, "policy_types": ["Ingress"], "ingress": rules},
        opts=opts,
    )
