"""What mounts secrets into pods as files: the Secrets Store CSI driver with the provider of AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.add_on import AddOn, install

SECRETS_DRIVER: Final = "secrets-store-csi-driver"
"""The service account of the CSI driver."""
SYSTEM_NAMESPACE: Final = "kube-system"
_WATCH: Final = "tmi-secrets-driver-watch"


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretsDriverArgs:
    """What a :class:`SecretsDriver` needs from its caller."""

    cluster_name: str
    """The cluster's physical name."""
    version: str
    """The add-on's version."""


class SecretsDriver(pulumi.ComponentResource):
    """The driver, and its right to copy some of what it mounts into Kubernetes Secrets.

    The add-on accepts `syncSecret` and ignores it (aws/secrets-store-csi-driver-provider-aws#597), so the right is
    given here. The driver watches the Secrets it manages in the whole cluster; it may write in TMI's namespace alone,
    by a role there. Its rotation of mounted files stays off: TMI reads them once, at start. It has no role in AWS: it
    asks for secrets as the pods it mounts them for.
    """

    TYPE: Final = "tmi:cluster:SecretsDriver"

    def __init__(self, name: str, args: SecretsDriverArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = kubernetes.rbac.v1.ClusterRole(
            f"{name}-watch",
            metadata=ObjectMetaArgs(name=_WATCH),
            rules=[
                kubernetes.rbac.v1.PolicyRuleArgs(
                    api_groups=[""], resources=["secrets"], verbs=["get", "list", "watch"]
                )
            ],
            opts=child,
        )
        binding = kubernetes.rbac.v1.ClusterRoleBinding(
            f"{name}-binding",
            metadata=ObjectMetaArgs(name=_WATCH),
            role_ref=kubernetes.rbac.v1.RoleRefArgs(
                api_group="rbac.authorization.k8s.io",
                kind="ClusterRole",
                name=role.metadata.apply(lambda metadata: metadata.name or ""),
            ),
            subjects=[
                kubernetes.rbac.v1.SubjectArgs(kind="ServiceAccount", name=SECRETS_DRIVER, namespace=SYSTEM_NAMESPACE)
            ],
            opts=child,
        )
        # The namespace is spelled out, because the binding above and the policy of its traffic name it.
        driver = AddOn(name="aws-secrets-store-csi-driver-provider", version=args.version, namespace=SYSTEM_NAMESPACE)
        install(name, args.cluster_name, driver, [binding], self)
        self.register_outputs({})
