"""The job that makes TMI's database and roles: the only place that holds the master's password."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pulumi
from pulumi_kubernetes.batch.v1 import Job, JobSpecArgs
from pulumi_kubernetes.core.v1 import (
    ConfigMapVolumeSourceArgs,
    PodTemplateSpecArgs,
    VolumeArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.database_names import MASTER_USER
from components.secret import StoredSecret
from components.server.content import config_map, named_output
from components.server.hardening import read_only
from components.server.isolation import BOOTSTRAP_LABELS
from components.server.job_pod import job_pod, script_container
from components.server.mounted_secrets import MountedSecrets, MountedSecretsArgs
from components.server.secret_files import SecretFile, volume
from components.server.workplace import Workplace
from components.settings.instance_classes import max_connections
from components.settings.reservations import BOOTSTRAP
from components.tmi_paths import RDS_ROOTS_FILE, RDS_ROOTS_PATH, SECRETS_PATH

MASTER_FILE: Final = "master-password"
OWNER_FILE: Final = "owner-password"

_NAME: Final = "tmi-database-bootstrap"
_SCRIPTS_PATH: Final = "/etc/tmi/bootstrap"
_SCRIPT_NAMES: Final = ("bootstrap.sh", "bootstrap.sql")

_TMI_PERCENT: Final = 80
"""TMI's share of what a class allows by its nominal memory. RDS computes with less, and the rest is for RDS itself, the
master and people: they have to get in when TMI holds all it may."""


def scripts() -> dict[str, str]:
    """The job's files by name."""
    return {name: (Path(__file__).parent / "sql" / name).read_text() for name in _SCRIPT_NAMES}


def connection_limit(instance_class: str) -> int:
    """How many connections TMI's role may hold on a class of instances.

    By the class and not by the pods of TMI: this job runs before pods go, and with a limit for those that stay the
    others, which still serve, would be turned away.
    """
    return max_connections(instance_class) * _TMI_PERCENT // 100


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseBootstrapArgs:
    """What a :class:`DatabaseBootstrap` needs from its caller."""

    place: Workplace
    """Where it runs."""
    postgres: str
    """The tag of the image of PostgreSQL, which has a shell and psql."""
    rds_roots: pulumi.Input[str]
    """The ConfigMap of the authorities of RDS."""
    database_address: pulumi.Input[str]
    """The host name of the primary."""
    master: StoredSecret
    """The password of the instance's master."""
    owner: StoredSecret
    """The password TMI's role gets."""
    instance_class: str
    """The class of the primary."""


class DatabaseBootstrap(pulumi.ComponentResource):
    """A job whose name follows everything it works with: a rotated password, or another database, runs it again.

    It is not removed when it is done, since Pulumi would miss it at the next refresh and make it again.
    """

    TYPE: Final = "tmi:server:DatabaseBootstrap"

    def __init__(self, name: str, args: DatabaseBootstrapArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        secrets = MountedSecrets(
            f"{name}-secrets",
            MountedSecretsArgs(
                access=args.place.access,
                service_account=_NAME,
                files=(
                    SecretFile(name=MASTER_FILE, secret=args.master),
                    SecretFile(name=OWNER_FILE, secret=args.owner),
                ),
            ),
            child,
        )
        mounted_scripts = config_map(f"{name}-scripts", _NAME, args.place.namespace, scripts(), child)
        limit = connection_limit(args.instance_class)
        works_with = [image(args), args.database_address, args.rds_roots, mounted_scripts, secrets.mount, limit]
        Job(
            f"{name}-job",
            metadata=ObjectMetaArgs(
                name=named_output(_NAME, works_with), namespace=args.place.namespace, labels=dict(BOOTSTRAP_LABELS)
            ),
            spec=job_spec(args, mounted_scripts, secrets.mount),
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[secrets], custom_timeouts=pulumi.CustomTimeouts(create="20m")
            ),
        )
        self.register_outputs({})


def image(args: DatabaseBootstrapArgs) -> pulumi.Output[str]:
    """The image of the job."""
    return args.place.public_image("docker/library/postgres", args.postgres)


def job_spec(
    args: DatabaseBootstrapArgs, mounted_scripts: pulumi.Input[str], mounted_secrets: pulumi.Input[str]
) -> JobSpecArgs:
    """The specification of the job; `mounted_scripts` is a ConfigMap, `mounted_secrets` a SecretProviderClass."""
    environment: dict[str, pulumi.Input[str]] = {
        "PGHOST": args.database_address,
        "PGPORT": "5432",
        "PGUSER": MASTER_USER,
        "PGDATABASE": "postgres",
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": f"{RDS_ROOTS_PATH}/{RDS_ROOTS_FILE}",
        "PGCONNECT_TIMEOUT": "10",
        "CONNECTION_LIMIT": str(connection_limit(args.instance_class)),
        "SECRETS": SECRETS_PATH,
        "SCRIPTS": _SCRIPTS_PATH,
    }
    container = script_container(
        "bootstrap",
        image(args),
        ["sh", f"{_SCRIPTS_PATH}/bootstrap.sh"],
        environment,
        BOOTSTRAP,
        storage_mib=64,
        mounts=[
            read_only("scripts", _SCRIPTS_PATH),
            read_only("rds-roots", RDS_ROOTS_PATH),
            read_only("secrets", SECRETS_PATH),
        ],
    )
    return JobSpecArgs(
        backoff_limit=5,
        active_deadline_seconds=900,
        template=PodTemplateSpecArgs(
            metadata=ObjectMetaArgs(labels=dict(BOOTSTRAP_LABELS)),
            spec=job_pod(
                service_account=_NAME,
                node_selector=args.place.node_selector,
                containers=[container],
                volumes=[
                    VolumeArgs(name="scripts", config_map=ConfigMapVolumeSourceArgs(name=mounted_scripts)),
                    VolumeArgs(name="rds-roots", config_map=ConfigMapVolumeSourceArgs(name=args.rds_roots)),
                    volume("secrets", mounted_secrets),
                ],
            ),
        ),
    )
