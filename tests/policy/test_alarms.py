"""Alarms: each thing that fails by itself has its own, in its region, and somebody hears of them."""

from __future__ import annotations

import pytest

from policy.facts.alarms import COMPOSITE_ALARM, METRIC_ALARM, TOPIC
from policy.facts.replicas import DATABASE
from policy.graph import Resource
from policy.rules.watching.alarms import FAILURES_ALARMED
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource, violations

ELSEWHERE = "urn:pulumi:test::tmi::pulumi:providers:aws::elsewhere"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
GROUP = "aws:lb/targetGroup:TargetGroup"
GATEWAY = "aws:ec2/natGateway:NatGateway"
CERTIFICATE = "aws:acm/certificate:Certificate"
TOLD = resource(TOPIC, "told", {"id": "arn:aws:sns:eu-west-1:111111111111:told"})
UNHEARD = resource(TOPIC, "unheard")
SUBSCRIPTION = resource("aws:sns/topicSubscription:TopicSubscription", "person", topic=TOLD)
AROUND = (TOLD, UNHEARD, SUBSCRIPTION)
NAT = resource(GATEWAY, "nat", {"id": "nat-0a"})
UNWATCHED = [("nat", "no alarm that anybody hears of watches ErrorPortAllocation")]


def alarm(
    metric: str = "ErrorPortAllocation",
    namespace: str = "AWS/NATGateway",
    dimensions: Plain = UNKNOWN,
    properties: dict[str, Plain] | None = None,
    *,
    of: Resource | tuple[()] = (),
    topic: Resource | tuple[()] = TOLD,
    provider: str = NAT.provider,
) -> Resource:
    query: Plain = {"metric": {"namespace": namespace, "metricName": metric, "dimensions": dimensions}}
    given: dict[str, Plain] = {"name": f"alarm-{metric}", "metricQueries": [query, {"expression": "1"}]}
    name = f"{metric}-{namespace}-{dimensions}-{of}"
    return resource(
        METRIC_ALARM, name, given | (properties or {}), provider=provider, metricQueries=of, alarmActions=topic
    )


def composite(rule: Plain, *alarms: Resource, topic: Resource | tuple[()] = TOLD, name: str = "outage") -> Resource:
    return resource(COMPOSITE_ALARM, name, {"alarmName": name, "alarmRule": rule}, alarmRule=alarms, alarmActions=topic)


def named(value: Plain) -> Plain:
    return {"NatGatewayId": value}


PLAIN_FORM: dict[str, Plain] = {
    "metricQueries": None,
    "namespace": "AWS/NATGateway",
    "metricName": "ErrorPortAllocation",
    "dimensions": named("nat-0a"),
}
BY_LITERAL: dict[str, Plain] = {"alarmActions": ["arn:aws:sns:eu-west-1:111111111111:told"]}


@pytest.mark.parametrize(
    ("watching", "passes"),
    [
        (alarm(dimensions=named("nat-0a")), True),
        (alarm(dimensions=named(UNKNOWN), of=NAT), True),
        (alarm(properties=PLAIN_FORM), True),
        (alarm(dimensions=named("nat-0a"), properties=BY_LITERAL, topic=()), True),
        (alarm(dimensions=named("nat-0b"), of=NAT), False),
        (alarm(dimensions=named(UNKNOWN)), False),
        (alarm(dimensions={"AvailabilityZone": "nat-0a"}, of=NAT), False),
        (alarm(), False),
        (alarm("BytesOutToSource", dimensions=named("nat-0a")), False),
        (alarm(namespace="AWS/EC2", dimensions=named("nat-0a")), False),
        (alarm(dimensions=named("nat-0a"), topic=UNHEARD), False),
        (alarm(dimensions=named("nat-0a"), topic=()), False),
        (alarm(dimensions=named("nat-0a"), properties={"actionsEnabled": False}), False),
        (alarm(dimensions=named("nat-0a"), properties={"actionsEnabled": UNKNOWN}), False),
        (alarm(dimensions=named("nat-0a"), provider=ELSEWHERE), False),
    ],
)
def test_a_thing_of_known_name_is_watched_by_name(watching: Resource, *, passes: bool) -> None:
    assert violations(FAILURES_ALARMED, NAT, watching, *AROUND) == ([] if passes else UNWATCHED)


@pytest.mark.parametrize("value", [UNKNOWN, None])
def test_a_thing_without_a_known_name_is_watched_by_reference(value: Plain) -> None:
    nat = resource(GATEWAY, "nat", {"id": value})
    by_query = alarm(dimensions=named(UNKNOWN), of=nat)
    by_itself = made_from(alarm(properties={**PLAIN_FORM, "dimensions": named(UNKNOWN)}), "dimensions", nat)
    for watching in (by_query, by_itself, alarm(dimensions=named("nat-0a"), of=nat)):
        assert violations(FAILURES_ALARMED, nat, watching, *AROUND) == []
    other = resource(GATEWAY, "other", {"id": "nat-0b"})
    for watching in (
        alarm(dimensions=named(UNKNOWN)),
        alarm(dimensions=named("nat-0a")),
        alarm(dimensions=named(UNKNOWN), of=other),
        alarm(dimensions={}, of=nat),
    ):
        assert violations(FAILURES_ALARMED, nat, watching, *AROUND) == UNWATCHED


def test_an_alarm_may_be_heard_by_what_is_made_of_it() -> None:
    silent = alarm(dimensions=named("nat-0a"), topic=())
    by_name = 'ALARM("alarm-ErrorPortAllocation") OR ALARM("other")'
    by_arn = "ALARM(arn:aws:cloudwatch:eu-west-1:111111111111:alarm:alarm-ErrorPortAllocation)"
    for outage in (composite(UNKNOWN, silent), composite(by_name), composite(by_arn)):
        assert violations(FAILURES_ALARMED, NAT, silent, outage, *AROUND) == []
    inner = composite(UNKNOWN, silent, topic=(), name="inner")
    assert violations(FAILURES_ALARMED, NAT, silent, inner, *AROUND) == UNWATCHED
    outer = composite('ALARM("inner") OR ALARM("outer")', name="outer")
    assert violations(FAILURES_ALARMED, NAT, silent, inner, outer, *AROUND) == []
    for unheard in (composite(UNKNOWN, silent, topic=UNHEARD), composite(UNKNOWN), composite('OK("other")')):
        assert violations(FAILURES_ALARMED, NAT, silent, unheard, *AROUND) == UNWATCHED


def test_each_node_of_a_cache_is_watched() -> None:
    metrics = ("CurrConnections", "DatabaseMemoryUsagePercentage", "EngineCPUUtilization", "Evictions")
    known = resource(CACHE, "cache", {"replicationGroupId": "c", "numCacheClusters": 2})
    unknown = resource(CACHE, "cache", {"replicationGroupId": UNKNOWN, "numCacheClusters": 2})

    def on(cache: Resource, value: Plain) -> list[Resource]:
        dimensions: Plain = {"CacheClusterId": value}
        return [alarm(metric, "AWS/ElastiCache", dimensions, of=cache) for metric in metrics]

    every = [*on(known, "c-001"), *on(known, "c-002")]
    assert violations(FAILURES_ALARMED, known, *every, *AROUND) == []
    missing = "no alarm that anybody hears of watches {} of each of its 2 nodes"
    lost = violations(FAILURES_ALARMED, known, *every[1:], *AROUND)
    assert lost == [("cache", missing.format("CurrConnections"))]
    lost = violations(FAILURES_ALARMED, known, *on(known, "c-001"), *on(known, "d-002"), *AROUND)
    assert lost == [("cache", missing.format(", ".join(metrics)))]
    # As many as there are nodes, while nobody knows how these will be called.
    made = [resource(METRIC_ALARM, f"{each.name}-{number}", each.properties, metricQueries=unknown, alarmActions=TOLD)
            for number in (1, 2) for each in on(unknown, UNKNOWN)]  # fmt: skip
    assert violations(FAILURES_ALARMED, unknown, *made, *AROUND) == []
    lost = violations(FAILURES_ALARMED, unknown, *made[1:], *AROUND)
    assert lost == [("cache", missing.format("CurrConnections"))]
    sharded = resource(CACHE, "cache", {"replicationGroupId": "c", "numNodeGroups": 1, "replicasPerNodeGroup": 1})
    assert violations(FAILURES_ALARMED, sharded, *made, *AROUND) == []
    lost = violations(FAILURES_ALARMED, sharded, *made[1:], *AROUND)
    assert lost == [("cache", missing.format("CurrConnections"))]


def test_databases_and_target_groups_are_watched() -> None:
    of_database = "CPUUtilization, DatabaseConnections, FreeStorageSpace, FreeableMemory, ReadLatency"
    primary = resource(DATABASE, "db", {"identifier": "db"})
    replica = resource(DATABASE, "db", {"identifier": "db", "replicateSourceDb": "other"})
    missing = "no alarm that anybody hears of watches "
    assert violations(FAILURES_ALARMED, primary) == [("db", missing + of_database)]
    assert violations(FAILURES_ALARMED, replica) == [("db", f"{missing}{of_database}, ReplicaLag")]
    every = [alarm(metric, "AWS/RDS", {"DBInstanceIdentifier": "db"}) for metric in of_database.split(", ")]
    assert violations(FAILURES_ALARMED, primary, *every, *AROUND) == []
    assert violations(FAILURES_ALARMED, replica, *every, *AROUND) == [("db", missing + "ReplicaLag")]
    of_targets = "HealthyHostCount, HTTPCode_Target_5XX_Count, TargetResponseTime"
    group = resource(GROUP, "pods", {"protocol": "HTTPS", "arnSuffix": "targetgroup/pods/0"})
    assert violations(FAILURES_ALARMED, group) == [("pods", missing + of_targets)]
    # Those of network balancers have other metrics; target-groups-tls has its say on them.
    assert violations(FAILURES_ALARMED, resource(GROUP, "pods", {"protocol": "TCP"})) == []


def test_certificates_are_watched_whoever_made_them() -> None:
    missing = "no alarm that anybody hears of watches DaysToExpiry"
    arn = "arn:aws:acm:eu-west-1:111111111111:certificate/x"
    made = resource(CERTIFICATE, "made")
    validation = resource("aws:acm/certificateValidation:CertificateValidation", "valid", certificateArn=made)
    dimensions: Plain = {"CertificateArn": UNKNOWN}
    for source in (made, validation):
        watching = alarm("DaysToExpiry", "AWS/CertificateManager", dimensions, of=source)
        assert violations(FAILURES_ALARMED, made, validation, watching, *AROUND) == []
    assert violations(FAILURES_ALARMED, made, validation, *AROUND) == [("made", missing)]
    listener = resource("aws:lb/listener:Listener", "https", {"certificateArn": arn})
    assert violations(FAILURES_ALARMED, listener, *AROUND) == [("https", missing)]
    watching = alarm("DaysToExpiry", "AWS/CertificateManager", {"CertificateArn": arn})
    assert violations(FAILURES_ALARMED, listener, watching, *AROUND) == []


@pytest.mark.parametrize(
    ("token", "properties", "namespace", "dimension", "metric"),
    [
        (
            "aws:lb/loadBalancer:LoadBalancer",
            {"arnSuffix": "app/x"},
            "AWS/ApplicationELB",
            "LoadBalancer",
            "HTTPCode_ELB_5XX_Count",
        ),
        ("aws:synthetics/canary:Canary", {"name": "app/x"}, "CloudWatchSynthetics", "CanaryName", "SuccessPercent"),
        (
            "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
            {"name": "app/x", "extendedS3Configuration": {"prefix": "x"}},
            "AWS/Firehose",
            "DeliveryStreamName",
            "DeliveryToS3.DataFreshness",
        ),
    ],
)
def test_balancers_canaries_and_deliveries_are_watched(
    token: str, properties: dict[str, Plain], namespace: str, dimension: str, metric: str
) -> None:
    subject = resource(token, "it", properties)
    silent = [("it", f"no alarm that anybody hears of watches {metric}")]
    watched, other = (alarm(metric, namespace, {dimension: name}) for name in ("app/x", "app/y"))
    assert violations(FAILURES_ALARMED, *AROUND, subject, watched) == []
    assert violations(FAILURES_ALARMED, *AROUND, subject, other) == silent
    unnamed = resource(token, "it", dict.fromkeys(properties, UNKNOWN))
    assert (
        violations(FAILURES_ALARMED, *AROUND, unnamed, alarm(metric, namespace, {dimension: UNKNOWN}, of=unnamed)) == []
    )
