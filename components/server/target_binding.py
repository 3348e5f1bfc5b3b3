"""How the load balancer finds TMI's pod."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import ServicePortArgs, ServiceSpecArgs
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.server.entrance import HTTPS_PORT
from components.server.isolation import SERVER_LABELS


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetBindingArgs:
    """What a :class:`TargetBinding` needs from its caller."""

    namespace: str
    """The namespace of the pods."""
    service_name: str
    """The name of the Service and of the binding."""
    target_group_arn: pulumi.Input[str]
    """The target group, of type `ip`, tagged with the cluster's name: Auto Mode touches no other."""


class TargetBinding(pulumi.ComponentResource):
    """A Service inside the cluster, whose pods Auto Mode keeps registered in a target group of ours."""

    TYPE: Final = "tmi:server:TargetBinding"

    def __init__(self, name: str, args: TargetBindingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        metadata = ObjectMetaArgs(name=args.service_name, namespace=args.namespace)
        service = kubernetes.core.v1.Service(
            f"{name}-service",
            metadata=metadata,
            spec=ServiceSpecArgs(
                type="ClusterIP",
                selector=dict(SERVER_LABELS),
                ports=[ServicePortArgs(name="https", port=HTTPS_PORT, target_port=HTTPS_PORT, protocol="TCP")],
            ),
            # It counts as ready when its pod is, and that takes as long as TMI's migrations.
            opts=pulumi.ResourceOptions(parent=self, custom_timeouts=pulumi.CustomTimeouts(create="45m", update="45m")),
        )
        CustomResource(
            f"{name}-binding",
            api_version="eks.amazonaws.com/v1",
            kind="TargetGroupBinding",
            metadata=metadata,
            # Without `networking`, so that Auto Mode adds no rule to our security groups.
            spec={
                "targetGroupARN": args.target_group_arn,
                "targetType": "ip",
                "serviceRef": {
                    "name": service.metadata.apply(lambda made: made.name or args.service_name),
                    "port": HTTPS_PORT,
                },
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
