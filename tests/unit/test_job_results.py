"""The line with which a job ends is counted as its own, and no other line is."""

from __future__ import annotations

import json
import re

import pulumi_aws as aws
import pytest

from components.monitoring.job_results import JobResults, JobResultsArgs, pattern
from components.monitoring.tables.jobs import Job, Jobs, done, stream
from components.platform.jobs import jobs
from components.server import database_dump, dump_pod, recycling, stream_trimming
from components.server.roles import Role
from components.settings import parse
from tests.alarms import JOBS
from tests.cloud import run
from tests.log_patterns import matches
from tests.stack_files import changed

LENGTH = " && ($.log_processed.length = *)"
"""It makes CloudWatch give the field's value to the metric; see `pattern`."""


def shipped(job: Job, said: dict[str, object], namespace: str = "tmi", container: str | None = None) -> str:
    """A line as the log shipper hands it on."""
    of = {"namespace_name": namespace, "container_name": container or job.container, "pod_name": f"{job.name}-1-x"}
    return json.dumps({"log": json.dumps(said), "log_processed": said, "kubernetes": of})


@pytest.mark.parametrize("job", JOBS.every, ids=lambda job: job.name)
def test_a_line_is_its_jobs_own(job: Job) -> None:
    said: dict[str, object] = {"job": job.name, "outcome": "done"}
    assert matches(pattern(job, "1"), shipped(job, said))
    assert not matches(pattern(job, "1"), shipped(job, {**said, "outcome": "begun"}))
    assert not matches(pattern(job, "1"), shipped(job, {"outcome": "done"}))
    assert not matches(pattern(job, "1"), shipped(job, said, namespace="other"))
    assert not matches(pattern(job, "1"), shipped(job, said, container="server"))
    assert not matches(pattern(job, "1"), json.dumps({"log": json.dumps(said), "kubernetes": {}}))
    for other in JOBS.every:
        if other is not job:
            assert not matches(pattern(other, "1"), shipped(job, said))


def test_a_value_is_taken_from_a_field_that_is_in_the_pattern() -> None:
    given = pattern(JOBS.trimming, "$.log_processed.length")
    assert given.replace(LENGTH, "") == pattern(JOBS.trimming, "1")
    assert LENGTH in given


def test_each_metric_has_its_filter() -> None:
    cloud = run(lambda: JobResults("results", JobResultsArgs(log_group_name="containers", jobs=JOBS)))
    made = {
        each["name"]: (each["namespace"], each["value"], each["unit"])
        for declared in cloud.of(aws.cloudwatch.LogMetricFilter)
        for each in [declared.inputs["metricTransformation"]]
        if declared.inputs["logGroupName"] == "containers"
    }
    rows = (*done(JOBS), *stream(JOBS).alarms)
    measured = {metric.name: metric for row in rows for metric in row.metrics.values()}
    assert set(measured) < set(made)
    assert {name: namespace for name, (namespace, _, _) in made.items()} == dict.fromkeys(made, "TMI/tmi-test/Jobs")
    assert {name: value for name, (_, value, _) in made.items() if value != "1"} == {
        "stream-length": "$.log_processed.length"
    }


def said(script: str) -> str:
    """The job that a script says it is."""
    (name,) = re.findall(r'job\\?":\\?"([^"\\]+)\\?"', script)
    return name


def test_scripts_say_the_names_of_their_jobs() -> None:
    assert said(stream_trimming.script()) == stream_trimming.NAME
    assert said(dump_pod.files()["upload.sh"]) == database_dump.NAME
    assert said(recycling.script()).replace("$DEPLOYMENT", "tmi-hub") == recycling.account_name(Role.HUB)


def hours(found: Jobs) -> dict[str, int]:
    return {job.short_name: job.hours for job in found.every}


def test_how_long_a_job_may_be_away_follows_its_schedule() -> None:
    daily = {"stream-trimming": 3, "database-dump": 31, "hub-recycling": 26}
    assert hours(jobs(parse(changed("dev")))) == daily
    pool = hours(jobs(parse(changed("prod"))))
    assert pool == {**daily, "pool-recycling": 13}
    weekly = {"kind": "weekly", "day": "sun", "time": "03:00"}
    load = {"hub_requests_per_minute": 1, "other_requests_per_minute": 1}
    slow = parse(changed("dev", server__hub_restart=weekly, server__expected_load=load))
    assert hours(jobs(slow))["hub-recycling"] == 170
    # Longer ago than an alarm can look back.
    assert {row.name for row in done(jobs(slow))} == {"stream-trimming-missing", "database-dump-missing"}
