"""The pod that dumps TMI's database: pg_dump in one container, S3 in the other, a FIFO between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pulumi
from pulumi_kubernetes.core.v1 import (
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    EmptyDirVolumeSourceArgs,
    PodSpecArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.networking.v1 import (
    NetworkPolicySpecArgs,
)

from components.network_policy import out_by_name, out_to, out_to_pod_identity, selecting
from components.server.hardening import read_only
from components.server.job_pod import job_pod, script_container
from components.server.secret_files import volume
from components.settings.reservations import DUMP, UPLOAD, Reservation
from components.tmi_paths import RDS_ROOTS_FILE, SECRETS_PATH

DUMP_LABELS: Final[Mapping[str, str]] = {
    "app.kubernetes.io/name": "tmi",
    "app.kubernetes.io/component": "database-dump",
}
OWNER_FILE: Final = "owner-password"
"""The mounted file with the password of TMI's role."""

_FILES_PATH: Final = "/etc/tmi/dump"
_WORK_PATH: Final = "/run/tmi/dump"
_FILES: Final = ("aws.cfg", "dump.sh", "upload.sh")


def files() -> dict[str, str]:
    """The pod's scripts and the AWS CLI's settings by name.

    S3 takes 10,000 parts of an object, so parts of 16 MiB allow dumps of up to 156 GiB; a larger one fails, loudly.
    Source: Amazon S3 User Guide, multipart upload limits.
    """
    return {name: (Path(__file__).parent / "dump" / name).read_text() for name in _FILES}


@dataclass(frozen=True, kw_only=True, slots=True)
class DumpPod:
    """What the pod runs with, and the names of what it mounts."""

    postgres_image: pulumi.Input[str]
    aws_cli_image: pulumi.Input[str]
    region: str
    bucket: pulumi.Input[str]
    database_address: pulumi.Input[str]
    service_account: str
    node_selector: Mapping[str, pulumi.Input[str]]
    files: pulumi.Input[str]
    """The ConfigMap of :func:`files` and of the authorities of RDS."""
    mounted_secrets: pulumi.Input[str]
    """The SecretProviderClass."""


def dump_pod(pod: DumpPod) -> PodSpecArgs:
    """The specification of the pod. Neither container starts again: half a FIFO is of no use to anybody."""
    return job_pod(
        service_account=pod.service_account,
        node_selector=pod.node_selector,
        containers=[_dump(pod), _upload(pod)],
        volumes=[
            VolumeArgs(name="work", empty_dir=EmptyDirVolumeSourceArgs(medium="Memory", size_limit="1Mi")),
            VolumeArgs(name="files", config_map=ConfigMapVolumeSourceArgs(name=pod.files)),
            volume("secrets", pod.mounted_secrets),
        ],
    )


def _dump(pod: DumpPod) -> ContainerArgs:
    environment: dict[str, pulumi.Input[str]] = {
        "PGHOST": pod.database_address,
        "PGPORT": "5432",
        "PGUSER": "tmi",
        "PGDATABASE": "tmi",
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": f"{_FILES_PATH}/{RDS_ROOTS_FILE}",
        "PGCONNECT_TIMEOUT": "10",
        "SECRETS": SECRETS_PATH,
        "WORK": _WORK_PATH,
    }
    secrets = read_only("secrets", SECRETS_PATH)
    # A pipeline fails with any of its commands in bash alone; both variants of the image have it.
    return _container("dump", pod.postgres_image, "bash", environment, DUMP, [secrets])


def _upload(pod: DumpPod) -> ContainerArgs:
    environment: dict[str, pulumi.Input[str]] = {
        "AWS_CONFIG_FILE": f"{_FILES_PATH}/aws.cfg",
        "AWS_REGION": pod.region,
        "BUCKET": pod.bucket,
        "HOME": _WORK_PATH,
        "WORK": _WORK_PATH,
    }
    return _container("upload", pod.aws_cli_image, "sh", environment, UPLOAD, [])


def _container(
    name: str,
    image: pulumi.Input[str],
    shell: str,
    environment: Mapping[str, pulumi.Input[str]],
    reserved: Reservation,
    mounts: Sequence[VolumeMountArgs],
) -> ContainerArgs:
    return script_container(
        name,
        image,
        [shell, f"{_FILES_PATH}/{name}.sh"],
        environment,
        reserved,
        storage_mib=64,
        mounts=[VolumeMountArgs(name="work", mount_path=_WORK_PATH), read_only("files", _FILES_PATH), *mounts],
    )


def network_policy(data_cidrs: Sequence[str]) -> NetworkPolicySpecArgs:
    """The pod speaks to PostgreSQL and to the agent on its node that hands out credentials."""
    return NetworkPolicySpecArgs(
        pod_selector=selecting(DUMP_LABELS),
        policy_types=["Egress"],
        egress=[out_to(data_cidrs, 5432), out_to_pod_identity()],
    )


def destinations(
    cluster_dns: str, database_address: pulumi.Input[str], bucket: pulumi.Input[str], region: str
) -> dict[str, Any]:
    """The specification of an ApplicationNetworkPolicy: the pod connects to its database and its bucket by name alone.

    A pod that holds the whole database has no business with the rest of the internet, in no stack. The addresses of S3
    change, hence a name; then the database's has to be there too, since the node answers no lookup of another one. See
    :mod:`components.server.isolation`.
    """
    in_s3 = pulumi.Output.concat(bucket, f".s3.{region}.amazonaws.com")
    return out_by_name(DUMP_LABELS, cluster_dns, ([database_address], 5432), ([in_s3], 443))
