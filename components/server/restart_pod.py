"""The pod that restarts a Deployment: a shell script, and a token for the Kubernetes API that lives ten minutes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.core.v1 import (
    ConfigMapProjectionArgs,
    ConfigMapVolumeSourceArgs,
    KeyToPathArgs,
    PodSpecArgs,
    ProjectedVolumeSourceArgs,
    ServiceAccountTokenProjectionArgs,
    VolumeArgs,
    VolumeProjectionArgs,
)

from components.server.hardening import read_only
from components.server.job_pod import job_pod, script_container
from components.settings.reservations import RESTART

SCRIPT_NAME: Final = "restart.sh"

_SCRIPT_PATH: Final = "/etc/tmi/restart"
_CREDENTIALS_PATH: Final = "/run/tmi/kubernetes"
_TOKEN_SECONDS: Final = 600
"""The shortest life that Kubernetes gives a token; the kubelet renews it while the pod runs."""
_PAUSE_SECONDS: Final = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class RestartPod:
    """What the pod runs with, and the names of what it mounts."""

    image: pulumi.Input[str]
    """An image with sh, curl and jq."""
    node_selector: Mapping[str, pulumi.Input[str]]
    namespace: str
    service_account: str
    deployment: pulumi.Input[str]
    """What it restarts."""
    script: pulumi.Input[str]
    """The ConfigMap of the script."""
    wait_seconds: int
    """How long it waits for all pods to be new."""


def restart_pod(pod: RestartPod) -> PodSpecArgs:
    """The specification of the pod."""
    environment: dict[str, pulumi.Input[str]] = {
        "NAMESPACE": pod.namespace,
        "DEPLOYMENT": pod.deployment,
        "CREDENTIALS": _CREDENTIALS_PATH,
        "WAIT_SECONDS": str(pod.wait_seconds),
        "PAUSE_SECONDS": str(_PAUSE_SECONDS),
    }
    container = script_container(
        "restart",
        pod.image,
        ["sh", f"{_SCRIPT_PATH}/{SCRIPT_NAME}"],
        environment,
        RESTART,
        storage_mib=16,
        mounts=[read_only("script", _SCRIPT_PATH), read_only("kubernetes", _CREDENTIALS_PATH)],
    )
    return job_pod(
        service_account=pod.service_account,
        node_selector=pod.node_selector,
        containers=[container],
        volumes=[
            VolumeArgs(name="script", config_map=ConfigMapVolumeSourceArgs(name=pod.script)),
            VolumeArgs(name="kubernetes", projected=_credentials()),
        ],
    )


def _credentials() -> ProjectedVolumeSourceArgs:
    """The account's token and the cluster's authority, which Kubernetes puts into each namespace."""
    return ProjectedVolumeSourceArgs(
        sources=[
            VolumeProjectionArgs(
                service_account_token=ServiceAccountTokenProjectionArgs(path="token", expiration_seconds=_TOKEN_SECONDS)
            ),
            VolumeProjectionArgs(
                config_map=ConfigMapProjectionArgs(
                    name="kube-root-ca.crt", items=[KeyToPathArgs(key="ca.crt", path="ca.crt")]
                )
            ),
        ]
    )
