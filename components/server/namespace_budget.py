"""How much the pods of TMI's namespace may take together, and each container at most."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi_kubernetes.core.v1 import (
    LimitRangeItemArgs,
    LimitRangeSpecArgs,
    ResourceQuotaSpecArgs,
    ScopedResourceSelectorRequirementArgs,
    ScopeSelectorArgs,
)

from components.server.roles import Role
from components.settings.reservations import Pods, hub_pods, other_pods, total
from components.settings.resources import ResourceSettings
from components.settings.telemetry import Telemetry
from components.settings.topology import HubAndPoolTopology, Topology


def quotas(topology: Topology, hub: ResourceSettings, telemetry: Telemetry) -> dict[str, ResourceQuotaSpecArgs]:
    """The quotas of the namespace by name; `hub` is what the hub's TMI reserves.

    The hub has one of its own. Pods of a pool that shrinks, or goes, outlast the quota that had room for them, and a
    hub that is replaced in the same deployment would find no room and stay away.
    """
    nothing = {"persistentvolumeclaims": "0", "services.loadbalancers": "0", "services.nodeports": "0"}
    return {
        "hub": _room([hub_pods(hub, telemetry)], "In"),
        "others": _room(other_pods(topology, telemetry), "NotIn"),
        # No volumes, and no way in but the load balancer's.
        "objects": ResourceQuotaSpecArgs(hard=nothing),
    }


def _room(pods: Sequence[Pods], operator: str) -> ResourceQuotaSpecArgs:
    """Room for these pods and no more; `operator` says whether they are of the hub's priority class or not."""
    reserved = total(pods)
    of_class = ScopedResourceSelectorRequirementArgs(
        scope_name="PriorityClass", operator=operator, values=[Role.HUB.object_name]
    )
    return ResourceQuotaSpecArgs(
        hard={
            "pods": str(sum(kind.count for kind in pods)),
            "requests.cpu": f"{reserved.cpu_millis}m",
            "requests.memory": f"{reserved.memory_mib}Mi",
            "limits.memory": f"{reserved.memory_mib}Mi",
        },
        scope_selector=ScopeSelectorArgs(match_expressions=[of_class]),
    )


def limits(topology: Topology, hub: ResourceSettings) -> LimitRangeSpecArgs:
    """What a container gets that says nothing, and what none may exceed."""
    small = {"memory": "128Mi", "ephemeral-storage": "64Mi"}
    pool = [topology.pool.resources] if isinstance(topology, HubAndPoolTopology) else []
    most = max(tmi.memory_mib for tmi in (hub, *pool))
    return LimitRangeSpecArgs(
        limits=[
            LimitRangeItemArgs(
                type="Container",
                default=small,
                default_request={"cpu": "50m", **small},
                max={"memory": f"{most}Mi"},
            )
        ]
    )
