"""How many pods the pool has."""

from __future__ import annotations

from typing import Final

from pulumi_kubernetes.autoscaling.v2 import (
    ContainerResourceMetricSourceArgs,
    CrossVersionObjectReferenceArgs,
    HorizontalPodAutoscalerBehaviorArgs,
    HorizontalPodAutoscalerSpecArgs,
    HPAScalingPolicyArgs,
    HPAScalingRulesArgs,
    MetricSpecArgs,
    MetricTargetArgs,
)

from components.server.pods import TMI_CONTAINER
from components.settings.topology import PoolSettings

_UP_PODS: Final = 2
_UP_SECONDS: Final = 60
"""Quick: two pods a minute at most, about what it takes until the last two carry load."""
_CALM_SECONDS: Final = 900
"""How long the load has to stay low before a pod goes: lists of threat models come in bursts, and a pod that starts
costs more than one that waits."""
_DOWN_SECONDS: Final = 300
"""Slow: one pod in this time, long after the one before has ended and its requests have gone elsewhere."""


def autoscaler_spec(deployment_name: str, settings: PoolSettings) -> HorizontalPodAutoscalerSpecArgs:
    """The specification of the autoscaler of a Deployment.

    Of all containers it looks at TMI's alone: the side-cars' share would hide how busy TMI is.
    """
    return HorizontalPodAutoscalerSpecArgs(
        scale_target_ref=CrossVersionObjectReferenceArgs(
            api_version="apps/v1", kind="Deployment", name=deployment_name
        ),
        min_replicas=settings.minimum,
        max_replicas=settings.maximum,
        metrics=[
            _utilization("cpu", settings.cpu_target_percent),
            _utilization("memory", settings.memory_target_percent),
        ],
        behavior=HorizontalPodAutoscalerBehaviorArgs(
            scale_up=HPAScalingRulesArgs(
                stabilization_window_seconds=0,
                select_policy="Max",
                policies=[HPAScalingPolicyArgs(type="Pods", value=_UP_PODS, period_seconds=_UP_SECONDS)],
            ),
            scale_down=HPAScalingRulesArgs(
                stabilization_window_seconds=_CALM_SECONDS,
                select_policy="Max",
                policies=[HPAScalingPolicyArgs(type="Pods", value=1, period_seconds=_DOWN_SECONDS)],
            ),
        ),
    )


def _utilization(resource: str, percent: int) -> MetricSpecArgs:
    """The average over the pods of what TMI uses of what it reserves."""
    return MetricSpecArgs(
        type="ContainerResource",
        container_resource=ContainerResourceMetricSourceArgs(
            name=resource,
            container=TMI_CONTAINER,
            target=MetricTargetArgs(type="Utilization", average_utilization=percent),
        ),
    )
