"""What the pods of a whole stack reserve is what quotas and rules count with."""

from __future__ import annotations

from typing import Any

import pulumi_kubernetes as kubernetes

from components.settings import parse
from components.settings.reservations import JOBS, Reservation, tmi_pod
from components.settings.topology import HubAndPoolTopology
from tests.manifests import manifest
from tests.stack_files import document
from tests.stacks.program import recorded

WORKLOADS = (kubernetes.apps.v1.Deployment, kubernetes.batch.v1.Job, kubernetes.batch.v1.CronJob)
COMPONENT = "app.kubernetes.io/component"


def reserved(pod: dict[str, Any]) -> Reservation:
    """What the scheduler and quotas count: containers and side-cars. Others end before these start, and need less."""
    side_cars = [each for each in pod.get("initContainers", []) if each.get("restartPolicy") == "Always"]
    requests = [each["resources"]["requests"] for each in [*pod["containers"], *side_cars]]
    return Reservation(
        cpu_millis=sum(int(each["cpu"].removesuffix("m")) for each in requests),
        memory_mib=sum(int(each["memory"].removesuffix("Mi")) for each in requests),
    )


def test_every_pod_reserves_what_is_counted_for_it() -> None:
    cloud, server = recorded("prod"), parse(document("prod")).server
    assert isinstance(server.topology, HubAndPoolTopology)
    found: dict[str, Reservation] = {}
    for workload in (manifest(each) for kind in WORKLOADS for each in cloud.of(kind)):
        spec = workload["spec"]
        template = spec.get("jobTemplate", {}).get("spec", spec)["template"]
        assert workload["metadata"]["namespace"] == "tmi"
        found[template["metadata"]["labels"][COMPONENT]] = reserved(template["spec"])
    assert found == {
        "hub": tmi_pod(server.resources, server.telemetry),
        "pool": tmi_pod(server.topology.pool.resources, server.telemetry),
        **{component: pods.each for component, pods in JOBS.items()},
    }
