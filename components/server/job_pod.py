"""What the pods of TMI's jobs have in common: each runs scripts of the program to their end, and may do no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_kubernetes.core.v1 import ContainerArgs, EnvVarArgs, PodSpecArgs, VolumeArgs, VolumeMountArgs

from components.server.hardening import container_security, pod_security, resources
from components.settings.reservations import Reservation


def job_pod(
    *,
    service_account: str,
    node_selector: Mapping[str, pulumi.Input[str]],
    containers: Sequence[ContainerArgs],
    volumes: Sequence[VolumeArgs],
) -> PodSpecArgs:
    """The specification of a pod that does not start again by itself: its job makes another one.

    It has no token of its service account. What speaks to AWS gets one that EKS Pod Identity projects, and what speaks
    to the Kubernetes API mounts one of its own, which ends sooner.
    """
    return PodSpecArgs(
        restart_policy="Never",
        service_account_name=service_account,
        automount_service_account_token=False,
        # A Service named like a prefix of its variables would set them.
        enable_service_links=False,
        node_selector=node_selector,
        security_context=pod_security(),
        containers=list(containers),
        volumes=list(volumes),
    )


def script_container(
    name: str,
    image: pulumi.Input[str],
    command: Sequence[str],
    environment: Mapping[str, pulumi.Input[str]],
    reserved: Reservation,
    *,
    storage_mib: int,
    mounts: Sequence[VolumeMountArgs],
) -> ContainerArgs:
    """A container of such a pod: `command` runs a mounted script, and `environment` says what it works on."""
    return ContainerArgs(
        name=name,
        image=image,
        command=list(command),
        env=[EnvVarArgs(name=variable, value=value) for variable, value in environment.items()],
        resources=resources(reserved, storage_mib=storage_mib),
        security_context=container_security(),
        volume_mounts=list(mounts),
    )
