"""Route 53 asks every name from several regions, and its alarm acts in the region of its metrics."""

from __future__ import annotations

import json
import runpy
from functools import cache

import pulumi_aws as aws
import pytest

from components.monitoring.health_checks import HealthChecks, HealthChecksArgs
from components.monitoring.messages import Source
from tests.cloud import Cloud, Declared, run
from tests.stack_files import GIVEN_SECRETS, ROOT, changed
from tests.stacks.program import recorded

REGIONS = ("eu-west-1", "us-east-1", "ap-southeast-1")


@cache
def checks() -> Cloud:
    args = HealthChecksArgs(
        source=Source(stack_name="tmi-test", region="eu-west-1", repository="https://git.example.com/tmi-on-aws"),
        domains=("tmi.example.com", "other.example.com"),
        regions=REGIONS,
        topic_arn="arn:aws:sns:us-east-1:111111111111:outside",
    )
    return run(lambda: HealthChecks("health-checks", args))


def test_every_name_is_asked_by_its_name_for_what_costs_nothing() -> None:
    found = {check.inputs["fqdn"]: check.inputs for check in checks().of(aws.route53.HealthCheck)}
    assert set(found) == {"tmi.example.com", "other.example.com"}
    for check in found.values():
        assert (check["type"], check["port"], check["resourcePath"]) == ("HTTPS", 443, "/robots.txt")
        assert check["enableSni"] is True
        assert tuple(check["regions"]) == REGIONS
        # These cannot be changed, and cost extra.
        assert "measureLatency" not in check


def test_each_has_an_alarm_that_pages_and_takes_silence_for_bad() -> None:
    alarms = {alarm.inputs["name"]: alarm.inputs for alarm in checks().of(aws.cloudwatch.MetricAlarm)}
    assert set(alarms) == {"tmi-test-outside-tmi.example.com", "tmi-test-outside-other.example.com"}
    alarm = alarms["tmi-test-outside-tmi.example.com"]
    (query,) = alarm["metricQueries"]
    assert query["metric"]["dimensions"] == {"HealthCheckId": "health-checks-tmi.example.com-id"}
    assert (query["metric"]["namespace"], query["metric"]["stat"]) == ("AWS/Route53", "Minimum")
    assert alarm["alarmActions"] == alarm["okActions"] == ["arn:aws:sns:us-east-1:111111111111:outside"]
    assert alarm["treatMissingData"] == "breaching"
    assert alarm["alarmDescription"].startswith("[page] tmi.example.com does not answer on the internet")


def test_in_another_region_everything_stands_beside_the_metrics() -> None:
    cloud = recorded("prod")
    assert cloud.one(aws.Provider, "aws-health-checks").inputs["region"] == "us-east-1"
    there = [each for each in cloud.resources if each.provider == "aws-health-checks"]
    kinds = {each.type.rpartition(":")[2] for each in there}
    assert kinds >= {"HealthCheck", "MetricAlarm", "Topic", "TopicPolicy", "TopicSubscription", "Key", "Alias"}
    (topic,) = [each for each in there if each.type == "aws:sns/topic:Topic"]
    for alarm in (each for each in there if each.type == "aws:cloudwatch/metricAlarm:MetricAlarm"):
        # Its topic is of its own region, and the topic's policy stands before it acts.
        assert {topic.name, "outside-notification-page-policy"} <= alarm.dependencies


def _endpoints(cloud: Cloud, topics: str) -> set[str]:
    return {
        each.inputs["endpoint"]
        for each in cloud.of(aws.sns.TopicSubscription)
        if each.name.startswith(f"{topics}-page-")
    }


def test_whoever_is_told_at_home_is_told_from_there() -> None:
    cloud = recorded("prod")
    assert _endpoints(cloud, "outside-notification") == _endpoints(cloud, "notification") != set()


def test_the_key_there_lets_alarms_of_the_account_encrypt() -> None:
    key: Declared = recorded("prod").one(aws.kms.Key, "outside-key-notifications")
    statements = {each["Sid"]: each for each in json.loads(key.inputs["policy"])["Statement"]}
    assert statements["Alarms"]["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statements["UseByIam"]["Condition"] == {"StringEquals": {"kms:ViaService": ["sns.us-east-1.amazonaws.com"]}}


def program(region: str) -> Cloud:
    zones = [f"{region}{letter}" for letter in "ab"]
    document = changed(
        "dev",
        region=region,
        network__zones=zones,
        monitoring__health_checks={"kind": "regions", "regions": list(REGIONS)},
    )
    return run(
        lambda: runpy.run_path(str(ROOT / "__main__.py")),
        stack="dev",
        config={"tmi:stack": document},
        secrets=GIVEN_SECRETS,
    )


def test_in_us_east_1_the_topic_at_home_will_do() -> None:
    cloud = program("us-east-1")
    assert {each.parent for each in cloud.of(aws.sns.Topic)} == {"notification"}
    assert [each.name for each in cloud.of(aws.Provider)] == ["aws"]
    (alarm,) = [each for each in cloud.of(aws.cloudwatch.MetricAlarm) if "-outside-" in each.name]
    assert "notification-page-topic" in alarm.dependencies


@pytest.mark.parametrize("stack", ["prod", "recovery"])
def test_the_first_question_is_asked_once_tmi_runs(stack: str) -> None:
    # What is below a component waits for it, and it for these.
    waiting = {each.name: each.dependencies for each in recorded(stack).resources}
    assert "server-hub-deployment" in waiting["health-checks"] & waiting["canary"]
