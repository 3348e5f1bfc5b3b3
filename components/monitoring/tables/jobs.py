"""What is watched of the jobs by the clock: that each of them ends well, and what the one at Redis found there.

A job ends with a line of JSON in its log. Container Insights knows nothing of jobs, and of a pod that failed it does
not say whether the next attempt did better; a line that is missing tells of everything that can go wrong before it, a
pod that finds no node as well as a schedule that was suspended.
Source: amazon-cloudwatch-agent, translator/translate/otel/exporter/awsemf/kubernetes.go, where no metric is a job's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from components.monitoring.rows import Alarm, Comparison, Metric, MissingData, Severity, Signal, Watched
from components.server.stream_trimming import LONGEST

STREAM_LENGTH: Final = "stream-length"
"""The metric of what the stream of TMI's events held before it was cut."""
_HOUR: Final = 3600
_LONGEST_WINDOW_HOURS: Final = 7 * 24
"""Source: Amazon CloudWatch API Reference, PutMetricAlarm, for periods of an hour or more."""
_MANY: Final = 5 * LONGEST


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A job by the clock."""

    name: str
    """The CronJob's, and what its line says."""
    container: str
    """The container that writes the line."""
    hours: int
    """The longest time between two that end well."""
    meaning: str
    """What does not happen while it fails."""

    @property
    def short_name(self) -> str:
        """The name among alarms."""
        return self.name.removeprefix("tmi-")


@dataclass(frozen=True, kw_only=True, slots=True)
class Jobs:
    """What jobs there are."""

    namespace: str
    """Whose their metrics are."""
    trimming: Job
    """The one that cuts the stream of TMI's events."""
    others: tuple[Job, ...]
    """The rest."""

    @property
    def every(self) -> tuple[Job, ...]:
        """All of them."""
        return (self.trimming, *self.others)


def jobs_namespace(stack_name: str) -> str:
    """The namespace of what jobs say in CloudWatch."""
    return f"TMI/{stack_name}/Jobs"


def done(jobs: Jobs) -> tuple[Alarm, ...]:
    """A row for each job that has to end well within what CloudWatch can look back on, a week."""
    return tuple(
        Alarm(
            name=f"{job.short_name}-missing",
            meaning=job.meaning,
            metrics={"done": _metric(jobs, job.short_name, "Sum")},
            # Without FILL CloudWatch looks further back for a count than the periods of the alarm.
            expression="FILL(done, 0)",
            comparison=Comparison.BELOW,
            threshold=1,
            reason=f"None has ended well for {job.hours} h: its interval, the time it may take, and an hour.",
            period_seconds=_HOUR,
            periods=job.hours,
            bad_periods=job.hours,
            missing=MissingData.BAD,
            severity=Severity.TICKET,
            runbook="jobs",
        )
        for job in jobs.every
        if job.hours <= _LONGEST_WINDOW_HOURS
    )


def stream(jobs: Jobs) -> Watched:
    """The stream of TMI's events, as the job found it each hour."""
    return Watched(
        alarms=(
            Alarm(
                name=STREAM_LENGTH,
                meaning="The stream of TMI's events in Redis grew far within an hour, or was not cut before.",
                metrics={"events": _metric(jobs, STREAM_LENGTH, "Maximum")},
                expression=None,
                comparison=Comparison.ABOVE,
                threshold=_MANY,
                reason=(
                    f"Events before it is cut to {LONGEST:,}. At a few KiB each {_MANY:,} take some 150 MiB of the "
                    "memory in which Redis keeps sign-in state. Our figure."
                ),
                period_seconds=_HOUR,
                periods=1,
                bad_periods=1,
                missing=MissingData.UNKNOWN,
                severity=Severity.TICKET,
                runbook="jobs",
                graph="Events in the stream before it is cut",
                signal=Signal.SATURATION,
            ),
        ),
        charts=(),
    )


def _metric(jobs: Jobs, name: str, statistic: str) -> Metric:
    return Metric(namespace=jobs.namespace, name=name, statistic=statistic, dimensions={})
