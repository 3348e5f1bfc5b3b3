"""What waits in the recovery region is watched there."""

from __future__ import annotations

from pathlib import Path

import pulumi_aws as aws

from components.monitoring.messages import Source
from components.monitoring.rows import MissingData, Severity
from components.monitoring.standby_alarms import StandbyAlarms, StandbyAlarmsArgs, standby_rows
from tests.cloud import run
from tests.metric_catalogue import fault
from tests.stacks.program import recorded

TOPIC = "arn:aws:sns:eu-central-1:111111111111:there"
CERTIFICATE = "arn:aws:acm:eu-central-1:111111111111:certificate/x"
SOURCE = Source(stack_name="tmi-test", region="eu-west-1", repository="https://git.example.com/tmi-on-aws")
RUNBOOKS = Path(__file__).parents[2] / "docs" / "runbooks"


def test_an_unused_certificate_is_told_of_before_it_ends_and_after() -> None:
    args = StandbyAlarmsArgs(source=SOURCE, topic_arn=TOPIC, certificate_arn=CERTIFICATE)
    alarm = run(lambda: StandbyAlarms("alarms", args)).one(aws.cloudwatch.MetricAlarm).inputs
    assert (alarm["name"], alarm["threshold"], alarm["comparisonOperator"]) == (
        "tmi-test-standby-certificate",
        30,
        "LessThanThreshold",
    )
    assert alarm["alarmDescription"].splitlines()[1:] == [
        "Runbook: docs/runbooks/certificate-expiry.md",
        "Dashboard: https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/tmi-test-on-call",
    ]
    assert alarm["treatMissingData"] == "breaching"
    assert (alarm["alarmActions"], alarm["okActions"]) == ([TOPIC], [TOPIC])
    (query,) = alarm["metricQueries"]
    assert query["metric"]["dimensions"] == {"CertificateArn": CERTIFICATE}


def test_its_rows_are_as_good_as_others() -> None:
    for row in standby_rows(CERTIFICATE):
        assert [fault(metric) for metric in row.metrics.values()] == [None]
        assert row.period_seconds * row.periods <= 7 * 86_400
        assert (row.severity, row.missing) == (Severity.TICKET, MissingData.BAD)
        assert row.name in (RUNBOOKS / f"{row.runbook}.md").read_text()


def test_a_stack_watches_there_by_what_is_there() -> None:
    cloud = recorded("prod")
    alarm = cloud.one(aws.cloudwatch.MetricAlarm, "recovery-alarms-standby-certificate")
    topic = cloud.one(aws.sns.Topic, "recovery-notification-ticket-topic")
    key = cloud.one(aws.kms.Key, "recovery-keys-notifications")
    assert {each.provider for each in (alarm, topic, key)} == {"aws-recovery"}
    assert alarm.inputs["alarmActions"] == [topic.inputs["arn"]]
    assert topic.inputs["kmsMasterKeyId"] == key.inputs["arn"]
    assert "recovery-certificate-validation" in alarm.dependencies
    assert {"recovery-alarms-standby-certificate"} & {each.name for each in recorded("dev").resources} == set()
