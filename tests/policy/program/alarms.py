"""Who watches the small program: alarms in each region, and a topic for them there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from tests.policy.program.data import Stores
from tests.policy.program.edge import Door

_SERVICE: Final = {"Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"}, "Resource": "*"}
_LOG_SERVICES: Final = ["logs.eu-west-1.amazonaws.com", "logs.eu-central-1.amazonaws.com"]
_LOGS: Final = {"Effect": "Allow", "Principal": {"Service": _LOG_SERVICES}, "Resource": "*"}
_BY_LOGS: Final = {**_LOGS, "Action": ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"]}
_BY_ALARMS: Final = {**_SERVICE, "Action": ["kms:Decrypt", "kms:GenerateDataKey*"]}
KEY_POLICY: Final = json.dumps({"Version": "2012-10-17", "Statement": [_BY_ALARMS, _BY_LOGS]})
_OF_A_DATABASE: Final = ("CPUUtilization", "DatabaseConnections", "FreeStorageSpace", "FreeableMemory", "ReadLatency")
_OF_A_NODE: Final = ("CurrConnections", "DatabaseMemoryUsagePercentage", "EngineCPUUtilization", "Evictions")
_OF_TARGETS: Final = ("HealthyHostCount", "HTTPCode_Target_5XX_Count", "TargetResponseTime")


def alarms(
    stores: Stores,
    door: Door,
    gateways: Mapping[str, aws.ec2.NatGateway],
    key: pulumi.Input[str],
    provider: aws.Provider,
    recovery: aws.Provider,
) -> None:
    opts, away = pulumi.ResourceOptions(provider=provider), pulumi.ResourceOptions(provider=recovery)
    topic, far_topic = _topic("alarms", key, opts), _topic("far", stores.far_key.arn, away)
    for name, instance in stores.databases.items():
        far = name == "far"
        lag = () if name == "database" else ("ReplicaLag",)
        of_it = {"DBInstanceIdentifier": instance.identifier}
        _alarms(name, "AWS/RDS", (*_OF_A_DATABASE, *lag), of_it, far_topic if far else topic, away if far else opts)
    for number in ("001", "002"):
        of_node = {"CacheClusterId": pulumi.Output.format("{0}-{1}", stores.cache.replication_group_id, number)}
        _alarms(f"cache-{number}", "AWS/ElastiCache", _OF_A_NODE, of_node, topic, opts)
    # Its alarms tell nobody by themselves: the outage that they make does.
    of_pods = {"TargetGroup": door.targets.arn_suffix, "LoadBalancer": "app/alb/0000000000000000"}
    names = _alarms("pods", "AWS/ApplicationELB", _OF_TARGETS, of_pods, None, opts)
    rule = pulumi.Output.all(*names).apply(lambda known: " OR ".join(f'ALARM("{name}")' for name in known))
    aws.cloudwatch.CompositeAlarm("down", alarm_name="down", alarm_rule=rule, alarm_actions=[topic], opts=opts)
    for name, gateway in gateways.items():
        _alarms(
            name,
            "AWS/NATGateway",
            ("ErrorPortAllocation", "PacketsDropCount"),
            {"NatGatewayId": gateway.id},
            topic,
            opts,
        )
    of_balancer = {"LoadBalancer": door.balancer.arn_suffix}
    _alarms("balancer", "AWS/ApplicationELB", ("HTTPCode_ELB_5XX_Count",), of_balancer, topic, opts)
    of_canary = {"CanaryName": "deep-check"}
    _alarms("canary", "CloudWatchSynthetics", ("SuccessPercent",), of_canary, topic, opts)
    of_archive = {"DeliveryStreamName": "archive"}
    _alarms("archive", "AWS/Firehose", ("DeliveryToS3.DataFreshness",), of_archive, topic, opts)
    of_certificate = {"CertificateArn": door.certificate_arn}
    _alarms("certificate", "AWS/CertificateManager", ("DaysToExpiry",), of_certificate, topic, opts)


def _topic(name: str, key: pulumi.Input[str], opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    topic = aws.sns.Topic(name, kms_master_key_id=key, opts=opts)
    plaintext = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    document: Any = {"Version": "2012-10-17", "Statement": [{**_SERVICE, "Action": "sns:Publish"}, plaintext]}
    aws.sns.TopicPolicy(name, arn=topic.arn, policy=json.dumps(document), opts=opts)
    aws.sns.TopicSubscription(name, topic=topic.arn, protocol="email", endpoint="tmi@example.com", opts=opts)
    return topic.arn


def _alarms(
    name: str,
    namespace: str,
    metrics: tuple[str, ...],
    dimensions: Mapping[str, pulumi.Input[str]],
    topic: pulumi.Output[str] | None,
    opts: pulumi.ResourceOptions,
) -> list[pulumi.Output[str]]:
    """An alarm on each metric, in either of the two ways to write one; returns their names."""
    shared: dict[str, Any] = {
        "comparison_operator": "GreaterThanThreshold",
        "evaluation_periods": 1,
        "threshold": 1,
        "treat_missing_data": "breaching",
        "alarm_actions": [topic] if topic else None,
        "opts": opts,
    }
    made: list[aws.cloudwatch.MetricAlarm] = []
    for number, metric in enumerate(metrics):
        measured: dict[str, Any] = {"namespace": namespace, "metric_name": metric, "period": 60}
        query = {"id": "it", "return_data": True, "metric": {**measured, "stat": "Sum", "dimensions": dimensions}}
        way: dict[str, Any] = (
            {"metric_queries": [query]} if number else {**measured, "statistic": "Sum", "dimensions": dimensions}
        )
        made.append(aws.cloudwatch.MetricAlarm(f"{name}-{metric}", name=f"{name}-{metric}", **way, **shared))
    return [each.name for each in made]
