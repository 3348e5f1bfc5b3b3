"""TMI's pod: an init container that makes the pod's certificate, the collector, the proxy, TMI."""

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
    PodDNSConfigArgs,
    PodDNSConfigOptionArgs,
    PodSpecArgs,
    ProbeArgs,
    SleepActionArgs,
    TCPSocketActionArgs,
    TopologySpreadConstraintArgs,
    VolumeArgs,
    VolumeMountArgs,
)

from components import timeouts
from components.server.collector import COLLECTOR_VOLUME, Collector, collector_container
from components.server.configuration_file import CONFIGURATION_FILE, CONFIGURATION_PATH
from components.server.entrance import HEALTH_PATH, HTTPS_PORT
from components.server.go_limits import go_limits
from components.server.haproxy import READINESS_PORT, REDIS_TOKEN_VARIABLE
from components.server.hardening import container_security, pod_security, read_only, resources
from components.server.roles import Role
from components.server.secret_files import SecretFile, variables, volume
from components.settings.reservations import PROXY, Reservation
from components.settings.resources import ResourceSettings
from components.tmi_paths import LOG_PATH, RDS_ROOTS_PATH, SECRETS_PATH, TLS_PATH

STARTUP_BUDGET_SECONDS: Final = 1200
"""TMI listens after its migrations, and these wait for a lock without limit."""
PROGRESS_DEADLINE_SECONDS: Final = STARTUP_BUDGET_SECONDS + 600
"""When a rollout counts as stuck: a node has to come and images have to be pulled before TMI starts."""
TMI_CONTAINER: Final = "tmi"

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
class PodParts:
    """What every pod of TMI is put together from, whatever its role."""

    domain: str
    """TMI's public host name."""
    tmi_image: pulumi.Input[str]
    """TMI."""
    haproxy_image: pulumi.Input[str]
    """The proxy, whose openssl makes the pod's certificate."""
    collector: Collector | None
    """None where TMI measures nothing."""
    service_account: str
    """Whose secrets it mounts."""
    node_selector: Mapping[str, pulumi.Input[str]]
    """The nodes."""
    environment: pulumi.Input[str]
    """The ConfigMap of TMI's variables."""
    rds_roots: pulumi.Input[str]
    """The ConfigMap of the authorities of RDS."""
    configuration: pulumi.Input[str] | None
    """The ConfigMap of TMI's file, where it needs one."""
    secrets: Sequence[SecretFile]
    """What is mounted."""
    mounted_secrets: pulumi.Input[str]
    """The SecretProviderClass, and the Kubernetes Secret it copies to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerPod:
    """What tells one kind of pod from another."""

    parts: PodParts
    """What they have in common."""
    role: Role
    """What it is for."""
    resources: ResourceSettings
    """What its TMI may use."""
    proxy_configuration: pulumi.Input[str]
    """The ConfigMap of haproxy.cfg."""
    priority_class: str | None
    """The class of pods that go first."""
    spread: Sequence[TopologySpreadConstraintArgs]
    """How its kind is spread over zones and nodes; a single pod is not."""


def server_pod(pod: ServerPod) -> PodSpecArgs:
    """The specification of a pod of TMI.

    Init containers that always restart are side-cars: each starts when the one before it is ready, and they stop in
    the opposite order when TMI has ended. So the collector takes what TMI and the proxy still have to say.
    """
    parts = pod.parts
    volumes = [
        VolumeArgs(name="tls", empty_dir=EmptyDirVolumeSourceArgs(medium="Memory", size_limit="1Mi")),
        VolumeArgs(name="logs", empty_dir=EmptyDirVolumeSourceArgs(size_limit="128Mi")),
        VolumeArgs(name="haproxy", config_map=ConfigMapVolumeSourceArgs(name=pod.proxy_configuration)),
        VolumeArgs(name="rds-roots", config_map=ConfigMapVolumeSourceArgs(name=parts.rds_roots)),
        volume("secrets", parts.mounted_secrets),
    ]
    if parts.configuration is not None:
        file = ConfigMapVolumeSourceArgs(name=parts.configuration)
        volumes.append(VolumeArgs(name="configuration", config_map=file))
    side_cars = [_proxy(pod)]
    if parts.collector is not None:
        source = ConfigMapVolumeSourceArgs(name=parts.collector.configuration)
        volumes.append(VolumeArgs(name=COLLECTOR_VOLUME, config_map=source))
        side_cars.insert(0, collector_container(parts.collector, pod.role))
    return PodSpecArgs(
        service_account_name=parts.service_account,
        automount_service_account_token=False,
        # A Service named like a prefix of TMI's variables would set them.
        enable_service_links=False,
        node_selector=parts.node_selector,
        priority_class_name=pod.priority_class,
        topology_spread_constraints=list(pod.spread) or None,
        # TMI listens on 443 as an ordinary user. A safe sysctl, which the restricted standard admits.
        security_context=pod_security(**{"net.ipv4.ip_unprivileged_port_start": "443"}),
        # Every name it asks for has a dot and is whole. With the cluster's default of 5, each would be tried below four
        # search domains first; and where egress goes by name, these are names that nobody allowed.
        dns_config=PodDNSConfigArgs(options=[PodDNSConfigOptionArgs(name="ndots", value="1")]),
        termination_grace_period_seconds=timeouts.GRACE,
        init_containers=[_certificate(parts), *side_cars],
        containers=[_tmi(pod)],
        volumes=volumes,
    )


def _certificate(parts: PodParts) -> ContainerArgs:
    return ContainerArgs(
        name="certificate",
        image=parts.haproxy_image,
        command=["sh", "-c", _CERTIFICATE],
        env=[EnvVarArgs(name="DOMAIN", value=parts.domain), EnvVarArgs(name="TLS_DIRECTORY", value=TLS_PATH)],
        resources=resources(Reservation(cpu_millis=50, memory_mib=64), storage_mib=16),
        security_context=container_security(),
        volume_mounts=[VolumeMountArgs(name="tls", mount_path=TLS_PATH)],
    )


def _proxy(pod: ServerPod) -> ContainerArgs:
    """A native side-car: it is ready before TMI, which exits without Redis, and stops after it.

    The image says SIGUSR1 stops it, softly.
    """
    return ContainerArgs(
        name="haproxy",
        image=pod.parts.haproxy_image,
        restart_policy="Always",
        command=["haproxy", "-W", "-db", "-f", f"{_PROXY_CONFIGURATION_PATH}/haproxy.cfg"],
        env=variables(pod.parts.secrets, pod.parts.mounted_secrets, [REDIS_TOKEN_VARIABLE]),
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
        resources=resources(PROXY, storage_mib=128),
        security_context=container_security(),
        volume_mounts=[read_only("haproxy", _PROXY_CONFIGURATION_PATH), read_only("tls", TLS_PATH)],
    )


def _tmi(pod: ServerPod) -> ContainerArgs:
    # By the proxy, since TMI itself is on loopback.
    alive = HTTPGetActionArgs(path=HEALTH_PATH, port=HTTPS_PORT, scheme="HTTPS")
    parts = pod.parts
    own = [file.variable for file in parts.secrets if file.variable and file.variable != REDIS_TOKEN_VARIABLE]
    return ContainerArgs(
        name=TMI_CONTAINER,
        image=parts.tmi_image,
        args=[f"--config={CONFIGURATION_PATH}/{CONFIGURATION_FILE}"] if parts.configuration else None,
        env_from=[EnvFromSourceArgs(config_map_ref=ConfigMapEnvSourceArgs(name=parts.environment))],
        env=[
            *(EnvVarArgs(name=name, value=value) for name, value in go_limits(pod.resources).items()),
            *variables(parts.secrets, parts.mounted_secrets, own),
        ],
        startup_probe=ProbeArgs(http_get=alive, period_seconds=5, failure_threshold=STARTUP_BUDGET_SECONDS // 5),
        readiness_probe=ProbeArgs(http_get=alive, period_seconds=5, timeout_seconds=3, failure_threshold=3),
        liveness_probe=ProbeArgs(http_get=alive, period_seconds=10, timeout_seconds=5, failure_threshold=6),
        # The image has no shell, so the kubelet does the waiting.
        lifecycle=LifecycleArgs(pre_stop=LifecycleHandlerArgs(sleep=SleepActionArgs(seconds=timeouts.STOP_DELAY))),
        resources=resources(pod.resources, storage_mib=512),
        security_context=container_security(),
        volume_mounts=[
            VolumeMountArgs(name="logs", mount_path=LOG_PATH),
            read_only("tls", TLS_PATH),
            read_only("rds-roots", RDS_ROOTS_PATH),
            read_only("secrets", SECRETS_PATH),
            *([read_only("configuration", CONFIGURATION_PATH)] if parts.configuration else []),
        ],
    )
