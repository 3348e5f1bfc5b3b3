"""The pool: the pods of TMI beside the hub, as many as the load needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apps.v1 import DeploymentSpecArgs, DeploymentStrategyArgs, RollingUpdateDeploymentArgs
from pulumi_kubernetes.core.v1 import TopologySpreadConstraintArgs
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget, PodDisruptionBudgetSpecArgs

from components import timeouts
from components.capacity import SURGE
from components.server.autoscaling import autoscaler_spec
from components.server.pods import PROGRESS_DEADLINE_SECONDS
from components.server.roles import Role
from components.server.server_pods import ServerPods, pod_template
from components.server.target_binding import TargetBinding, TargetBindingArgs
from components.server.tmi_namespace import NAMESPACE
from components.settings.topology import PoolSettings

_ROLE: Final = Role.POOL


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolArgs:
    """What a :class:`Pool` needs from its caller."""

    settings: PoolSettings
    """How many pods there may be, and when another one comes."""
    pods: ServerPods
    """What each of them is."""


class Pool(pulumi.ComponentResource):
    """Pods that are alike and hold nothing. They are ready when the component is: the load balancer may follow.

    The autoscaler is there before the Deployment, which says no number of its own: the first pod is no sooner ready
    than the autoscaler has asked for the others, and no deployment ever sets the number back.
    """

    TYPE: Final = "tmi:server:Pool"

    def __init__(self, name: str, args: PoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        metadata = ObjectMetaArgs(name=_ROLE.object_name, namespace=NAMESPACE, labels=_ROLE.labels)
        targets = TargetBinding(
            f"{name}-targets",
            TargetBindingArgs(namespace=NAMESPACE, role=_ROLE, target_group_arn=args.pods.target_group_arn),
            child,
        )
        autoscaler = kubernetes.autoscaling.v2.HorizontalPodAutoscaler(
            f"{name}-autoscaler", metadata=metadata, spec=autoscaler_spec(_ROLE.object_name, args.settings), opts=child
        )
        budget = PodDisruptionBudget(
            f"{name}-disruption-budget",
            metadata=metadata,
            spec=PodDisruptionBudgetSpecArgs(
                max_unavailable=1,
                selector=LabelSelectorArgs(match_labels=_ROLE.labels),
                # A pod that is not well serves nobody, and must not keep a node from being replaced.
                unhealthy_pod_eviction_policy="AlwaysAllow",
            ),
            opts=child,
        )
        kubernetes.apps.v1.Deployment(
            f"{name}-deployment",
            metadata=metadata,
            spec=DeploymentSpecArgs(
                strategy=DeploymentStrategyArgs(
                    type="RollingUpdate",
                    rolling_update=RollingUpdateDeploymentArgs(max_surge=SURGE, max_unavailable=0),
                ),
                min_ready_seconds=timeouts.MIN_READY,
                revision_history_limit=3,
                progress_deadline_seconds=PROGRESS_DEADLINE_SECONDS,
                selector=LabelSelectorArgs(match_labels=_ROLE.labels),
                template=pod_template(name, args.pods, _ROLE, child, spread=_spread()),
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[targets, autoscaler, budget],
                custom_timeouts=pulumi.CustomTimeouts(create="45m", update="45m"),
            ),
        )
        self.register_outputs({})


def _spread() -> list[TopologySpreadConstraintArgs]:
    """Over zones, and over nodes in them; counted among pods of one revision, or a rollout would end lopsided.

    Wished for, not demanded. Where it is demanded of zones, Karpenter waits for a node in the zone that is due: with
    that zone down, or out of instances, the pods that are missed would stay away. And it does not read
    `matchLabelKeys`, so that a demand could never be met in the middle of a rollout (kubernetes-sigs/karpenter#1569).
    """
    return [
        TopologySpreadConstraintArgs(
            topology_key=key,
            max_skew=1,
            when_unsatisfiable="ScheduleAnyway",
            label_selector=LabelSelectorArgs(match_labels=_ROLE.labels),
            match_label_keys=["pod-template-hash"],
        )
        for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
    ]
