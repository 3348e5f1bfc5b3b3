"""Alarms: what can fail by itself is watched, and whoever should know hears of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from policy.facts.alarms import measurements
from policy.facts.cache_nodes import shards
from policy.facts.replicas import DATABASE, in_same_region
from policy.graph import Graph, Resource
from policy.network.group_roles import BALANCERS, CANARY
from policy.rule import Description, GraphRule, Severity, Violation
from policy.rules.edge.transport import LISTENERS, TARGET_GROUPS
from policy.values import UNKNOWN, Plain, present, read

_CACHE: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
_CERTIFICATE: Final = "aws:acm/certificate:Certificate"
_VALIDATION: Final = "aws:acm/certificateValidation:CertificateValidation"
_STREAM: Final = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
_NAT_GATEWAY: Final = "aws:ec2/natGateway:NatGateway"


@dataclass(frozen=True, slots=True)
class _Subject:
    """What fails by itself."""

    resource: Resource
    names: tuple[Plain, ...]
    """What its metrics call it, if known; a cache has a name for each node."""
    metrics: tuple[str, ...]
    """What must have an alarm."""
    also: tuple[Resource, ...] = ()
    """Resources whose outputs hold the same name."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """Whatever is measured alike."""

    namespace: str
    dimension: str
    """The one that says which it is."""
    subjects: Callable[[Graph], Iterator[_Subject]]


def _databases(graph: Graph) -> Iterator[_Subject]:
    for instance in graph.of_type(DATABASE):
        lag = ("ReplicaLag",) if present(instance.get("replicateSourceDb")) else ()
        yield _Subject(
            instance,
            (instance.get("identifier"),),
            ("CPUUtilization", "DatabaseConnections", "FreeStorageSpace", "FreeableMemory", "ReadLatency", *lag),
        )


def _cache_nodes(graph: Graph) -> Iterator[_Subject]:
    for cache in graph.of_type(_CACHE):
        yield _Subject(
            cache,
            tuple(_node_names(cache)),
            ("CurrConnections", "DatabaseMemoryUsagePercentage", "EngineCPUUtilization", "Evictions"),
        )


def _node_names(cache: Resource) -> list[Plain]:
    name, counts = cache.get("replicationGroupId"), shards(cache)
    if isinstance(name, str) and isinstance(cache.get("numCacheClusters"), int) and isinstance(counts[0], int):
        return [f"{name}-{each:03}" for each in range(1, counts[0] + 1)]
    # In cluster mode nobody promises how nodes are called. A shard of unknown size has one at least.
    return [UNKNOWN] * sum(nodes if isinstance(nodes, int) else 1 for nodes in counts)


def _target_groups(graph: Graph) -> Iterator[_Subject]:
    for group in graph.of_type(*TARGET_GROUPS):
        if group.get("protocol") in ("HTTP", "HTTPS"):
            metrics = ("HealthyHostCount", "HTTPCode_Target_5XX_Count", "TargetResponseTime")
            yield _Subject(group, (group.get("arnSuffix"),), metrics)


def _balancers(graph: Graph) -> Iterator[_Subject]:
    for balancer in graph.of_type(*BALANCERS):
        if balancer.get("loadBalancerType") in (None, "application"):
            yield _Subject(balancer, (balancer.get("arnSuffix"),), ("HTTPCode_ELB_5XX_Count",))


def _canaries(graph: Graph) -> Iterator[_Subject]:
    for canary in graph.of_type(CANARY):
        yield _Subject(canary, (canary.get("name"),), ("SuccessPercent",))


def _deliveries(graph: Graph) -> Iterator[_Subject]:
    for stream in graph.of_type(_STREAM):
        if present(stream.get("extendedS3Configuration")):
            yield _Subject(stream, (stream.get("name"),), ("DeliveryToS3.DataFreshness",))


def _nat_gateways(graph: Graph) -> Iterator[_Subject]:
    for gateway in graph.of_type(_NAT_GATEWAY):
        yield _Subject(gateway, (gateway.get("id"),), ("ErrorPortAllocation",))


def _certificates(graph: Graph) -> Iterator[_Subject]:
    for certificate in graph.of_type(_CERTIFICATE):
        validations = graph.referring(certificate, "certificateArn", _VALIDATION)
        yield _Subject(certificate, (certificate.get("arn"),), ("DaysToExpiry",), tuple(validations))
    for listener in graph.of_type(*LISTENERS):
        arn = listener.get("certificateArn")
        if isinstance(arn, str) and not listener.dependencies.get("certificateArn"):  # made elsewhere, expires here
            yield _Subject(listener, (arn,), ("DaysToExpiry",))


_KINDS: Final = (
    _Kind("AWS/RDS", "DBInstanceIdentifier", _databases),
    _Kind("AWS/ElastiCache", "CacheClusterId", _cache_nodes),
    _Kind("AWS/ApplicationELB", "TargetGroup", _target_groups),
    _Kind("AWS/ApplicationELB", "LoadBalancer", _balancers),
    _Kind("CloudWatchSynthetics", "CanaryName", _canaries),
    _Kind("AWS/Firehose", "DeliveryStreamName", _deliveries),
    _Kind("AWS/NATGateway", "NatGatewayId", _nat_gateways),
    _Kind("AWS/CertificateManager", "CertificateArn", _certificates),
)
"""Source of the metrics: Amazon CloudWatch User Guide, recommended alarms; of those, what each of a kind must have."""


def failures_alarmed(graph: Graph) -> Iterator[Violation]:
    """Each resource that can fail by itself has its alarms in its region, and somebody hears of each."""
    for kind in _KINDS:
        for subject in kind.subjects(graph):
            missed = [metric for metric in subject.metrics if not _watched(graph, kind, subject, metric)]
            if missed:
                each = f" of each of its {len(subject.names)} nodes" if len(subject.names) > 1 else ""
                yield Violation(subject.resource, f"no alarm that anybody hears of watches {', '.join(missed)}{each}")


def _watched(graph: Graph, kind: _Kind, subject: _Subject, metric: str) -> bool:
    sources = {subject.resource.urn, *(each.urn for each in subject.also)}
    values = [
        (read(each.dimensions, kind.dimension), not sources.isdisjoint(each.made_from))
        for each in measurements(graph).get((kind.namespace, metric), ())
        if in_same_region(graph, each.alarm, subject.resource)
    ]
    lost = [name for name in subject.names if not _named(name, [value for value, _ in values])]
    # Where a name is not known yet, an alarm that was made from the resource is taken to watch it.
    unnamed = not all(isinstance(name, str) for name in subject.names)
    made_from_it = [
        value for value, made in values if made and value is not None and (unnamed or not isinstance(value, str))
    ]
    return len(lost) <= len(made_from_it)


def _named(name: Plain, values: Sequence[Plain]) -> bool:
    return isinstance(name, str) and name in values


FAILURES_ALARMED: Final = GraphRule(
    about=Description(
        id="failures-alarmed",
        title="Whatever can fail by itself has its alarms, and somebody hears of them",
        severity=Severity.HIGH,
        frameworks=("FSBP CloudWatch.15", "FSBP CloudWatch.17", "WA OPS08", "WA REL06"),
        why="Who learns of a full disk or an expired certificate from users learns of it too late, and an alarm "
        "without a subscriber tells nobody.",
        remediation="Give it a MetricAlarm on each of these metrics in its region, whose alarmActions, or those of a "
        "CompositeAlarm made of it, name a topic of the stack with a TopicSubscription.",
    ),
    check=failures_alarmed,
)
