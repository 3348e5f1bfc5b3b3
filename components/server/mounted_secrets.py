"""A service account, the secrets its pods mount, and the right to fetch exactly these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.server.secret_files import SecretAccess, SecretFile, mount_name, provider_class, reading
from components.service_role import ServiceRole, ServiceRoleArgs, pod_identity_trust


@dataclass(frozen=True, kw_only=True, slots=True)
class MountedSecretsArgs:
    """What :class:`MountedSecrets` need from their caller."""

    access: SecretAccess
    """Where they come from."""
    service_account: str
    """The name of the service account to make."""
    files: tuple[SecretFile, ...]
    """The secrets, and nothing else the pods could read."""
    statements: Sequence[Mapping[str, Any]] = ()
    """What else the pods may do: EKS gives a service account one role."""


class MountedSecrets(pulumi.ComponentResource):
    """The secrets of one kind of pod. Pods have to depend on the component, or their identity may not be there yet."""

    TYPE: Final = "tmi:server:MountedSecrets"

    mount: pulumi.Output[str]
    """The SecretProviderClass, and the Kubernetes Secret that it copies to."""

    def __init__(self, name: str, args: MountedSecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        account = kubernetes.core.v1.ServiceAccount(
            f"{name}-account",
            metadata=ObjectMetaArgs(name=args.service_account, namespace=args.access.namespace),
            automount_service_account_token=False,
            opts=child,
        )
        role = ServiceRole(
            f"{name}-reader",
            ServiceRoleArgs(
                trust=pod_identity_trust(
                    account=args.access.account,
                    cluster_name=args.access.cluster_name,
                    namespace=args.access.namespace,
                    service_account=args.service_account,
                ),
                statements=[*reading(args.files, args.access), *args.statements],
            ),
            child,
        )
        aws.eks.PodIdentityAssociation(
            f"{name}-identity",
            cluster_name=args.access.cluster_name,
            namespace=args.access.namespace,
            service_account=args.service_account,
            role_arn=role.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[account, role]),
        )
        mount = mount_name(args.service_account, args.files)
        provided = CustomResource(
            f"{name}-files",
            api_version="secrets-store.csi.x-k8s.io/v1",
            kind="SecretProviderClass",
            metadata=ObjectMetaArgs(name=mount, namespace=args.access.namespace),
            spec=provider_class(args.files, args.access.region, mount),
            opts=child,
        )
        self.mount = pulumi.Output.all(mount, provided.id).apply(lambda values: str(values[0]))
        self.register_outputs({"mount": self.mount})
