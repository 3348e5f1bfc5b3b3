"""The part of the stack file that says what becomes of logs beside CloudWatch."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field

from components.settings.constraints import between
from components.settings.model import Section

COLD_AFTER_DAYS: Final = 30
"""The least. Our figure: logs are read most in their first weeks, and reading costs more where keeping costs less."""


class NoArchive(Section):
    """Logs are in CloudWatch alone, where whoever may delete a log group can delete them."""

    kind: Literal["none"]
    """No archive."""


class GovernanceRetention(Section):
    """Nobody deletes a log early, but who has the right `s3:BypassGovernanceRetention`."""

    kind: Literal["governance"]
    """The lock can be lifted by its administrators."""
    days: Annotated[int, between(1, 3650, "days")]
    """How long a log cannot be deleted."""


class ComplianceRetention(Section):
    """Nobody deletes a log early, neither the account's root nor AWS, nor where a law asks for it.

    What is written under it stays, and is paid for, for those days, whatever the stack file says later; so does the
    bucket.
    """

    kind: Literal["compliance"]
    """The lock is for ever."""
    days: Annotated[int, between(1, 3650, "days")]
    """How long a log cannot be deleted."""


class NoLock(Section):
    """Who may delete objects may delete logs early; so a stack that is thrown away can take its archive with it."""

    kind: Literal["none"]
    """No lock."""


RetentionLock: TypeAlias = Annotated[NoLock | GovernanceRetention | ComplianceRetention, Field(discriminator="kind")]
"""Who may delete an archived log before its time."""


class ArchiveRetentionSettings(Section):
    """How long the archive keeps logs, in days."""

    application: Annotated[int, between(1, 3650, "days")]
    """TMI and what runs beside it."""
    database: Annotated[int, between(1, 3650, "days")]
    """PostgreSQL and Redis."""
    network: Annotated[int, between(1, 3650, "days")]
    """Flow logs and lookups of the VPC, and the web firewall."""
    control_plane: Annotated[int, between(1, 3650, "days")]
    """The Kubernetes API, its audit log above all."""


class BucketArchive(Section):
    """A copy of every line in S3, in a bucket from which it cannot be deleted for a while."""

    kind: Literal["bucket"]
    """A bucket of the stack's own."""
    lock: RetentionLock
    """Who may delete a log before its time."""
    retention_days: ArchiveRetentionSettings
    """By class of log."""
    cold_after_days: Annotated[int, between(COLD_AFTER_DAYS, 3650, "days")]
    """When logs, the load balancer's too, move to storage that is cheap to keep and dear to read (Glacier Instant
    Retrieval)."""


Archive: TypeAlias = Annotated[NoArchive | BucketArchive, Field(discriminator="kind")]
"""Whether logs are kept out of reach of who runs the stack."""
