"""The way out: what a stack in the recovery region starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.image_replication import ImageReplication, ImageReplicationArgs
from components.monitoring import Notification, NotificationArgs, StandbyAlarms, StandbyAlarmsArgs
from components.monitoring.rows import Severity
from components.platform.compute import Compute
from components.platform.data import Data
from components.platform.foundation import Foundation, RecoveryGround
from components.platform.notification import sender, told
from components.platform.service import Service
from components.recovery import Recovery, RecoveryArgs
from components.settings import StackFile
from components.settings.safekeeping import ExistingKey


@dataclass(frozen=True, kw_only=True, slots=True)
class Copies:
    """What the file of the stack there has to name."""

    region: str
    """Where they are."""
    certificate_arn: pulumi.Output[str]
    """For `load_balancer.certificate`."""
    automated_backup_arns: Mapping[str, pulumi.Output[str]]
    """For the origin of each instance, by its name."""
    settings_key: Mapping[str, pulumi.Output[str]] | None
    """For `secrets.settings_key`; none where the key is itself a copy, which is not copied on."""

    @property
    def exported(self) -> dict[str, object]:
        """As an output of the stack."""
        return {
            "region": self.region,
            "certificate_arn": self.certificate_arn,
            "automated_backup_arns": dict(self.automated_backup_arns),
            **({"settings_key": dict(self.settings_key)} if self.settings_key else {}),
        }


def recovery(
    file: StackFile, base: Foundation, stores: Data, machines: Compute, top: Service, opts: pulumi.ResourceOptions
) -> Copies | None:
    """The copies last: they are of what stands."""
    settings = file.settings
    there = base.recovery
    if there is None:
        return None
    load_balancer = settings.load_balancer
    copies = Recovery(
        "recovery",
        RecoveryArgs(
            account=settings.account,
            region=there.settings.region,
            databases={name: database.instance_arn for name, database in stores.databases.items()},
            backup_retention_days=there.settings.backup_retention_days,
            data_key_arn=there.keys.data_key_arn,
            image_prefix=machines.registry.tmi_repository.partition("/")[0],
            images_kept=settings.registry.images_kept,
            domains=(load_balancer.domain, *load_balancer.alternative_names),
        ),
        # The names are proved by the records of the certificate here.
        pulumi.ResourceOptions.merge(there.opts, pulumi.ResourceOptions(depends_on=[top.load_balancer])),
    )
    ImageReplication(
        "image-replication",
        ImageReplicationArgs(
            account=settings.account, region=there.settings.region, repository=machines.registry.tmi_repository
        ),
        # The repository there takes its key from the template when it is made.
        pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[copies])),
    )
    _watch(file, there, copies.certificate_arn)
    return Copies(
        region=there.settings.region,
        certificate_arn=copies.certificate_arn,
        automated_backup_arns=copies.automated_backup_arns,
        settings_key=None
        if isinstance(settings.secrets.settings_key, ExistingKey)
        else {
            "secret_arn": _there(stores.secrets.settings_key.arn, settings.region, there.settings.region),
            "key_arn": there.keys.secrets_key_arn,
        },
    )


def _watch(file: StackFile, there: RecoveryGround, certificate_arn: pulumi.Input[str]) -> None:
    """Alarms act on topics of their own region alone, so whoever is told confirms a subscription there as well."""
    settings = file.settings
    notification = Notification(
        "recovery-notification",
        NotificationArgs(
            stack_name=settings.name,
            account=settings.account,
            key_arn=there.keys.notifications_key_arn,
            told={Severity.TICKET: told(file)[Severity.TICKET]},
        ),
        there.opts,
    )
    StandbyAlarms(
        "recovery-alarms",
        StandbyAlarmsArgs(
            source=sender(settings),
            topic_arn=notification.topic_arns[Severity.TICKET],
            certificate_arn=certificate_arn,
        ),
        there.opts,
    )


def _there(arn: pulumi.Output[str], home: str, region: str) -> pulumi.Output[str]:
    """The ARN of a secret's copy: the same but for the region.

    Source: AWS Secrets Manager User Guide, replicate secrets across regions.
    """
    return arn.apply(lambda known: known.replace(f":{home}:", f":{region}:", 1))
