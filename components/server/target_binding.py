"""How the load balancer finds TMI's pods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import ServicePortArgs, ServiceSpecArgs
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.server.entrance import HTTPS_PORT
from components.server.roles import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetBindingArgs:
    """What a :class:`TargetBinding` needs from its caller."""

    namespace: str
    """The namespace of the pods."""
    role: Role
    """Which pods; the Service and the binding are called by it."""
    target_group_arn: pulumi.Input[str]
    """The target group, of type `ip`, tagged with the cluster's name: Auto Mode touches no other."""


class TargetBinding(pulumi.ComponentResource):
    """A Service inside the cluster, whose pods Auto Mode keeps registered in a target group of ours.

    Pods have to depend on it. In a namespace with the label of :func:`components.server.isolation.namespace_labels`
    Auto Mode gives each new pod that a binding selects a readiness gate: it is ready once the balancer finds it
    well. A pod that was there before its binding has none.
    """

    TYPE: Final = "tmi:server:TargetBinding"

    def __init__(self, name: str, args: TargetBindingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        service = kubernetes.core.v1.Service(
            f"{name}-service",
            # Pulumi would wait for a pod behind it, and the pods come after it.
            metadata=ObjectMetaArgs(
                name=args.role.object_name, namespace=args.namespace, annotations={"pulumi.com/skipAwait": "true"}
            ),
            spec=ServiceSpecArgs(
                type="ClusterIP",
                selector=args.role.labels,
                ports=[ServicePortArgs(name="https", port=HTTPS_PORT, target_port=HTTPS_PORT, protocol="TCP")],
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        CustomResource(
            f"{name}-binding",
            api_version="eks.amazonaws.com/v1",
            kind="TargetGroupBinding",
            metadata=ObjectMetaArgs(name=args.role.object_name, namespace=args.namespace),
            # Without `networking`, so that Auto Mode adds no rule to our security groups.
            spec={
                "targetGroupARN": args.target_group_arn,
                "targetType": "ip",
                "serviceRef": {
                    "name": service.metadata.apply(lambda made: made.name or args.role.object_name),
                    "port": HTTPS_PORT,
                },
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
