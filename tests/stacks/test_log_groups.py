"""Every log group of a stack is there before what writes to it, encrypted, and kept as long as its class says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components.log_sink import LogClass
from tests.cloud import Cloud, Declared
from tests.stack_files import STACKS, document
from tests.stacks.program import recorded

PRODUCERS: Final[Mapping[str, tuple[type[pulumi.Resource], LogClass]]] = {
    r"/aws/containerinsights/[^/]+/(application|dataplane|host|performance)": (aws.eks.Addon, LogClass.APPLICATION),
    r"/aws/eks/[^/]+/cluster": (aws.eks.Cluster, LogClass.CONTROL_PLANE),
    r"/aws/kinesisfirehose/[^/]+": (aws.kinesis.FirehoseDeliveryStream, LogClass.APPLICATION),
    r"/aws/lambda/cwsyn-[a-z-]+-deep-check-[0-9a-f-]+": (aws.synthetics.Canary, LogClass.APPLICATION),
    r"/aws/rds/instance/[^/]+/[a-z-]+": (aws.rds.Instance, LogClass.DATABASE),
    r"/aws/route53resolver/[^/]+": (aws.route53.ResolverQueryLogConfig, LogClass.NETWORK),
    r"/aws/vendedlogs/elasticache/[^/]+/[a-z-]+": (aws.elasticache.ReplicationGroup, LogClass.DATABASE),
    r"/aws/vpc/flow-logs/[^/]+": (aws.ec2.FlowLog, LogClass.NETWORK),
    r"/tmi/[^/]+/metrics": (kubernetes.apps.v1.Deployment, LogClass.APPLICATION),
    r"aws-waf-logs-.+": (aws.wafv2.WebAclLoggingConfiguration, LogClass.NETWORK),
}
"""What writes to a group of such a name, and the class of the group."""


def entry(group: str) -> tuple[type[pulumi.Resource], LogClass]:
    """The only line of the table that a group belongs to."""
    (found,) = [line for pattern, line in PRODUCERS.items() if re.fullmatch(pattern, group)]
    return found


def before(cloud: Cloud, resource: Declared) -> set[str]:
    """Everything that is made before a resource."""
    by_name: dict[str, set[str]] = {}
    for each in cloud.resources:
        by_name.setdefault(each.name, set()).update(each.dependencies)
    seen: set[str] = set()
    waiting = set(resource.dependencies)
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting |= by_name.get(name, set()) - seen
    return seen


def writes_to(producer: Declared, group: str) -> bool:
    """Whether it is a server's own group, where several servers have one each."""
    identifier: Any = producer.inputs.get("identifier")
    return not group.startswith("/aws/rds/") or group.split("/")[4] == identifier


@pytest.mark.parametrize("stack", STACKS)
def test_a_group_is_there_before_what_writes_to_it(stack: str) -> None:
    cloud = recorded(stack)
    for group in cloud.of(aws.cloudwatch.LogGroup):
        kind, _ = entry(group.inputs["name"])
        producers = [each for each in cloud.of(kind) if writes_to(each, group.inputs["name"])]
        if kind is aws.eks.Addon:
            producers = [each for each in producers if each.inputs["addonName"] == "amazon-cloudwatch-observability"]
        if kind is kubernetes.apps.v1.Deployment:
            producers = [each for each in producers if "collector" in str(each.inputs["spec"])]
        assert producers, f"nothing writes to {group.name}"
        for producer in producers:
            # AWS draws a part of the canary's name; its role may not make a group. See decision 0017.
            first, then = (producer, group) if kind is aws.synthetics.Canary else (group, producer)
            assert first.name in before(cloud, then), f"{then.name} does not wait for {first.name}"


@pytest.mark.parametrize("stack", STACKS)
def test_a_group_is_encrypted_and_kept_as_its_class_is(stack: str) -> None:
    cloud = recorded(stack)
    kept: Any = document(stack)
    key = cloud.one(aws.kms.Key, "encryption-logs").inputs["arn"]
    for group in cloud.of(aws.cloudwatch.LogGroup):
        _, log_class = entry(group.inputs["name"])
        assert group.inputs["kmsKeyId"] == key
        assert group.inputs["retentionInDays"] == kept["monitoring"]["log_retention_days"][log_class], group.name
