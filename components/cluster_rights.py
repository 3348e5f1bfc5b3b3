"""What the roles of an EKS cluster in Auto Mode may do: the control plane's and the nodes'."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi

CLUSTER_POLICIES: Final = (
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
)
"""Source: Amazon EKS User Guide, Auto Mode cluster IAM role."""
NODE_POLICIES: Final = ("AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodeMinimalPolicy")
"""Source: Amazon EKS User Guide, Auto Mode node IAM role."""

_OF_NODES: Final = ("instance", "network-interface", "spot-instances-request", "volume")
"""What a launch of instances tags. Source: EC2 API reference, LaunchTemplateTagSpecificationRequest."""
_TOUCHED: Final = ("security-group", "subnet")
"""What a launch names beside an image, and tags nothing of: so that the statement covers the action as a whole."""
_CLUSTER_OF_REQUEST: Final = {
    "aws:RequestTag/eks:eks-cluster-name": "${aws:PrincipalTag/eks:eks-cluster-name}",
}
"""EKS names the cluster in the session in which it takes the role, and in the tags of whatever it makes for it."""


def service_trust(service: str, *actions: str) -> dict[str, Any]:
    """The trust of a role for EKS or EC2 themselves.

    Without a condition on the source: neither sends one when it takes the cluster's or a node's role, and a role cannot
    be passed to a service from another account.
    """
    return {"Effect": "Allow", "Principal": {"Service": service}, "Action": list(actions)}


def storage_key_statements(key_arn: pulumi.Input[str]) -> list[Mapping[str, Any]]:
    """What Auto Mode needs to launch nodes with encrypted disks, and EKS to encrypt Kubernetes secrets.

    Source: Amazon EKS User Guide, EBS volume encryption with customer managed keys for Auto Mode.
    """
    return [
        {
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            "Resource": key_arn,
        },
        {
            "Effect": "Allow",
            "Action": ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
            "Resource": key_arn,
            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    ]


def node_tag_statements(account: str, region: str) -> list[Mapping[str, Any]]:
    """What Auto Mode needs to give nodes tags of ours, beside its own, which its managed policies allow alone.

    Of AWS's example the parts for nodes and their network interfaces: nothing here makes volumes for pods, and the
    load balancer is not Auto Mode's. The last statement is for tags that change while a node lives. Everything is held
    to what carries this cluster's name, as in the managed policies; the keys of tags are not, because Auto Mode may add
    one of its own, and then no node would start. Source: Amazon EKS User Guide, Auto Mode cluster IAM role, custom AWS
    tags.
    """

    def of(*kinds: str) -> list[str]:
        return [f"arn:aws:ec2:{region}:{account}:{kind}/*" for kind in kinds]

    return [
        {
            "Effect": "Allow",
            "Action": ["ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances"],
            "Resource": [*of("fleet", "launch-template", *_OF_NODES, *_TOUCHED), f"arn:aws:ec2:{region}::image/*"],
            "Condition": {
                "StringEquals": _CLUSTER_OF_REQUEST,
                "StringLike": {
                    "aws:RequestTag/eks:kubernetes-node-class-name": "*",
                    "aws:RequestTag/eks:kubernetes-node-pool-name": "*",
                },
            },
        },
        {
            "Effect": "Allow",
            "Action": "ec2:CreateNetworkInterface",
            "Resource": of("network-interface", "subnet"),
            "Condition": {
                "StringEquals": _CLUSTER_OF_REQUEST,
                "StringLike": {"aws:RequestTag/eks:kubernetes-cni-node-name": "*"},
            },
        },
        {
            "Effect": "Allow",
            "Action": ["ec2:CreateTags", "ec2:DeleteTags"],
            "Resource": of("launch-template", *_OF_NODES),
            "Condition": {
                "StringEquals": {
                    "aws:ResourceTag/eks:eks-cluster-name": "${aws:PrincipalTag/eks:eks-cluster-name}",
                }
            },
        },
    ]


def pull_through_statement(account: str, region: str, public_prefix: pulumi.Input[str]) -> dict[str, Any]:
    """The first pull of an image through the cache imports it, and makes its repository under the cache's prefix."""
    prefix = pulumi.Output.from_input(public_prefix).apply(lambda address: address.partition("/")[2])
    return {
        "Effect": "Allow",
        "Action": ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
        "Resource": pulumi.Output.concat(f"arn:aws:ecr:{region}:{account}:repository/", prefix, "/*"),
    }
