"""The page of what is kept: for each store how long, where, and what is lost when it has to be used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from components.log_sink import LogClass
from components.settings import Settings
from components.settings.log_archive import (
    BucketArchive,
    ComplianceRetention,
    GovernanceRetention,
    NoLock,
    RetentionLock,
)
from components.settings.safekeeping import ComplianceLock, GovernanceLock, RecoveryRegion
from reference import markdown
from reference.stacks import STACKS, stack_settings

_DAY: Final = "a day"
_LOGS: Final = "five minutes"
"""RDS uploads transaction logs every five minutes. Source: Amazon RDS User Guide, restoring to a specified time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """One way in which something is kept beside the store itself."""

    store: str
    """What is kept."""
    way: str
    """How; unique for a store."""
    region: str
    """Where."""
    days: int
    """For how long."""
    loss: str
    """What is lost at most when it is restored: the recovery point objective."""
    runbook: str
    """How it is restored."""


def copies(settings: Settings) -> Iterator[Copy]:
    """Everything a stack with these settings keeps by the day, and where."""
    for name, instance in sorted(settings.database.instances.items()):
        yield from _postgres(f"PostgreSQL `{name}`", instance.backup_retention_days, settings)
    yield Copy(
        store="PostgreSQL",
        way="logical dump",
        region=settings.region,
        days=settings.backup.dumps.retention_days,
        loss=_DAY,
        runbook="restore-a-dump",
    )
    yield Copy(
        store="Redis",
        way="snapshot",
        region=settings.region,
        days=settings.cache.snapshot_retention_days,
        loss="a day; only sign-ins and queues",
        runbook="cache-memory",
    )
    yield Copy(
        store="Secrets",
        way="deleted, restorable",
        region=settings.region,
        days=settings.secrets.recovery_window_days,
        loss="nothing",
        runbook="rotate-a-secret",
    )


def _postgres(store: str, point_in_time_days: int, settings: Settings) -> Iterator[Copy]:
    home, there = settings.region, settings.recovery
    yield Copy(
        store=store,
        way="point in time",
        region=home,
        days=point_in_time_days,
        loss=_LOGS,
        runbook="restore-point-in-time",
    )
    if isinstance(there, RecoveryRegion):
        yield Copy(
            store=store,
            way="point in time",
            region=there.region,
            days=there.backup_retention_days,
            loss=f"{_LOGS} and the way there, for which RDS promises no figure",
            runbook="fail-over-to-recovery-region",
        )
    for region in (home, *([there.region] if isinstance(there, RecoveryRegion) else [])):
        for way, days in (
            ("daily backup", settings.backup.daily_retention_days),
            ("monthly backup", settings.backup.monthly_retention_days),
        ):
            yield Copy(
                store=store,
                way=way,
                region=region,
                days=days,
                loss=_DAY if way == "daily backup" else "a month",
                runbook="restore-from-snapshot",
            )


CONFIGURATION: Final = (
    ("The platform", "this repository and its stack files", "`pulumi up` makes it again"),
    ("Generated secrets", "the state, encrypted, and Secrets Manager", "with a recovery region also copies there"),
    (
        "Given secrets",
        "the stack's configuration, encrypted, and Secrets Manager",
        "the identity provider makes new ones",
    ),
    (
        "The state",
        "your state bucket: version it, and replicate it to another region",
        "nothing here does that for you",
    ),
    ("Certificates", "ACM, which renews them", "ACM issues new ones; the recovery region holds one already"),
    ("The pods' certificates", "the pods' memory", "each pod makes its own at start"),
    ("TMI's images", "ECR, and with a recovery region a copy there", "they can be built and pushed again"),
    (
        "TMI's settings",
        "PostgreSQL, encrypted with the settings key",
        "with the database and with the key, or not at all",
    ),
)
"""What is configuration: what, where it is, and how it comes back."""


def lock(settings: Settings) -> str:
    """What keeps backups from being deleted early."""
    match settings.backup.vault_lock:
        case ComplianceLock(grace_days=days):
            return f"nobody, AWS included, once {days} days of grace are over; the lock is then for ever"
        case GovernanceLock():
            return "nobody but who may remove the lock"
        case _:
            return "who may change the vault's policy"


def log_lock(archived: RetentionLock) -> str:
    """What keeps archived logs from being deleted early."""
    match archived:
        case ComplianceRetention(days=days):
            return f"nobody, AWS included, for {days} days"
        case GovernanceRetention(days=days):
            return f"for {days} days nobody but who has the right `s3:BypassGovernanceRetention`"
        case NoLock():
            return "who may delete objects"


def page() -> str:
    """What each stack keeps."""
    return markdown.page(
        "# What is kept",
        "Loss is what is missing at most after a restore (RPO). How long a restore takes (RTO) is how long RDS needs "
        "for a server of that size: each weekly restore test measures it, and the list of restore jobs of AWS Backup "
        "has the figure. A pod of TMI is ready two to three minutes later. Redis comes back empty or from a snapshot, "
        "and either way users log in again.",
        *(block for stack in STACKS for block in _stack(stack)),
        "## Configuration",
        markdown.table(("what", "where it is", "how it comes back"), CONFIGURATION),
    )


def _stack(stack: str) -> Iterator[str]:
    settings = stack_settings(stack)
    yield f"## {stack}"
    yield markdown.table(
        ("what", "how", "where", "kept, days", "loss", "runbook"),
        (
            (
                each.store,
                each.way,
                each.region,
                str(each.days),
                each.loss,
                f"[{each.runbook}](../runbooks/{each.runbook}.md)",
            )
            for each in copies(settings)
        ),
    )
    yield f"Who can delete a backup of AWS Backup early: {lock(settings)}."
    archive = settings.monitoring.archive
    yield markdown.table(
        ("logs", "in CloudWatch, days", "in the archive, days"),
        (
            (
                log_class.value.replace("_", " "),
                str(getattr(settings.monitoring.log_retention_days, log_class)),
                str(getattr(archive.retention_days, log_class)) if isinstance(archive, BucketArchive) else "-",
            )
            for log_class in LogClass
        ),
    )
    if isinstance(archive, BucketArchive):
        yield f"Who can delete an archived log early: {log_lock(archive.lock)}."
