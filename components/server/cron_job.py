"""What every job by the clock has in common."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi_kubernetes.batch.v1 import CronJobSpecArgs, JobSpecArgs, JobTemplateSpecArgs
from pulumi_kubernetes.core.v1 import PodSpecArgs, PodTemplateSpecArgs
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs


def cron_job(
    schedule: str,
    labels: Mapping[str, str],
    pod: PodSpecArgs,
    *,
    start_within_seconds: int,
    deadline_seconds: int,
    kept_seconds: int,
) -> CronJobSpecArgs:
    """A job on a `schedule` in UTC, never twice at once.

    One that could not start within `start_within_seconds` is left out, since the next one comes; one that takes longer
    than `deadline_seconds` fails. It and its logs can be looked at for `kept_seconds`.
    """
    return CronJobSpecArgs(
        schedule=schedule,
        time_zone="Etc/UTC",
        concurrency_policy="Forbid",
        starting_deadline_seconds=start_within_seconds,
        successful_jobs_history_limit=3,
        failed_jobs_history_limit=3,
        job_template=JobTemplateSpecArgs(
            spec=JobSpecArgs(
                backoff_limit=2,
                active_deadline_seconds=deadline_seconds,
                ttl_seconds_after_finished=kept_seconds,
                template=PodTemplateSpecArgs(metadata=ObjectMetaArgs(labels=dict(labels)), spec=pod),
            )
        ),
    )
