"""TMI's pod: an init container that makes the pod's certificate, the proxy, TMI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.core.v1 import (
    ConfigMapEnvSourceArgs,
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    ContainerPortArgs,
    EmptyDirVolumeSourceArgs,
    EnvFromSourceArgs,
    EnvVarArgs,
    HTTPGetActionArgs,
    LifecycleArgs,
    LifecycleHandlerArgs,
    PodSpecArgs,
    ProbeArgs,
    SleepActionArgs,
    TCPSocketActionArgs,
    VolumeArgs,
    VolumeMountArgs,
)

from components import timeouts
from components.server.entrance import HEALTH_PATH, HTTPS_PORT
from components.server.environment import LOG_PATH, RDS_ROOTS_PATH, SECRETS_PATH, TLS_PATH
from components.server.haproxy import READINESS_PORT, REDIS_TOKEN_VARIABLE
from components.server.hardening import container_security, pod_security, resources
from components.server.secret_files import SecretFile, variables, volume
from components.settings.server import ResourceSettings

PROXY_MEMORY_MIB: Final = 256
PROXY_CPU_MILLIS: Final = 100

STARTUP_BUDGET_SECONDS: Final = 1200
"""TMI listens after its migrations, and these wait for a lock without limit."""

_PROXY_CONFIGURATION_PATH: Final = "/etc/haproxy"

_CERTIFICATE: Final = """\
set -eu
umask 077
cd "$TLS_DIRECTORY"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -sha256 -nodes -days 90 \\
  -subj "/CN=$DOMAIN" -addext "subjectAltName=DNS:$DOMAIN,DNS:localhost,IP:127.0.0.1" -keyout tls.key -out tls.crt
cat tls.crt tls.key > haproxy.pem
"""
"""The pod's own key and certificate: in memory, never stored, gone with the pod. Nodes are replaced after 21 days at
the latest, and TMI warns in the last month of a certificate, hence 90 days."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerPod:
    """What differs from one pod of TMI to another, and the names of what it mounts."""

    domain: str
    tmi_image: pulumi.Input[str]
    haproxy_image: pulumi.Input[str]
    resources: ResourceSettings
    service_account: str
    node_selector: Mapping[str, pulumi.Input[str]]
    environment: pulumi.Input[str]
    """The ConfigMap of TMI's variables."""
    proxy_configuration: pulumi.Input[str]
    """The ConfigMap of haproxy.cfg."""
    rds_roots: pulumi.Input[str]
    """The ConfigMap of the authorities of RDS."""
    secrets: Sequence[SecretFile]
    mounted_secrets: pulumi.Input[str]
    """The SecretProviderClass, and the Kubernetes Secret it copies to."""


def server_pod(pod: ServerPod) -> PodSpecArgs:
    """The specification of a pod of TMI."""
    return PodSpecArgs(
        service_account_name=pod.service_account,
        automount_service_account_token=False,
        # A Service named like a prefix of TMI's variables would set them.
        enable_service_links=False,
        node_selector=pod.node_selector,
        # TMI listens on 443 as an ordinary user. A safe sysctl, which the restricted standard admits.
        security_context=pod_security(**{"net.ipv4.ip_unprivileged_port_start": "443"}),
        termination_grace_period_seconds=timeouts.GRACE,
        init_containers=[_certificate(pod), _proxy(pod)],
        containers=[_tmi(pod)],
        volumes=[
            VolumeArgs(name="tls", empty_dir=EmptyDirVolumeSourceArgs(medium="Memory", size_limit="1Mi")),
            VolumeArgs(name="logs", empty_dir=EmptyDirVolumeSourceArgs(size_limit="128Mi")),
            VolumeArgs(name="haproxy", config_map=ConfigMapVolumeSourceArgs(name=pod.proxy_configuration)),
            VolumeArgs(name="rds-roots", config_map=ConfigMapVolumeSourceArgs(name=pod.rds_roots)),
            volume("secrets", pod.mounted_secrets),
        ],
    )


def _read_only(name: str, path: str) -> VolumeMountArgs:
    return VolumeMountArgs(name=name, mount_path=path, read_only=True)


def _certificate(pod: ServerPod) -> ContainerArgs:
    return ContainerArgs(
        name="certificate",
        image=pod.haproxy_image,
        command=["sh", "-c", _CERTIFICATE],
        env=[EnvVarArgs(name="DOMAIN", value=pod.domain), EnvVarArgs(name="TLS_DIRECTORY", value=TLS_PATH)],
        resources=resources(cpu_millis=50, memory_mib=64, storage_mib=16),
        security_context=container_security(),
        volume_mounts=[VolumeMountArgs(name="tls", mount_path=TLS_PATH)],
    )


def _proxy(pod: ServerPod) -> ContainerArgs:
    """A native side-car: it is ready before TMI, which exits without Redis, and stops after it.

    The image says SIGUSR1 stops it, softly.
    """
    return ContainerArgs(
        name="haproxy",
        image=pod.haproxy_image,
        restart_policy="Always",
        command=["haproxy", "-W", "-db", "-f", f"{_PROXY_CONFIGURATION_PATH}/haproxy.cfg"],
        env=variables(pod.secrets, pod.mounted_secrets, [REDIS_TOKEN_VARIABLE]),
        ports=[ContainerPortArgs(name="https", container_port=HTTPS_PORT)],
        startup_probe=ProbeArgs(
            http_get=HTTPGetActionArgs(path="/ready", port=READINESS_PORT, scheme="HTTPS"),
            # Until its first checks of Redis are through, it takes Redis for up.
            initial_delay_seconds=6,
            period_seconds=3,
            failure_threshold=100,
        ),
        # No more than that it listens: an outage of Redis is no reason to restart the way in.
        liveness_probe=ProbeArgs(
            tcp_socket=TCPSocketActionArgs(port=HTTPS_PORT), period_seconds=10, timeout_seconds=3, failure_threshold=6
        ),
        resources=resources(cpu_millis=PROXY_CPU_MILLIS, memory_mib=PROXY_MEMORY_MIB, storage_mib=128),
        security_context=container_security(),
        volume_mounts=[_read_only("haproxy", _PROXY_CONFIGURATION_PATH), _read_only("tls", TLS_PATH)],
    )


def _tmi(pod: ServerPod) -> ContainerArgs:
    # By the proxy, since TMI itself is on loopback.
    alive = HTTPGetActionArgs(path=HEALTH_PATH, port=HTTPS_PORT, scheme="HTTPS")
    own = [file.variable for file in pod.secrets if file.variable and file.variable != REDIS_TOKEN_VARIABLE]
    return ContainerArgs(
        name="tmi",
        image=pod.tmi_image,
        env_from=[EnvFromSourceArgs(config_map_ref=ConfigMapEnvSourceArgs(name=pod.environment))],
        env=variables(pod.secrets, pod.mounted_secrets, own) or None,
        startup_probe=ProbeArgs(http_get=alive, period_seconds=5, failure_threshold=STARTUP_BUDGET_SECONDS // 5),
        readiness_probe=ProbeArgs(http_get=alive, period_seconds=5, timeout_seconds=3, failure_threshold=3),
        liveness_probe=ProbeArgs(http_get=alive, period_seconds=10, timeout_seconds=5, failure_threshold=6),
        # The image has no shell, so the kubelet does the waiting.
        lifecycle=LifecycleArgs(pre_stop=LifecycleHandlerArgs(sleep=SleepActionArgs(seconds=timeouts.STOP_DELAY))),
        resources=resources(cpu_millis=pod.resources.cpu_millis, memory_mib=pod.resources.memory_mib, storage_mib=512),
        security_context=container_security(),
        volume_mounts=[
            VolumeMountArgs(name="logs", mount_path=LOG_PATH),
            _read_only("tls", TLS_PATH),
            _read_only("rds-roots", RDS_ROOTS_PATH),
            _read_only("secrets", SECRETS_PATH),
        ],
    )
