"""The daily logical dump of TMI's database, which another version of PostgreSQL or another cloud can read too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.batch.v1 import CronJob, CronJobSpecArgs
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import NetworkPolicy

from components.dump_bucket import DUMPS, INCOMING
from components.secret import StoredSecret
from components.server.content import config_map
from components.server.cron_job import cron_job
from components.server.dump_pod import (
    DUMP_LABELS,
    OWNER_FILE,
    DumpPod,
    destinations,
    dump_pod,
    files,
    network_policy,
)
from components.server.mounted_secrets import MountedSecrets, MountedSecretsArgs
from components.server.rds_roots import own_roots
from components.server.secret_files import SecretFile
from components.server.workplace import Workplace
from components.settings.safekeeping import DumpSettings
from components.settings.server import ImageSettings
from components.tmi_paths import RDS_ROOTS_FILE

NAME: Final = "tmi-database-dump"
"""The CronJob's, and what it calls itself in its log."""
_START_WITHIN_SECONDS: Final = 3600
"""A dump that could not start for so long is left out: the next one comes."""
DEADLINE_SECONDS: Final = 6 * 3600
"""Long enough for a large database, and over before the next dump starts."""
_KEPT_SECONDS: Final = 3 * 24 * 3600
"""How long a finished job and its logs can be looked at: over a weekend."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseDumpArgs:
    """What a :class:`DatabaseDump` needs from its caller."""

    place: Workplace
    """Where it runs."""
    images: ImageSettings
    """The tags of its two images."""
    cluster_dns: str
    """The address of the cluster's DNS."""
    data_cidrs: tuple[str, ...]
    """The subnets of PostgreSQL."""
    database_address: pulumi.Input[str]
    """The host name of the primary that TMI uses."""
    owner: StoredSecret
    """The password of TMI's role: it owns what is dumped, and no other role could read all of it."""
    settings: DumpSettings
    """When a dump is made."""
    bucket: pulumi.Input[str]
    """Where dumps go."""
    data_key_arn: pulumi.Input[str]
    """The key of the bucket."""


class DatabaseDump(pulumi.ComponentResource):
    """A job a day. Make it after TMI's namespace, which has to leave room for its pod.

    It cannot remove a dump: the bucket's lifecycle does that.
    """

    TYPE: Final = "tmi:server:DatabaseDump"

    def __init__(self, name: str, args: DatabaseDumpArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        secrets = MountedSecrets(
            f"{name}-secrets",
            MountedSecretsArgs(
                access=args.place.access,
                service_account=NAME,
                files=(SecretFile(name=OWNER_FILE, secret=args.owner),),
                statements=storing(args.bucket, args.data_key_arn, args.place.region),
            ),
            child,
        )
        policy = NetworkPolicy(
            f"{name}-network",
            metadata=ObjectMetaArgs(name="database-dump", namespace=args.place.namespace),
            spec=network_policy(args.data_cidrs),
            opts=child,
        )
        names = CustomResource(
            f"{name}-destinations",
            api_version="networking.k8s.aws/v1alpha1",
            kind="ApplicationNetworkPolicy",
            metadata=ObjectMetaArgs(name="database-dump-destinations", namespace=args.place.namespace),
            spec=destinations(args.cluster_dns, args.database_address, args.bucket, args.place.region),
            opts=child,
        )
        content = {**files(), RDS_ROOTS_FILE: own_roots(args.place.region)}
        mounted = config_map(f"{name}-files", NAME, args.place.namespace, content, child)
        CronJob(
            f"{name}-job",
            metadata=ObjectMetaArgs(name=NAME, namespace=args.place.namespace, labels=dict(DUMP_LABELS)),
            spec=job_spec(args, mounted, secrets.mount),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[secrets, policy, names]),
        )
        self.register_outputs({})


def storing(bucket: pulumi.Input[str], key_arn: pulumi.Input[str], region: str) -> list[Mapping[str, Any]]:
    """Statements of a role that adds dumps to the bucket, and reads nothing there but what it just sent.

    S3 needs the key for both: to encrypt, and to put the parts of an upload together.
    Source: Amazon S3 User Guide, uploading an object with SSE-KMS by multipart upload.
    """

    def below(prefix: str) -> pulumi.Output[str]:
        return pulumi.Output.concat("arn:aws:s3:::", bucket, f"/{prefix}/*")

    return [
        {
            "Effect": "Allow",
            "Action": ["s3:AbortMultipartUpload", "s3:PutObject"],
            "Resource": [below(INCOMING), below(DUMPS)],
        },
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": below(INCOMING)},
        {
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": key_arn,
            "Condition": {"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}},
        },
    ]


def job_spec(
    args: DatabaseDumpArgs, mounted_files: pulumi.Input[str], mounted_secrets: pulumi.Input[str]
) -> CronJobSpecArgs:
    """The specification of the job; `mounted_files` is a ConfigMap, `mounted_secrets` a SecretProviderClass."""
    hour, minute = map(int, args.settings.time.split(":"))
    place = args.place
    pod = DumpPod(
        postgres_image=place.public_image("docker/library/postgres", args.images.postgres),
        aws_cli_image=place.public_image("aws-cli/aws-cli", args.images.aws_cli),
        region=place.region,
        bucket=args.bucket,
        database_address=args.database_address,
        service_account=NAME,
        node_selector=place.node_selector,
        files=mounted_files,
        mounted_secrets=mounted_secrets,
    )
    return cron_job(
        f"{minute} {hour} * * *",
        DUMP_LABELS,
        dump_pod(pod),
        start_within_seconds=_START_WITHIN_SECONDS,
        deadline_seconds=DEADLINE_SECONDS,
        kept_seconds=_KEPT_SECONDS,
    )
