"""Who may do what in the cluster: its nodes, its administrators, and those who may only look."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pulumi
import pulumi_aws as aws

_POLICIES: Final = "arn:aws:eks::aws:cluster-access-policy"


class AccessPolicy(StrEnum):
    """The access policies of EKS that this cluster gives. Source: Amazon EKS User Guide, review access policies."""

    NODE = "AmazonEKSAutoNodePolicy"
    """What a node of Auto Mode needs: without it no node of our own NodeClass joins."""
    ADMINISTRATOR = "AmazonEKSClusterAdminPolicy"
    """Everything."""
    VIEWER = "AmazonEKSViewPolicy"
    """Workloads, their events and logs. Not AmazonEKSAdminViewPolicy, which also reads Secrets: the driver that mounts
    secrets copies into them what TMI reads from its environment, the key of its settings among it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterAccessArgs:
    """What :class:`ClusterAccess` needs from its caller."""

    cluster_name: pulumi.Input[str]
    """The cluster."""
    node_role_arn: pulumi.Input[str]
    """The role of the nodes that our NodeClass names."""
    administrators: tuple[str, ...]
    """Roles that may do everything."""
    viewers: tuple[str, ...]
    """Roles that may look at all but Secrets."""


class ClusterAccess(pulumi.ComponentResource):
    """One entry a role, each for the whole cluster; nobody has access by any other way."""

    TYPE: Final = "tmi:cluster:ClusterAccess"

    def __init__(self, name: str, args: ClusterAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._cluster_name = args.cluster_name
        # The type is what the User Guide asks of nodes in Auto Mode: create a node class, access entry.
        self._entry(f"{name}-node", args.node_role_arn, AccessPolicy.NODE, "EC2")
        for key, arn in _keyed(args.administrators).items():
            self._entry(f"{name}-administrator-{key}", arn, AccessPolicy.ADMINISTRATOR, "STANDARD")
        for key, arn in _keyed(args.viewers).items():
            self._entry(f"{name}-viewer-{key}", arn, AccessPolicy.VIEWER, "STANDARD")
        self.register_outputs({})

    def _entry(self, name: str, principal: pulumi.Input[str], policy: AccessPolicy, kind: str) -> None:
        entry = aws.eks.AccessEntry(
            f"{name}-entry",
            cluster_name=self._cluster_name,
            principal_arn=principal,
            type=kind,
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.eks.AccessPolicyAssociation(
            f"{name}-policy",
            cluster_name=self._cluster_name,
            principal_arn=principal,
            policy_arn=f"{_POLICIES}/{policy}",
            access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[entry]),
        )


def _keyed(arns: tuple[str, ...]) -> dict[str, str]:
    """Roles by their part of logical names: path and name, which no other role of the account has."""
    return {arn.partition(":role/")[2].replace("/", "-"): arn for arn in arns}
