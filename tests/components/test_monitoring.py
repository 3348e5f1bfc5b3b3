"""Alarms are their rows, and reach the topic of their severity."""

from __future__ import annotations

from functools import cache

import pulumi_aws as aws

from components.monitoring.alarms import Alarms
from components.monitoring.log_anomalies import LogAnomalies, LogAnomaliesArgs
from components.monitoring.log_events import LogEvents, LogEventsArgs
from components.monitoring.rows import Severity
from components.monitoring.security_events import EVENTS, filter_pattern
from tests.alarms import arguments
from tests.cloud import Cloud, run
from tests.log_lines import shipped
from tests.log_patterns import matches

TOPICS = {severity: f"arn:aws:sns:eu-west-1:111111111111:{severity.value}" for severity in Severity}


@cache
def monitoring() -> Cloud:
    def program() -> None:
        Alarms("alarms", arguments())
        anomalies = LogAnomaliesArgs(stack_name="tmi-test", log_group_arn="arn:group", key_arn="arn:key")
        LogAnomalies("log-anomalies", anomalies)
        LogEvents("log-events", LogEventsArgs(stack_name="tmi-test", log_group_name="/containers", events=EVENTS))

    return run(program)


def test_every_message_goes_to_the_topic_of_its_severity() -> None:
    cloud = monitoring()
    rules = [each.inputs["alarmRule"] for each in cloud.of(aws.cloudwatch.CompositeAlarm)]
    incidents = {name for rule in rules for name in rule.split('"')}
    for alarm in cloud.of(aws.cloudwatch.MetricAlarm):
        severity = alarm.inputs["alarmDescription"].partition("]")[0].removeprefix("[")
        told = alarm.inputs.get("alarmActions", [])
        assert told == alarm.inputs.get("okActions", [])
        assert told in ([], [TOPICS[Severity(severity)]])
        assert told or alarm.inputs["name"] in incidents, f"{alarm.name} tells nobody"
        assert not (told and severity == "page" and alarm.inputs["name"] in incidents), f"{alarm.name} pages twice"
        assert not (told and "-burn-" in alarm.name), f"{alarm.name} is one of two"
    for incident in cloud.of(aws.cloudwatch.CompositeAlarm):
        severity = incident.inputs["alarmDescription"].partition("]")[0].removeprefix("[")
        told = incident.inputs.get("alarmActions", [])
        assert told == incident.inputs.get("okActions", [])
        if incident.name not in ("alarms-stores-down", "alarms-any-outage"):
            assert told == [f"arn:aws:sns:eu-west-1:111111111111:{severity}"]


def test_an_incident_is_made_of_its_alarms_and_waits_for_the_stores() -> None:
    cloud = monitoring()
    stores = cloud.one(aws.cloudwatch.CompositeAlarm, "alarms-stores-down").inputs
    assert stores["alarmRule"] == 'ALARM("tmi-test-database-down") OR ALARM("tmi-test-cache-down")'
    assert "alarmActions" not in stores
    cache = cloud.one(aws.cloudwatch.CompositeAlarm, "alarms-cache-down").inputs
    assert cache["alarmRule"] == 'ALARM("tmi-test-cache-001-silent") AND ALARM("tmi-test-cache-002-silent")'
    assert "actionsSuppressor" not in cache
    service = cloud.one(aws.cloudwatch.CompositeAlarm, "alarms-service-down").inputs
    assert service["actionsSuppressor"] == {"alarm": "tmi-test-stores-down", "waitPeriod": 180, "extensionPeriod": 300}
    assert service["alarmActions"] == service["okActions"] == [TOPICS[Severity.PAGE]]
    assert "docs/runbooks/service-down.md" in service["alarmDescription"]


def test_a_budget_that_goes_too_fast_is_said_once_and_not_during_an_outage() -> None:
    cloud = monitoring()
    outage = cloud.one(aws.cloudwatch.CompositeAlarm, "alarms-any-outage").inputs
    assert outage["alarmRule"] == " OR ".join(
        f'ALARM("tmi-test-{name}")' for name in ("database-down", "cache-down", "service-down")
    )
    assert "alarmActions" not in outage
    fast = cloud.one(aws.cloudwatch.CompositeAlarm, "alarms-availability-burn-1h").inputs
    assert fast["alarmRule"] == (
        'ALARM("tmi-test-availability-burn-1h-long") AND ALARM("tmi-test-availability-burn-1h-short")'
    )
    assert fast["actionsSuppressor"] == {"alarm": "tmi-test-any-outage", "waitPeriod": 180, "extensionPeriod": 300}


def test_deadlocks_are_asked_of_database_insights() -> None:
    (query,) = monitoring().one(aws.cloudwatch.MetricAlarm, "alarms-database-main-deadlocks").inputs["metricQueries"]
    assert query["expression"] == "DB_PERF_INSIGHTS('RDS', 'db-TMI-TEST-MAIN', 'db.Concurrency.deadlocks.avg')"
    assert query["period"] == 60


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


def test_a_security_event_is_counted_where_its_alarm_looks() -> None:
    cloud = monitoring()
    for event in EVENTS:
        counted = cloud.one(aws.cloudwatch.LogMetricFilter, f"log-events-{event.name}").inputs
        assert (counted["logGroupName"], counted["pattern"]) == ("/containers", filter_pattern(event))
        metric = counted["metricTransformation"]
        assert (metric["value"], metric["defaultValue"], "dimensions" in metric) == ("1", "0", False)
        alarm = cloud.one(aws.cloudwatch.MetricAlarm, f"alarms-security-{event.name}").inputs
        (query,) = alarm["metricQueries"]
        compared = query["metric"]
        assert (compared["namespace"], compared["metricName"]) == (metric["namespace"], metric["name"])
        assert compared["stat"] == "Sum"


def test_anomalies_are_looked_for_in_what_tmi_writes_and_kept_under_the_key_of_logs() -> None:
    cloud = monitoring()
    detector = cloud.one(aws.cloudwatch.LogAnomalyDetector).inputs
    assert detector["logGroupArnLists"] == ["arn:group"]
    assert (detector["kmsKeyId"], detector["enabled"]) == ("arn:key", True)
    assert matches(detector["filterPattern"], shipped("INFO", "anything"))
    assert not matches(detector["filterPattern"], shipped("INFO", "anything", container="haproxy"))
    (query,) = cloud.one(aws.cloudwatch.MetricAlarm, "alarms-log-anomalies").inputs["metricQueries"]
    assert query["metric"]["dimensions"] == {
        "LogAnomalyDetector": detector["detectorName"],
        "LogAnomalyPriority": "HIGH",
    }
