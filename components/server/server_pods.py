"""What the hub and the pool are made alike from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core.v1 import PodTemplateSpecArgs, TopologySpreadConstraintArgs
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.server.content import config_map
from components.server.haproxy import configuration
from components.server.pods import PodParts, ServerPod, server_pod
from components.server.roles import Role
from components.server.tmi_namespace import NAMESPACE
from components.settings.resources import ResourceSettings


@dataclass(frozen=True, kw_only=True, slots=True)
class ProxyArgs:
    """What the proxies of all pods have in common."""

    origins: Sequence[str]
    """Those of web user interfaces."""
    body_limit_mib: int
    """The largest request."""
    idle_timeout_seconds: int
    """The load balancer's idle timeout."""
    answer_seconds: int | None
    """How long TMI may take to answer; None where that is what everything else waits for."""
    redis_endpoint: pulumi.Input[str]
    """The host name of the primary node of Redis."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerPods:
    """The pods of one role, as their Deployment needs to know them."""

    parts: PodParts
    """What they are put together from."""
    proxy: ProxyArgs
    """How their proxies are configured."""
    resources: ResourceSettings
    """What each may use."""
    target_group_arn: pulumi.Input[str]
    """Where the load balancer looks for them."""


def pod_template(
    name: str,
    pods: ServerPods,
    role: Role,
    opts: pulumi.ResourceOptions,
    *,
    annotations: dict[str, str] | None = None,
    priority_class: str | None = None,
    spread: Sequence[TopologySpreadConstraintArgs] = (),
) -> PodTemplateSpecArgs:
    """The template of a Deployment; `name` is that of its component, which gets a ConfigMap for the proxy."""
    proxy = pulumi.Output.from_input(pods.proxy.redis_endpoint).apply(
        lambda endpoint: configuration(
            domain=pods.parts.domain,
            origins=pods.proxy.origins,
            body_limit_mib=pods.proxy.body_limit_mib,
            idle_timeout_seconds=pods.proxy.idle_timeout_seconds,
            answer_seconds=pods.proxy.answer_seconds,
            redis_endpoint=endpoint,
            pool=role is Role.POOL,
        )
    )
    base = f"{role.object_name}-haproxy"
    pod = ServerPod(
        parts=pods.parts,
        role=role,
        resources=pods.resources,
        proxy_configuration=config_map(f"{name}-haproxy", base, NAMESPACE, {"haproxy.cfg": proxy}, opts),
        priority_class=priority_class,
        spread=spread,
    )
    return PodTemplateSpecArgs(
        metadata=ObjectMetaArgs(labels=role.labels, annotations=annotations), spec=server_pod(pod)
    )
