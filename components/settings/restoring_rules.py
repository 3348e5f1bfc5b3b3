"""Rules over what is restored, copied and rotated: nothing live is orphaned, and no half of a restore is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from components.settings.choices import Tier
from components.settings.data import (
    AutomaticMinor,
    DatabaseSettings,
    EngineVersion,
    PinnedMinor,
    PointInTimeOrigin,
    ReplicatedBackupOrigin,
    SnapshotOrigin,
)
from components.settings.edge import ExistingCertificate, LoadBalancerSettings
from components.settings.problems import Problem, of_value
from components.settings.safekeeping import (
    BackupSettings,
    ExistingKey,
    Recovery,
    RecoveryRegion,
    RotatingKey,
    SecretsSettings,
)
from components.settings.sections import RegistrySettings, ReplicatedImages
from components.settings.server import ServerSettings
from components.settings.windows import minutes, windows_overlap


def active_stays(database: DatabaseSettings) -> Iterator[Problem]:
    """What TMI uses is not on its way out."""
    active = database.instances.get(database.active)
    if active and active.retiring:
        path = f"database.instances.{database.active}.retiring"
        yield of_value(path, active.retiring, "is the active instance; move database.active to another one first")


def restored_beside(name: str, database: DatabaseSettings) -> Iterator[Problem]:
    """A restore is a server of its own: RDS never restores into the one it restores from."""
    for instance, settings in database.instances.items():
        origin = settings.origin
        if isinstance(origin, PointInTimeOrigin) and origin.source == f"{name}-{instance}":
            path = f"database.instances.{instance}.origin.source"
            yield of_value(path, origin.source, "is this instance itself; add the restore under a name of its own")


def client_of_the_server(database: DatabaseSettings, server: ServerSettings) -> Iterator[Problem]:
    """`pg_dump` refuses a server of a later major version. Source: PostgreSQL documentation, pg_dump, notes."""
    client = server.images.postgres
    for name, instance in database.instances.items():
        major = _major(instance.engine_version)
        if int(client.partition(".")[0]) < int(major):
            rule = f"cannot dump database.instances.{name}, which is PostgreSQL {major}; write {major} or later"
            yield of_value("server.images.postgres", client, rule)


def backup_beside_maintenance(backup: BackupSettings, database: DatabaseSettings) -> Iterator[Problem]:
    """AWS Backup starts no backup of RDS during the maintenance window or in the hour before it.

    Source: AWS Backup Developer Guide, Amazon RDS backups.
    """
    start = minutes(backup.time)
    # A backup may start in the hour after its time.
    hour = f"{backup.time}-{(start // 60 + 2) % 24:02}:{start % 60:02}"
    for name, instance in database.instances.items():
        if windows_overlap(instance.maintenance_window, hour):
            rule = f"is in the maintenance window of database.instances.{name} ({instance.maintenance_window}) or up to"
            yield of_value("backup.time", backup.time, f"{rule} two hours before it; choose an earlier or a later hour")


def recovery_elsewhere(region: str, recovery: Recovery) -> Iterator[Problem]:
    """Copies in the region that is lost are lost too."""
    if isinstance(recovery, RecoveryRegion) and recovery.region == region:
        yield of_value("recovery.region", recovery.region, "is the stack's own region; name another one")


def recovery_of_production(tier: Tier, recovery: Recovery) -> Iterator[Problem]:
    """Production outlives a region."""
    if tier is Tier.PRODUCTION and not isinstance(recovery, RecoveryRegion):
        yield of_value("recovery.kind", recovery.kind, "is not for production; write 'region' and name one")


def rotation_moves(secrets: SecretsSettings) -> Iterator[Problem]:
    """A key's label is part of its name: the new key needs another one than the old."""
    key = secrets.settings_key
    if isinstance(key, RotatingKey) and key.previous == key.label:
        rule = "is the new key's label too; write the label the key had before"
        yield of_value("secrets.settings_key.previous", key.previous, rule)


def copies_are_ours(
    account: str, region: str, secrets: SecretsSettings, database: DatabaseSettings, load_balancer: LoadBalancerSettings
) -> Iterator[Problem]:
    """What another region's stack keeps here is of this account and region."""
    for path, arn in _copies(secrets, database, load_balancer):
        if arn.split(":")[3:5] != [region, account]:
            rule = f"is not of account {account} in {region}; take the one that stack exports for this region"
            yield of_value(path, arn, rule)


def restored_with_its_key(secrets: SecretsSettings, database: DatabaseSettings) -> Iterator[Problem]:
    """A database from another region cannot be read with a new settings key."""
    for name, instance in database.instances.items():
        if isinstance(instance.origin, ReplicatedBackupOrigin) and not isinstance(secrets.settings_key, ExistingKey):
            rule = f"cannot read what database.instances.{name} brings with it; write 'existing' and name its copy here"
            yield of_value("secrets.settings_key.kind", secrets.settings_key.kind, rule)


def taken_over_with_its_certificate(load_balancer: LoadBalancerSettings) -> Iterator[Problem]:
    """Who takes names over finds the records that prove them in the zone; a second request would make them again."""
    if load_balancer.takes_over and not isinstance(load_balancer.certificate, ExistingCertificate):
        rule = "goes with takes_over: false alone; write 'existing' and name the certificate kept in this region"
        yield of_value("load_balancer.certificate.kind", load_balancer.certificate.kind, rule)


def replicated_from_another(name: str, registry: RegistrySettings) -> Iterator[Problem]:
    """A stack's own images are not replicated to it."""
    images = registry.tmi_images
    if isinstance(images, ReplicatedImages) and images.stack == name:
        yield of_value("registry.tmi_images.stack", images.stack, "is this stack; name the one whose images are here")


RULES: Final = (
    backup_beside_maintenance,
    active_stays,
    restored_beside,
    restored_with_its_key,
    client_of_the_server,
    recovery_elsewhere,
    recovery_of_production,
    rotation_moves,
    copies_are_ours,
    taken_over_with_its_certificate,
    replicated_from_another,
)
"""Every rule of this module."""


def _major(engine_version: EngineVersion) -> str:
    match engine_version:
        case AutomaticMinor(major=major):
            return major
        case PinnedMinor(version=version):
            return version.partition(".")[0]


def _copies(
    secrets: SecretsSettings, database: DatabaseSettings, load_balancer: LoadBalancerSettings
) -> Iterator[tuple[str, str]]:
    """What the file says another stack keeps here: path and ARN."""
    if isinstance(secrets.settings_key, ExistingKey):
        yield "secrets.settings_key.secret_arn", secrets.settings_key.secret_arn
        yield "secrets.settings_key.key_arn", secrets.settings_key.key_arn
    if isinstance(load_balancer.certificate, ExistingCertificate):
        yield "load_balancer.certificate.arn", load_balancer.certificate.arn
    for name, instance in database.instances.items():
        path = f"database.instances.{name}.origin"
        if isinstance(instance.origin, ReplicatedBackupOrigin):
            yield f"{path}.automated_backup", instance.origin.automated_backup
        if isinstance(instance.origin, SnapshotOrigin) and instance.origin.snapshot.startswith("arn:"):
            yield f"{path}.snapshot", instance.origin.snapshot
