"""The hub: the one pod of TMI that holds what TMI keeps in its process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apps.v1 import DeploymentSpecArgs, DeploymentStrategyArgs
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from components.server.pods import PROGRESS_DEADLINE_SECONDS
from components.server.roles import Role
from components.server.server_pods import ServerPods, pod_template
from components.server.target_binding import TargetBinding, TargetBindingArgs
from components.server.tmi_namespace import NAMESPACE

_ROLE: Final = Role.HUB


@dataclass(frozen=True, kw_only=True, slots=True)
class HubArgs:
    """What a :class:`Hub` needs from its caller."""

    pods: ServerPods
    """Its one pod."""


class Hub(pulumi.ComponentResource):
    """One pod, never two: two would split collaboration sessions, and edits would be lost.

    The same object in every topology, so that pods can be put beside it, and taken away, without a word to it. No
    disruption budget: with one pod it could only forbid to move it, and nodes would be stuck until they are killed.
    """

    TYPE: Final = "tmi:server:Hub"

    def __init__(self, name: str, args: HubArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        targets = TargetBinding(
            f"{name}-targets",
            TargetBindingArgs(namespace=NAMESPACE, role=_ROLE, target_group_arn=args.pods.target_group_arn),
            child,
        )
        template = pod_template(
            name,
            args.pods,
            _ROLE,
            child,
            # Nodes are not emptied for tidiness while it runs there; what ends a node anyway still ends it.
            annotations={"karpenter.sh/do-not-disrupt": "true"},
            priority_class=_ROLE.object_name,
        )
        kubernetes.apps.v1.Deployment(
            f"{name}-deployment",
            metadata=ObjectMetaArgs(name=_ROLE.object_name, namespace=NAMESPACE, labels=_ROLE.labels),
            spec=DeploymentSpecArgs(
                replicas=1,
                # The old pod goes before the new one comes.
                strategy=DeploymentStrategyArgs(type="Recreate"),
                revision_history_limit=3,
                progress_deadline_seconds=PROGRESS_DEADLINE_SECONDS,
                selector=LabelSelectorArgs(match_labels=_ROLE.labels),
                template=template,
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[targets],
                # Should it ever have to be another object: not beside the old one.
                delete_before_replace=True,
                custom_timeouts=pulumi.CustomTimeouts(create="45m", update="45m"),
            ),
        )
        self.register_outputs({})
