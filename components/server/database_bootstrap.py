"""The job that makes TMI's database and role: the only place that holds the master's password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.batch.v1 import Job, JobSpecArgs
from pulumi_kubernetes.core.v1 import (
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    EnvVarArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.database import MASTER_USER
from components.secrets import StoredSecret
from components.server.content import config_map, named_output
from components.server.environment import RDS_ROOTS_FILE, RDS_ROOTS_PATH, SECRETS_PATH
from components.server.hardening import container_security, pod_security, resources
from components.server.isolation import BOOTSTRAP_LABELS
from components.server.mounted_secrets import MountedSecrets, MountedSecretsArgs
from components.server.secret_files import SecretAccess, SecretFile, volume

MASTER_FILE: Final = "master-password"
OWNER_FILE: Final = "owner-password"

_NAME: Final = "tmi-database-bootstrap"
_SCRIPTS_PATH: Final = "/etc/tmi/bootstrap"

SCRIPTS: Final = {
    "bootstrap.sql": """\
-- Makes the role and the database of TMI, or leaves them as they are. Run as the master of RDS, which is no superuser.
\\set ON_ERROR_STOP on
SELECT 'CREATE ROLE tmi LOGIN NOCREATEDB NOCREATEROLE'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tmi') \\gexec
-- To hand the database over, the master has to be a member of the role.
GRANT tmi TO CURRENT_USER;
SELECT 'CREATE DATABASE tmi'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'tmi') \\gexec
ALTER DATABASE tmi OWNER TO tmi;
REVOKE ALL ON DATABASE tmi FROM PUBLIC;
""",
    "bootstrap.sh": f"""\
# Passwords go from file to variable or pipe, never to a command line. psql's own \\password hashes before it sends, so
# that no log of the server can hold what was set; without a terminal it reads from its input.
set -eu
PGPASSWORD=$(cat "$SECRETS/{MASTER_FILE}")
export PGPASSWORD
psql --no-psqlrc --quiet --file="$SCRIPTS/bootstrap.sql"
{{ cat "$SECRETS/{OWNER_FILE}"; echo; cat "$SECRETS/{OWNER_FILE}"; echo; }} |
  psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --command='\\password tmi' 2>&1
# What TMI will do.
PGPASSWORD=$(cat "$SECRETS/{OWNER_FILE}")
psql --no-psqlrc --quiet --username=tmi --dbname=tmi --command='SELECT 1' > /dev/null
""",
}
"""The job's files."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseBootstrapArgs:
    """What a :class:`DatabaseBootstrap` needs from its caller."""

    access: SecretAccess
    """Where its secrets come from, and the namespace it runs in."""
    image: pulumi.Input[str]
    """An image with a shell and psql."""
    node_selector: dict[str, pulumi.Input[str]]
    """The nodes it runs on."""
    rds_roots: pulumi.Input[str]
    """The ConfigMap of the authorities of RDS."""
    database_address: pulumi.Input[str]
    """The host name of the primary."""
    master: StoredSecret
    """The password of the instance's master."""
    owner: StoredSecret
    """The password TMI's role gets."""


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
                access=args.access,
                service_account=_NAME,
                files=(
                    SecretFile(name=MASTER_FILE, secret=args.master),
                    SecretFile(name=OWNER_FILE, secret=args.owner),
                ),
            ),
            child,
        )
        scripts = config_map(f"{name}-scripts", _NAME, args.access.namespace, SCRIPTS, child)
        works_with = [args.image, args.database_address, args.rds_roots, scripts, secrets.mount]
        Job(
            f"{name}-job",
            metadata=ObjectMetaArgs(
                name=named_output(_NAME, works_with), namespace=args.access.namespace, labels=dict(BOOTSTRAP_LABELS)
            ),
            spec=job_spec(args, scripts, secrets.mount),
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[secrets], custom_timeouts=pulumi.CustomTimeouts(create="20m")
            ),
        )
        self.register_outputs({})


def job_spec(
    args: DatabaseBootstrapArgs, scripts: pulumi.Input[str], mounted_secrets: pulumi.Input[str]
) -> JobSpecArgs:
    """The specification of the job; `scripts` is a ConfigMap, `mounted_secrets` a SecretProviderClass."""
    environment: dict[str, pulumi.Input[str]] = {
        "PGHOST": args.database_address,
        "PGPORT": "5432",
        "PGUSER": MASTER_USER,
        "PGDATABASE": "postgres",
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": f"{RDS_ROOTS_PATH}/{RDS_ROOTS_FILE}",
        "PGCONNECT_TIMEOUT": "10",
        "SECRETS": SECRETS_PATH,
        "SCRIPTS": _SCRIPTS_PATH,
    }
    container = ContainerArgs(
        name="bootstrap",
        image=args.image,
        command=["sh", f"{_SCRIPTS_PATH}/bootstrap.sh"],
        env=[EnvVarArgs(name=name, value=value) for name, value in environment.items()],
        resources=resources(cpu_millis=100, memory_mib=128, storage_mib=64),
        security_context=container_security(),
        volume_mounts=[
            VolumeMountArgs(name="scripts", mount_path=_SCRIPTS_PATH, read_only=True),
            VolumeMountArgs(name="rds-roots", mount_path=RDS_ROOTS_PATH, read_only=True),
            VolumeMountArgs(name="secrets", mount_path=SECRETS_PATH, read_only=True),
        ],
    )
    return JobSpecArgs(
        backoff_limit=5,
        active_deadline_seconds=900,
        template=PodTemplateSpecArgs(
            metadata=ObjectMetaArgs(labels=dict(BOOTSTRAP_LABELS)),
            spec=PodSpecArgs(
                restart_policy="Never",
                service_account_name=_NAME,
                automount_service_account_token=False,
                enable_service_links=False,
                node_selector=args.node_selector,
                security_context=pod_security(),
                containers=[container],
                volumes=[
                    VolumeArgs(name="scripts", config_map=ConfigMapVolumeSourceArgs(name=scripts)),
                    VolumeArgs(name="rds-roots", config_map=ConfigMapVolumeSourceArgs(name=args.rds_roots)),
                    volume("secrets", mounted_secrets),
                ],
            ),
        ),
    )
