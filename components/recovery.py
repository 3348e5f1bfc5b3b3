"""What the recovery region keeps: the database's backups, a place for images, a certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.certificate import Certificate, CertificateArgs
from components.creation_template import CreationTemplateArgs, Occasion, creation_template
from components.registry import lifecycle


@dataclass(frozen=True, kw_only=True, slots=True)
class RecoveryArgs:
    """What a :class:`Recovery` needs from its caller."""

    account: str
    """The stack's account."""
    region: str
    """Where the copies are kept."""
    databases: Mapping[str, pulumi.Input[str]]
    """The ARN of each primary in the home region, by its name in the stack file."""
    backup_retention_days: int
    """How far back a point-in-time restore can go there."""
    data_key_arn: pulumi.Input[str]
    """The key there that encrypts backups and images."""
    image_prefix: str
    """The first part of the name of the repository that is replicated."""
    images_kept: int
    """How many images stay."""
    domains: tuple[str, ...]
    """The names of the load balancer. Their records are in the public zone before this is made."""


class Recovery(pulumi.ComponentResource):
    """Made by the provider of the recovery region, while all is well in the home region.

    RDS copies snapshots and transaction logs as they come; a stack there starts from them (`Pulumi.recovery.yaml`).
    No cross-region read replica stands by (`docs/decisions/0008-no-cross-region-replica.md`). RDS takes at most 20
    replicated backups an account and region, between the pairs of regions it supports.
    Source: Amazon RDS User Guide, replicating automated backups to another region.
    """

    TYPE: Final = "tmi:recovery:Recovery"

    certificate_arn: pulumi.Output[str]
    automated_backup_arns: Mapping[str, pulumi.Output[str]]
    """The replicated backups of each primary by its name in the stack file."""

    def __init__(self, name: str, args: RecoveryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self.automated_backup_arns = {
            database: self._backups(database, arn, args) for database, arn in sorted(args.databases.items())
        }
        creation_template(
            self,
            f"{name}-creation",
            f"{name}-images-template",
            CreationTemplateArgs(
                account=args.account,
                region=args.region,
                prefix=args.image_prefix,
                occasion=Occasion.REPLICATION,
                description="Images of TMI from another region",
                key_arn=args.data_key_arn,
                lifecycle=lifecycle(args.images_kept),
            ),
        )
        certificate = Certificate(
            f"{name}-certificate",
            CertificateArgs(domains=args.domains, zone_id=None),
            pulumi.ResourceOptions(parent=self),
        )

        self.certificate_arn = certificate.validated_arn
        self.register_outputs({"certificate_arn": self.certificate_arn})

    def _backups(self, database: str, arn: pulumi.Input[str], args: RecoveryArgs) -> pulumi.Output[str]:
        """The copies of one primary's backups."""
        replication = aws.rds.InstanceAutomatedBackupsReplication(
            f"{self.pulumi_resource_name}-{database}-backups",
            source_db_instance_arn=arn,
            kms_key_id=args.data_key_arn,
            retention_period=args.backup_retention_days,
            # The old one first: a server's backups are replicated once. What was copied stays until its retention ends.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        return replication.id
