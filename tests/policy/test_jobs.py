"""Jobs: with an end, and never beside themselves."""

from __future__ import annotations

from typing import Any

import pytest

from policy.rules.workload.jobs import JOBS_BOUNDED
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource
from tests.policy.mutations.changing import changed
from tests.policy.pods import faults

JOB: dict[str, Any] = {
    "backoffLimit": 2,
    "activeDeadlineSeconds": 300,
    "template": {"spec": {"restartPolicy": "Never"}},
}
CRON: dict[str, Any] = {
    "concurrencyPolicy": "Forbid",
    "startingDeadlineSeconds": 300,
    "timeZone": "Etc/UTC",
    "jobTemplate": {"spec": {**JOB, "ttlSecondsAfterFinished": 3600}},
}
DEADLINE = "activeDeadlineSeconds must be given"
RETRIES = "backoffLimit must be given, and no more than 6"
RESTARTS = "restartPolicy must be Never or OnFailure"
ALONE = "concurrencyPolicy must be Forbid"
START = "startingDeadlineSeconds must be given"
ZONE = "timeZone must be given"
HISTORY = "ttlSecondsAfterFinished, or both limits of its history, must be given"


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ((), JOB, []),
        *((("activeDeadlineSeconds",), value, [DEADLINE]) for value in (None, 0, UNKNOWN, "300")),
        *((("backoffLimit",), value, [RETRIES]) for value in (None, 7, -1, UNKNOWN, "2")),
        (("backoffLimit",), 0, []),
        (("template", "spec", "restartPolicy"), "OnFailure", []),
        *((("template", "spec", "restartPolicy"), value, [RESTARTS]) for value in (None, "Always", UNKNOWN, ["Never"])),
        ((), None, [DEADLINE, RETRIES, RESTARTS]),
        ((), UNKNOWN, [DEADLINE, RETRIES, RESTARTS]),
    ],
)
def test_a_job(path: tuple[str, ...], value: Plain, expected: list[str]) -> None:
    job = changed(JOB, path, value)
    assert faults(JOBS_BOUNDED, resource("kubernetes:batch/v1:Job", "it", {"spec": job})) == expected
    whole = changed(CRON, ("jobTemplate", "spec"), job)
    found = faults(JOBS_BOUNDED, resource("kubernetes:batch/v1:CronJob", "it", {"spec": whole}))
    assert [fault for fault in found if fault != HISTORY] == expected


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ((), CRON, []),
        *((("concurrencyPolicy",), value, [ALONE]) for value in (None, "Allow", "Replace", UNKNOWN)),
        *((("startingDeadlineSeconds",), value, [START]) for value in (None, 0, UNKNOWN, "1")),
        *((("timeZone",), value, [ZONE]) for value in (None, UNKNOWN, 1)),
        *((("jobTemplate", "spec", "ttlSecondsAfterFinished"), value, [HISTORY]) for value in (None, UNKNOWN, "1")),
        (("jobTemplate", "spec", "ttlSecondsAfterFinished"), 0, []),
        ((), None, [ALONE, START, ZONE, HISTORY, DEADLINE, RETRIES, RESTARTS]),
    ],
)
@pytest.mark.parametrize("version", ["v1", "v1beta1"])
def test_a_job_by_the_clock(version: str, path: tuple[str, ...], value: Plain, expected: list[str]) -> None:
    job = resource(f"kubernetes:batch/{version}:CronJob", "it", {"spec": changed(CRON, path, value)})
    assert faults(JOBS_BOUNDED, job) == expected


@pytest.mark.parametrize(
    ("limits", "passes"),
    [
        ({"successfulJobsHistoryLimit": 1, "failedJobsHistoryLimit": 3}, True),
        ({"successfulJobsHistoryLimit": 1}, False),
        ({"failedJobsHistoryLimit": 1, "successfulJobsHistoryLimit": UNKNOWN}, False),
    ],
)
def test_a_history_may_be_limited_instead(limits: dict[str, Plain], *, passes: bool) -> None:
    job = resource("kubernetes:batch/v1:CronJob", "it", {"spec": {**CRON, "jobTemplate": {"spec": JOB}, **limits}})
    assert faults(JOBS_BOUNDED, job) == ([] if passes else [HISTORY])


def test_a_patch_and_a_list() -> None:
    assert faults(JOBS_BOUNDED, resource("kubernetes:batch/v1:JobPatch", "it", {"spec": {}})) == []
    items: Plain = [{"spec": JOB}, {"spec": {}}]
    found = faults(JOBS_BOUNDED, resource("kubernetes:batch/v1:JobList", "it", {"items": items}))
    assert found == [DEADLINE, RETRIES, RESTARTS]
