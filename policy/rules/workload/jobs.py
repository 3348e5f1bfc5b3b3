"""Jobs: each ends, starts when it should or not at all, and never runs beside itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.pods import manifests, tokens
from policy.graph import Resource
from policy.rule import Description, ResourceRule, Severity, Violation
from policy.values import Plain, read

_JOB: Final = "batch/v1:Job"
_CRON_JOBS: Final = ("batch/v1:CronJob", "batch/v1beta1:CronJob")
_MOST_RETRIES: Final = 6
"""Kubernetes' own default."""


def jobs_bounded(resource: Resource) -> Iterator[Violation]:
    """Each job says how long it may take and how often it may fail; one by the clock also what it does when late."""
    for each in manifests(resource):
        if not each.whole:
            continue
        job = each.get("spec")
        if each.kind in _CRON_JOBS:
            yield from (Violation(resource, fault) for fault in _by_the_clock(job))
            job = read(job, "jobTemplate", "spec")
        yield from (Violation(resource, fault) for fault in _endless(job))


def _by_the_clock(spec: Plain) -> Iterator[str]:
    if read(spec, "concurrencyPolicy") != "Forbid":  # absent: Allow
        yield "concurrencyPolicy must be Forbid"
    if not _positive(read(spec, "startingDeadlineSeconds")):
        # Without one, a job that missed a hundred starts never starts again.
        yield "startingDeadlineSeconds must be given"
    if not isinstance(read(spec, "timeZone"), str):
        yield "timeZone must be given"
    histories = (read(spec, name) for name in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"))
    kept = read(spec, "jobTemplate", "spec", "ttlSecondsAfterFinished")
    if not isinstance(kept, int) and not all(isinstance(each, int) for each in histories):
        yield "ttlSecondsAfterFinished, or both limits of its history, must be given"


def _endless(job: Plain) -> Iterator[str]:
    if not _positive(read(job, "activeDeadlineSeconds")):
        yield "activeDeadlineSeconds must be given"
    retries = read(job, "backoffLimit")
    if not isinstance(retries, int) or not 0 <= retries <= _MOST_RETRIES:
        yield f"backoffLimit must be given, and no more than {_MOST_RETRIES}"
    if read(job, "template", "spec", "restartPolicy") not in ("Never", "OnFailure"):
        yield "restartPolicy must be Never or OnFailure"


def _positive(value: Plain) -> bool:
    return isinstance(value, int) and value > 0


JOBS_BOUNDED: Final = ResourceRule(
    about=Description(
        id="jobs-bounded",
        title="Jobs end, and never run beside themselves",
        severity=Severity.MEDIUM,
        frameworks=("WA REL05", "WA OPS08"),
        why="A job that hangs holds its locks and its node, and the next one comes by the clock all the same.",
        remediation="Give activeDeadlineSeconds and backoffLimit; to a CronJob also concurrencyPolicy Forbid, "
        "startingDeadlineSeconds, timeZone and how long what is done is kept.",
    ),
    types=tokens(_JOB, *_CRON_JOBS),
    check=jobs_bounded,
)
