"""The hourly job that cuts TMI's event stream in Redis, which TMI itself never does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pulumi
from pulumi_kubernetes.batch.v1 import CronJob
from pulumi_kubernetes.core.v1 import (
    ConfigMapVolumeSourceArgs,
    PodSpecArgs,
    VolumeArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    NetworkPolicy,
    NetworkPolicySpecArgs,
)

from components.network_policy import out_to, selecting
from components.secret import StoredSecret
from components.server.content import config_map
from components.server.cron_job import cron_job
from components.server.hardening import read_only
from components.server.job_pod import job_pod, script_container
from components.server.mounted_secrets import MountedSecrets, MountedSecretsArgs
from components.server.secret_files import SecretFile, volume
from components.server.workplace import Workplace
from components.settings.reservations import TRIMMING
from components.tmi_paths import SECRETS_PATH

STREAM: Final = "tmi:events"
"""Source: TMI 1.8.22, api/events.go, which adds to it without a limit."""
LONGEST: Final = 10_000
"""Events that stay. TMI's workers read each within seconds and never look back. At a few KiB each, some 30 MiB."""

NAME: Final = "tmi-stream-trimming"
"""The CronJob's, and what it calls itself in its log."""
_LABELS: Final = {"app.kubernetes.io/name": "tmi", "app.kubernetes.io/component": "stream-trimming"}
_SCRIPT: Final = "trim.sh"
_SCRIPT_PATH: Final = "/etc/tmi/trimming"
_TOKEN_FILE: Final = "redis-token"  # noqa: S105 -- a name
_PORT: Final = 6379
_DEADLINE_SECONDS: Final = 300
_KEPT_SECONDS: Final = 24 * 3600
"""How long a finished job and its logs can be looked at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StreamTrimmingArgs:
    """What :class:`StreamTrimming` needs from its caller."""

    place: Workplace
    """Where it runs."""
    haproxy: str
    """The tag of HAProxy's image, which has bash, openssl and the public authorities."""
    data_cidrs: tuple[str, ...]
    """The subnets of Redis."""
    redis_endpoint: pulumi.Input[str]
    """The host name of the primary."""
    token: StoredSecret
    """The AUTH token."""


class StreamTrimming(pulumi.ComponentResource):
    """A job an hour. Make it after TMI's namespace, which has to leave room for its pod.

    The consumers that restarted pods leave behind stay in the stream's group: to remove one would drop what it has not
    acknowledged, and Redis 7.0 takes less than 300 bytes for each (measured), some 3 MiB a year for 25 restarts a day.
    """

    TYPE: Final = "tmi:server:StreamTrimming"

    def __init__(self, name: str, args: StreamTrimmingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        namespace = args.place.namespace
        secrets = MountedSecrets(
            f"{name}-secrets",
            MountedSecretsArgs(
                access=args.place.access,
                service_account=NAME,
                files=(SecretFile(name=_TOKEN_FILE, secret=args.token),),
            ),
            child,
        )
        policy = NetworkPolicy(
            f"{name}-network",
            metadata=ObjectMetaArgs(name="stream-trimming", namespace=namespace),
            spec=network_policy(args.data_cidrs),
            opts=child,
        )
        files = config_map(f"{name}-script", NAME, namespace, {_SCRIPT: script()}, child)
        CronJob(
            f"{name}-job",
            metadata=ObjectMetaArgs(name=NAME, namespace=namespace, labels=_LABELS),
            spec=cron_job(
                "17 * * * *",  # beside the full hour, when everything else starts
                _LABELS,
                _pod(args, files, secrets.mount),
                start_within_seconds=_DEADLINE_SECONDS,
                deadline_seconds=_DEADLINE_SECONDS,
                kept_seconds=_KEPT_SECONDS,
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[secrets, policy]),
        )
        self.register_outputs({})


def script() -> str:
    """What the pod runs."""
    return (Path(__file__).parent / "redis" / _SCRIPT).read_text()


def network_policy(data_cidrs: tuple[str, ...]) -> NetworkPolicySpecArgs:
    """The pod speaks to Redis; the namespace lets it ask for names."""
    return NetworkPolicySpecArgs(
        pod_selector=selecting(_LABELS), policy_types=["Egress"], egress=[out_to(data_cidrs, _PORT)]
    )


def _pod(args: StreamTrimmingArgs, files: pulumi.Input[str], mounted: pulumi.Input[str]) -> PodSpecArgs:
    environment: dict[str, pulumi.Input[str]] = {
        "REDIS_HOST": args.redis_endpoint,
        "REDIS_PORT": str(_PORT),
        "SECRETS": SECRETS_PATH,
        "STREAM": STREAM,
        "LONGEST": str(LONGEST),
    }
    container = script_container(
        "trim",
        args.place.public_image("docker/library/haproxy", args.haproxy),
        ["bash", f"{_SCRIPT_PATH}/{_SCRIPT}"],
        environment,
        TRIMMING,
        storage_mib=16,
        mounts=[read_only("script", _SCRIPT_PATH), read_only("secrets", SECRETS_PATH)],
    )
    return job_pod(
        service_account=NAME,
        node_selector=args.place.node_selector,
        containers=[container],
        volumes=[
            VolumeArgs(name="script", config_map=ConfigMapVolumeSourceArgs(name=files)),
            volume("secrets", mounted),
        ],
    )
