"""The sections of the stack file that describe what outlives a mistake: secrets, backups and the recovery region."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from components.settings.constraints import between
from components.settings.model import Section
from components.settings.vocabulary import (
    DailyTime,
    KeyArn,
    Region,
    RotationLabel,
    SecretArn,
)


class RotationSettings(Section):
    """When each generated secret was last rotated. A new label makes a new value at the next `pulumi up`."""

    database: RotationLabel
    """The passwords of PostgreSQL: the master's and TMI's own."""
    redis: RotationLabel
    """The AUTH token of Redis."""
    jwt: RotationLabel
    """The key that signs TMI's tokens. A new one logs everybody out."""


class SingleKey(Section):
    """One key."""

    kind: Literal["single"]
    """No rotation is under way."""
    label: RotationLabel
    """When it was made; part of its name."""


class RotatingKey(Section):
    """A new key, and the one before it until everything is encrypted anew (`docs/runbooks/rotate-a-secret.md`)."""

    kind: Literal["rotating"]
    """TMI encrypts with the new key and still reads the old one."""
    label: RotationLabel
    """When the new key was made."""
    previous: RotationLabel
    """The label of the key before."""


class ExistingKey(Section):
    """A key that another region's stack made and replicated here."""

    kind: Literal["existing"]
    """Not made by this stack."""
    secret_arn: SecretArn
    """Where it is stored in this region."""
    key_arn: KeyArn
    """The KMS key it is encrypted with there."""


SettingsKey: TypeAlias = Annotated[SingleKey | RotatingKey | ExistingKey, Field(discriminator="kind")]
"""The key that encrypts TMI's settings inside the database. A database without it is half a restore."""


class SecretsSettings(Section):
    """Secrets Manager."""

    recovery_window_days: Annotated[int, between(7, 30, "days")]
    """How long a deleted secret can be restored."""
    rotation: RotationSettings
    """The labels of the last rotation."""
    settings_key: SettingsKey
    """The key of TMI's settings."""


class NoRecovery(Section):
    """Nothing leaves the region: its loss is the loss of everything."""

    kind: Literal["none"]
    """No second region."""


class RecoveryRegion(Section):
    """A second region that keeps what a stack there needs to start: backups, secrets, images, a certificate."""

    kind: Literal["region"]
    """Copies in a second region."""
    region: Region
    """Where they are kept."""
    backup_retention_days: Annotated[int, between(1, 35, "days")]
    """How far back a point-in-time restore can go there."""


Recovery: TypeAlias = Annotated[NoRecovery | RecoveryRegion, Field(discriminator="kind")]
"""Where the platform starts again when its region is lost."""


class NoLock(Section):
    """Whoever may delete backups can delete them early."""

    kind: Literal["none"]
    """The vault is not locked."""


class GovernanceLock(Section):
    """Nobody deletes a backup early, but who may remove the lock from the vault."""

    kind: Literal["governance"]
    """The lock can be removed by its administrators."""


class ComplianceLock(Section):
    """Nobody deletes a backup early, AWS included. After the days of grace the lock can never be removed."""

    kind: Literal["compliance"]
    """The lock is for ever."""
    grace_days: Annotated[int, between(3, 365, "days")]
    """How long the lock can still be removed."""


VaultLock: TypeAlias = Annotated[NoLock | GovernanceLock | ComplianceLock, Field(discriminator="kind")]
"""Who may delete a backup before its time."""


class DumpSettings(Section):
    """Logical dumps (`pg_dump`), which another major version or another cloud can read too."""

    time: DailyTime
    """When the daily dump starts, in UTC."""
    retention_days: Annotated[int, between(1, 3650, "days")]
    """How long a dump is kept."""


class BackupSettings(Section):
    """AWS Backup, beside the stores' own backups."""

    time: DailyTime
    """When the daily backup may start, in UTC."""
    daily_retention_days: Annotated[int, between(7, 365, "days")]
    """How long a daily backup is kept, here and in the recovery region."""
    monthly_retention_days: Annotated[int, between(90, 3650, "days")]
    """How long the backup of each month's first day is kept."""
    vault_lock: VaultLock
    """Who may delete a backup before its time."""
    dumps: DumpSettings
    """Logical dumps to S3."""
