"""The metrics that AWS documents, of those in use: by namespace, with the sets of dimensions each is kept under.

Sources: User Guide for Application Load Balancers, CloudWatch metrics; AWS WAF Developer Guide, metrics and dimensions
(that a rule may be `ALL`: cdk-monitoring-constructs, WafV2MetricFactory); AWS CDK API reference, metricDaysToExpiry,
for Certificate Manager; Amazon RDS User Guide, CloudWatch metrics; Amazon ElastiCache User Guide, metrics for Valkey
and Redis OSS, host-level metrics; Amazon CloudWatch User Guide, metrics published by canaries; Amazon Route 53
Developer Guide, monitoring health checks using CloudWatch; Amazon VPC User Guide, NAT gateway metrics; amazon-
cloudwatch-agent, translator/translate/otel/exporter/awsemf/kubernetes.go (enhanced observability); AWS CDK, LogsMetrics
and FirehoseMetrics.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from components.monitoring.rows import Metric
from components.monitoring.security_events import security_events
from components.monitoring.tables.jobs import STREAM_LENGTH
from components.server.collector import MEASURED
from tests.alarms import JOBS

Dimensions: TypeAlias = frozenset[frozenset[str]]


def _each(names: str, *dimensions: str) -> dict[str, Dimensions]:
    """These names under each of these sets of dimensions, all as words."""
    kept = frozenset(frozenset(each.split()) for each in dimensions)
    return dict.fromkeys(names.split(), kept)


_BALANCER: Final = "LoadBalancer"
_TARGETS: Final = "LoadBalancer TargetGroup"
_CLUSTER: Final = "ClusterName"
_COUNTED: Final = " ".join(event.name for event in security_events(settings_encryption=True))
_WORKLOAD: Final = "PodName Namespace ClusterName"

AWS: Final[Mapping[str, Mapping[str, Dimensions]]] = {
    "AWS/ApplicationELB": {
        **_each(
            "ActiveConnectionCount ClientTLSNegotiationErrorCount HTTPCode_ELB_5XX_Count NewConnectionCount "
            "RejectedConnectionCount",
            _BALANCER,
        ),
        **_each(
            "HTTPCode_Target_5XX_Count RequestCount TargetResponseTime TargetTLSNegotiationErrorCount",
            _BALANCER,
            _TARGETS,
        ),
        **_each("HealthyHostCount UnHealthyHostCount", _TARGETS),
    },
    "AWS/WAFV2": _each("AllowedRequests BlockedRequests CountedRequests", "WebACL Rule Region"),
    "AWS/CertificateManager": _each("DaysToExpiry", "CertificateArn"),
    "AWS/RDS": _each(
        "CPUUtilization DatabaseConnections DiskQueueDepth FreeStorageSpace FreeableMemory MaximumUsedTransactionIDs "
        "ReadIOPS ReadLatency ReplicaLag WriteIOPS WriteLatency",
        "DBInstanceIdentifier",
    ),
    "AWS/ElastiCache": _each(
        "CPUUtilization CacheHits CacheMisses CurrConnections DatabaseMemoryUsagePercentage EngineCPUUtilization "
        "Evictions GetTypeCmds IsMaster ReplicationLag SetTypeCmds",
        "CacheClusterId",
        "CacheClusterId CacheNodeId",
    ),
    "AWS/Route53": _each("HealthCheckStatus", "HealthCheckId"),
    "CloudWatchSynthetics": _each("Duration SuccessPercent", "CanaryName"),
    "AWS/NATGateway": _each("ActiveConnectionCount BytesOutToDestination ErrorPortAllocation", "NatGatewayId"),
    "AWS/Firehose": _each("DeliveryToS3.DataFreshness IncomingRecords ThrottledRecords", "DeliveryStreamName"),
    "AWS/Logs": {
        **_each("IncomingBytes IncomingLogEvents", "LogGroupName"),
        **_each("AnomalyCount", "LogAnomalyDetector LogAnomalyPriority"),
        **_each("DeliveryErrors", "DestinationType FilterName LogGroupName"),
    },
    "ContainerInsights": {
        **_each("cluster_failed_node_count cluster_node_count", _CLUSTER),
        **_each("node_memory_utilization node_status_condition_ready", _CLUSTER, "NodeName InstanceId ClusterName"),
        **_each("replicas_desired replicas_ready", _WORKLOAD, _CLUSTER),
        **_each(
            "pod_container_status_terminated_reason_oom_killed pod_memory_utilization_over_pod_limit "
            "pod_number_of_container_restarts pod_status_pending",
            _WORKLOAD,
            _CLUSTER,
            "FullPodName PodName Namespace ClusterName",
            "Service Namespace ClusterName",
        ),
    },
}


def measured() -> Mapping[str, Dimensions]:
    """What the collector beside TMI lets through."""
    return {
        name: frozenset(frozenset(("role", *labels)) for labels in each.dimensions)
        for each in MEASURED
        for name in each.names
    }


def counted() -> Mapping[str, Dimensions]:
    """What is made of the lines with which jobs end."""
    return dict.fromkeys((STREAM_LENGTH, *(job.short_name for job in JOBS.every)), frozenset((frozenset[str](),)))


def _known(namespace: str) -> Mapping[str, Dimensions] | None:
    if namespace.startswith("TMI/"):
        if namespace.endswith("/Security"):
            return _each(_COUNTED, "")
        return counted() if namespace.endswith("/Jobs") else measured()
    return AWS.get(namespace)


def fault(metric: Metric) -> str | None:
    """Why nobody ever reports such a metric; none if somebody does."""
    known = _known(metric.namespace)
    if known is None:
        return f"no namespace {metric.namespace}"
    if metric.name not in known:
        return f"no metric {metric.name} in {metric.namespace}"
    if frozenset(metric.dimensions) not in known[metric.name]:
        return f"{metric.name} is not kept by {sorted(metric.dimensions)}"
    return None
