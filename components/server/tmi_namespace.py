"""The namespace of TMI: isolated and bounded before anything runs in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.rbac.v1 import PolicyRuleArgs, RoleRefArgs, SubjectArgs

from components.secrets_driver import SECRETS_DRIVER, SYSTEM_NAMESPACE
from components.server.isolation import (
    Surroundings,
    application_network_policies,
    namespace_labels,
    network_policies,
)
from components.server.namespace_budget import limits, quotas
from components.server.roles import Role
from components.settings.server import ServerSettings
from components.settings.topology import HubAndPoolTopology

NAMESPACE: Final = "tmi"
_COPY_ROLE: Final = "secrets-driver-copy"


@dataclass(frozen=True, kw_only=True, slots=True)
class TmiNamespaceArgs:
    """What a :class:`TmiNamespace` needs from its caller."""

    kubernetes_version: str
    """The cluster's version; the Pod Security Standard is that of this version."""
    settings: ServerSettings
    """How many pods of TMI there are, and what each may use."""
    surroundings: Surroundings
    """What its pods may speak to."""
    database_address: pulumi.Input[str]
    """The host name of PostgreSQL."""
    redis_endpoint: pulumi.Input[str]
    """The host name of Redis."""


class TmiNamespace(pulumi.ComponentResource):
    """A namespace in which nothing is allowed that is not named. Pods have to depend on the component."""

    TYPE: Final = "tmi:server:TmiNamespace"

    namespace: pulumi.Output[str]

    def __init__(self, name: str, args: TmiNamespaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        namespace = kubernetes.core.v1.Namespace(
            f"{name}-namespace",
            metadata=ObjectMetaArgs(name=NAMESPACE, labels=namespace_labels(args.kubernetes_version)),
            opts=pulumi.ResourceOptions(parent=self),
        )
        inside = pulumi.ResourceOptions(parent=self, depends_on=[namespace])
        roles = list(Role) if isinstance(args.settings.topology, HubAndPoolTopology) else [Role.HUB]
        by_name = application_network_policies(
            args.surroundings, roles, database_address=args.database_address, redis_endpoint=args.redis_endpoint
        )
        named = [
            CustomResource(
                f"{name}-{role}",
                api_version="networking.k8s.aws/v1alpha1",
                kind="ApplicationNetworkPolicy",
                metadata=_meta(role),
                spec=spec,
                opts=inside,
            )
            for role, spec in by_name.items()
        ]
        # After those with names: where egress is closed in a running stack, TMI keeps its way to its providers.
        after_named = pulumi.ResourceOptions(parent=self, depends_on=[namespace, *named])
        for role, spec in network_policies(args.surroundings, roles).items():
            kubernetes.networking.v1.NetworkPolicy(f"{name}-{role}", metadata=_meta(role), spec=spec, opts=after_named)
        self._bound(name, args.settings, inside)
        # Some secrets are copied into Kubernetes Secrets; the driver may write these here and nowhere else.
        role = kubernetes.rbac.v1.Role(
            f"{name}-secrets-driver",
            metadata=_meta(_COPY_ROLE),
            rules=[
                PolicyRuleArgs(api_groups=[""], resources=["secrets"], verbs=["create", "delete", "patch", "update"])
            ],
            opts=inside,
        )
        kubernetes.rbac.v1.RoleBinding(
            f"{name}-secrets-driver-binding",
            metadata=_meta(_COPY_ROLE),
            role_ref=RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="Role", name=_COPY_ROLE),
            subjects=[SubjectArgs(kind="ServiceAccount", name=SECRETS_DRIVER, namespace=SYSTEM_NAMESPACE)],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role]),
        )
        self.namespace = namespace.metadata.apply(lambda metadata: metadata.name or "")
        self.register_outputs({"namespace": self.namespace})

    def _bound(self, name: str, settings: ServerSettings, inside: pulumi.ResourceOptions) -> None:
        """How much there may be of everything."""
        topology, hub = settings.topology, settings.resources
        for role, spec in quotas(topology, hub, settings.telemetry).items():
            kubernetes.core.v1.ResourceQuota(f"{name}-quota-{role}", metadata=_meta(role), spec=spec, opts=inside)
        # Who starts first where there is room for one; nobody is thrown out, since nodes come when they are needed.
        # Quotas know the hub by it.
        kubernetes.scheduling.v1.PriorityClass(
            f"{name}-hub-priority",
            metadata=ObjectMetaArgs(name=Role.HUB.object_name),
            value=1000,
            preemption_policy="Never",
            description="The hub of TMI, which everybody waits for who logs in or works together.",
            opts=pulumi.ResourceOptions(parent=self),
        )
        kubernetes.core.v1.LimitRange(
            f"{name}-limits", metadata=_meta("limits"), spec=limits(topology, hub), opts=inside
        )


def _meta(name: str) -> ObjectMetaArgs:
    return ObjectMetaArgs(name=name, namespace=NAMESPACE)
