"""The EKS cluster in Auto Mode: control plane, the roles it works with, and who may administer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.log_sink import LogSink
from components.service_role import ServiceRole, ServiceRoleArgs
from components.settings.sections import ClusterSettings

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

_ACCESS_POLICY: Final = "arn:aws:eks::aws:cluster-access-policy"


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


def pull_through_statement(account: str, region: str, public_prefix: pulumi.Input[str]) -> dict[str, Any]:
    """The first pull of an image through the cache imports it, and makes its repository under the cache's prefix."""
    prefix = pulumi.Output.from_input(public_prefix).apply(lambda address: address.partition("/")[2])
    return {
        "Effect": "Allow",
        "Action": ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
        "Resource": pulumi.Output.concat(f"arn:aws:ecr:{region}:{account}:repository/", prefix, "/*"),
    }


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
        logs = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            # EKS writes to this name, and would make it without key and retention if it were not there first.
            name=f"/aws/eks/{args.cluster_name}/cluster",
            kms_key_id=args.logs.key_arn,
            retention_in_days=args.logs.retention_days,
            opts=child,
        )
        cluster_role = ServiceRole(
            f"{name}-control-plane",
            ServiceRoleArgs(
                trust=service_trust("eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession"),
                managed_policies=CLUSTER_POLICIES,
                statements=storage_key_statements(args.key_arn),
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

        self._access(f"{name}-node", cluster, node_role.arn, "AmazonEKSAutoNodePolicy", "EC2")
        for arn in args.settings.administrators:
            key = arn.partition(":role/")[2].replace("/", "-")
            self._access(f"{name}-administrator-{key}", cluster, arn, "AmazonEKSClusterAdminPolicy", "STANDARD")

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
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection, depends_on=needed),
        )

    def _access(
        self, name: str, cluster: aws.eks.Cluster, principal: pulumi.Input[str], policy: str, kind: str
    ) -> None:
        entry = aws.eks.AccessEntry(
            f"{name}-access",
            cluster_name=cluster.name,
            principal_arn=principal,
            type=kind,
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.eks.AccessPolicyAssociation(
            f"{name}-access-policy",
            cluster_name=cluster.name,
            principal_arn=principal,
            policy_arn=f"{_ACCESS_POLICY}/{policy}",
            access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[entry]),
        )
