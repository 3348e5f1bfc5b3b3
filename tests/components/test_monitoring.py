"""Alarms reach people, by a topic that nobody else may use."""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws

from components.database import DatabaseInstance
from components.monitoring.alarms import Alarms, AlarmsArgs
from components.monitoring.notification import Notification, NotificationArgs
from components.server.roles import Role
from tests.cloud import Cloud, run
from tests.iam import findings

EMAILS = ("one@example.com", "two@example.com")


def monitoring() -> Cloud:
    def program() -> None:
        notification = Notification(
            "notification", NotificationArgs(account="111111111111", key_arn="arn:key", emails=EMAILS)
        )
        instance = DatabaseInstance(
            identifier=pulumi.Output.from_input("tmi-test-main"), instance_class="db.t4g.medium", storage_gib=20
        )
        Alarms(
            "alarms",
            AlarmsArgs(
                stack_name="tmi-test",
                topic_arn=notification.topic_arn,
                load_balancer_suffix="app/x/0",
                target_group_suffixes={Role.HUB: "targetgroup/x/0"},
                databases={"database-main": instance},
                cache_members={"001": "tmi-test-001"},
            ),
        )

    return run(program)


def test_messages_are_encrypted() -> None:
    assert monitoring().one(aws.sns.Topic).inputs["kmsMasterKeyId"] == "arn:key"


def test_only_this_accounts_alarms_publish_and_by_tls() -> None:
    cloud = monitoring()
    topic = "arn:aws:sns:eu-west-1:111111111111:alarms"
    document = cloud.one(aws.sns.TopicPolicy).inputs["policy"].replace(cloud.one(aws.sns.Topic).inputs["arn"], topic)
    assert findings(document) == []
    allowed, events, refused = json.loads(document)["Statement"]
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Condition"] == {"StringEquals": {"aws:SourceAccount": "111111111111"}}
    assert (events["Principal"], events["Action"]) == ({"Service": "events.amazonaws.com"}, "sns:Publish")
    assert (refused["Effect"], refused["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_everybody_is_told_by_mail() -> None:
    subscriptions = monitoring().of(aws.sns.TopicSubscription)
    assert {each.inputs["endpoint"] for each in subscriptions} == set(EMAILS)
    assert {each.inputs["protocol"] for each in subscriptions} == {"email"}


def test_every_alarm_acts_on_the_topic() -> None:
    cloud = monitoring()
    topic = cloud.one(aws.sns.Topic)
    for alarm in cloud.of(aws.cloudwatch.MetricAlarm):
        assert alarm.inputs["alarmActions"] == alarm.inputs["okActions"] == [topic.inputs["arn"]]
        assert {"notification-topic", "notification-policy"} <= alarm.dependencies


def test_an_alarm_is_its_row() -> None:
    alarm = monitoring().one(aws.cloudwatch.MetricAlarm, "alarms-hub-server-errors").inputs
    assert alarm["name"] == "tmi-test-hub-server-errors"
    assert alarm["comparisonOperator"] == "GreaterThanThreshold"
    assert (alarm["evaluationPeriods"], alarm["datapointsToAlarm"], alarm["threshold"]) == (5, 3, 5)
    assert alarm["treatMissingData"] == "notBreaching"
    errors, requests, compared = alarm["metricQueries"]
    assert errors["metric"]["metricName"] == "HTTPCode_Target_5XX_Count"
    assert requests["metric"]["dimensions"] == {"LoadBalancer": "app/x/0", "TargetGroup": "targetgroup/x/0"}
    assert compared["expression"] == "IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)"
    assert [query["returnData"] for query in alarm["metricQueries"]] == [False, False, True]


def test_a_single_metric_is_compared_itself() -> None:
    (query,) = monitoring().one(aws.cloudwatch.MetricAlarm, "alarms-database-main-storage").inputs["metricQueries"]
    assert query["metric"]["dimensions"] == {"DBInstanceIdentifier": "tmi-test-main"}
    assert query["returnData"] is True


def test_a_node_of_redis_is_watched_by_name() -> None:
    alarm = monitoring().one(aws.cloudwatch.MetricAlarm, "alarms-cache-001-memory").inputs
    memory, evictions, compared = alarm["metricQueries"]
    assert memory["metric"]["dimensions"] == evictions["metric"]["dimensions"] == {"CacheClusterId": "tmi-test-001"}
    assert compared["expression"] == "IF(evictions > 0, 100, memory)"
