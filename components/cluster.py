"""The EKS cluster in Auto Mode: control plane, the roles it works with, and who may administer it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.cluster_access import ClusterAccess, ClusterAccessArgs
from components.cluster_rights import (
    CLUSTER_POLICIES,
    NODE_POLICIES,
    node_tag_statements,
    pull_through_statement,
    service_trust,
    storage_key_statements,
)
from components.kubernetes_version import version_hook
from components.log_sink import LogSink, log_group
from components.service_role import ServiceRole, ServiceRoleArgs
from components.settings.cluster import ClusterSettings


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterArgs:
    """What a :class:`Cluster` needs from its caller."""

    cluster_name: str
    """Its physical name; the log group depends on it."""
    account: str
    """The AWS account."""
    region: str
    """Where it stands."""
    settings: ClusterSettings
    """Version, access, administrators."""
    subnet_ids: pulumi.Input[list[str]]
    """Private subnets for the control plane's interfaces, in two zones at least."""
    service_cidr: str
    """The addresses of Services."""
    control_plane_group_id: pulumi.Input[str]
    """The security group of these interfaces."""
    key_arn: pulumi.Input[str]
    """The key of Kubernetes secrets and of the nodes' disks."""
    public_prefix: pulumi.Input[str]
    """Registry and prefix of the pull-through cache, as in `<registry>/<prefix>`."""
    logs: LogSink
    """How the logs of the control plane are kept."""
    deletion_protection: bool
    """Whether AWS and Pulumi refuse to delete it."""


class Cluster(pulumi.ComponentResource):
    """A cluster whose nodes, network and disks AWS runs.

    Whoever speaks to its API has to depend on the component: the administrators' access is among its last children.
    """

    TYPE: Final = "tmi:cluster:Cluster"

    cluster_name: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    certificate_authority: pulumi.Output[str]
    cluster_security_group_id: pulumi.Output[str]
    node_role_arn: pulumi.Output[str]
    node_role_name: pulumi.Output[str]

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        # EKS writes to this name, and would make it without key and retention if it were not there first.
        logs = log_group(f"{name}-logs", f"/aws/eks/{args.cluster_name}/cluster", args.logs, child)
        cluster_role = ServiceRole(
            f"{name}-control-plane",
            ServiceRoleArgs(
                trust=service_trust("eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession"),
                managed_policies=CLUSTER_POLICIES,
                statements=[
                    *storage_key_statements(args.key_arn),
                    *node_tag_statements(args.account, args.region),
                ],
            ),
            child,
        )
        node_role = ServiceRole(
            f"{name}-node",
            ServiceRoleArgs(
                trust=service_trust("ec2.amazonaws.com", "sts:AssumeRole"),
                managed_policies=NODE_POLICIES,
                statements=[pull_through_statement(args.account, args.region, args.public_prefix)],
            ),
            child,
        )
        cluster = self._cluster(name, args, cluster_role.arn, [logs, cluster_role])

        ClusterAccess(
            f"{name}-access",
            ClusterAccessArgs(
                cluster_name=cluster.name,
                node_role_arn=node_role.arn,
                administrators=args.settings.administrators,
                viewers=args.settings.viewers,
            ),
            child,
        )

        self.cluster_name = cluster.name
        self.endpoint = cluster.endpoint
        self.certificate_authority = cluster.certificate_authority.apply(lambda authority: authority.data or "")
        self.cluster_security_group_id = cluster.vpc_config.apply(lambda vpc: vpc.cluster_security_group_id or "")
        self.node_role_arn = node_role.arn
        self.node_role_name = node_role.role_name
        self.register_outputs(
            {
                "cluster_name": self.cluster_name,
                "endpoint": self.endpoint,
                "certificate_authority": self.certificate_authority,
                "cluster_security_group_id": self.cluster_security_group_id,
                "node_role_arn": self.node_role_arn,
                "node_role_name": self.node_role_name,
            }
        )

    def _cluster(
        self, name: str, args: ClusterArgs, role_arn: pulumi.Output[str], needed: list[pulumi.Resource]
    ) -> aws.eks.Cluster:
        public = list(args.settings.public_access_cidrs)
        return aws.eks.Cluster(
            f"{name}-cluster",
            name=args.cluster_name,
            version=args.settings.version,
            role_arn=role_arn,
            access_config=aws.eks.ClusterAccessConfigArgs(
                authentication_mode="API",
                # Administrators are those of the stack file; whoever ran the first deployment is none beside them.
                bootstrap_cluster_creator_admin_permissions=False,
            ),
            # Auto Mode needs all three switches together, and AWS refuses a node role where no built-in pool is named:
            # the role of our own nodes is in their NodeClass. Source: terraform-aws-modules/terraform-aws-eks#3238.
            bootstrap_self_managed_addons=False,
            compute_config=aws.eks.ClusterComputeConfigArgs(enabled=True, node_pools=[]),
            kubernetes_network_config=aws.eks.ClusterKubernetesNetworkConfigArgs(
                elastic_load_balancing=aws.eks.ClusterKubernetesNetworkConfigElasticLoadBalancingArgs(enabled=True),
                ip_family="ipv4",
                service_ipv4_cidr=args.service_cidr,
            ),
            storage_config=aws.eks.ClusterStorageConfigArgs(
                block_storage=aws.eks.ClusterStorageConfigBlockStorageArgs(enabled=True)
            ),
            vpc_config=aws.eks.ClusterVpcConfigArgs(
                subnet_ids=args.subnet_ids,
                security_group_ids=[args.control_plane_group_id],
                endpoint_private_access=True,
                endpoint_public_access=bool(public),
                public_access_cidrs=public or None,
            ),
            encryption_config=aws.eks.ClusterEncryptionConfigArgs(
                provider=aws.eks.ClusterEncryptionConfigProviderArgs(key_arn=args.key_arn), resources=["secrets"]
            ),
            enabled_cluster_log_types=["api", "audit", "authenticator", "controllerManager", "scheduler"],
            upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type=args.settings.support_type.value),
            zonal_shift_config=aws.eks.ClusterZonalShiftConfigArgs(enabled=True),
            deletion_protection=args.deletion_protection,
            # Everything Kubernetes holds goes with it, so it is protected like data.
            opts=pulumi.ResourceOptions(
                parent=self, protect=args.deletion_protection, depends_on=needed, hooks=version_hook()
            ),
        )
