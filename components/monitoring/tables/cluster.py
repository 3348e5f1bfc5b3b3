"""What is watched in the cluster: TMI's pods and the nodes, by the metrics of Container Insights.

Names and dimensions are those of the add-on's agent with enhanced observability; its `PodName` is the Deployment's.
Source: amazon-cloudwatch-agent, translator/translate/otel/exporter/awsemf/kubernetes.go; its fork of
awscontainerinsightreceiver, internal/k8sapiserver and internal/stores/podstore.go; for what a failed node is, that
fork's internal/aws/k8s/k8sclient/node.go (of December 2024; the one in the add-on was not to be had).

Of a pod's containers the agent counts restarts, ends and limits without those that Kubernetes keeps as init containers,
so without our side-cars.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from components.monitoring.rows import Alarm, Chart, Comparison, Metric, MissingData, Severity, Signal, Watched
from components.server.roles import Role

_REPAIR_MINUTES: Final = 45
"""Auto Mode replaces a node that has not been ready for 30 minutes (Amazon EKS User Guide, automatically repair nodes);
a quarter of an hour is for the new one. Our figure."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pods:
    """How many pods of a role there may be."""

    minimum: int
    """Fewer are too few."""
    maximum: int
    """As many as the autoscaler makes; the minimum where none does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Workload:
    """TMI in its cluster."""

    cluster: str
    """The cluster's name."""
    namespace: str
    """Where TMI runs."""
    pods: Mapping[Role, Pods]
    """The roles there are."""


def cluster(workload: Workload) -> Watched:
    """Nodes, and the pods of each role."""
    roles = sorted(workload.pods.items())
    return Watched(
        alarms=(*_nodes(workload), *(row for role, pods in roles for row in _pods(workload, role, pods))),
        charts=(
            Chart(
                title="Pods ready",
                signal=Signal.TRAFFIC,
                lines={role.value: _of_role(workload, role, "replicas_ready", "Minimum") for role, _ in roles},
            ),
            Chart(
                title="Nodes",
                signal=Signal.TRAFFIC,
                lines={"nodes": _of_cluster(workload, "cluster_node_count", "Maximum")},
            ),
        ),
    )


def _of_cluster(workload: Workload, name: str, statistic: str) -> Metric:
    dimensions = {"ClusterName": workload.cluster}
    return Metric(namespace="ContainerInsights", name=name, statistic=statistic, dimensions=dimensions)


def _of_role(workload: Workload, role: Role, name: str, statistic: str) -> Metric:
    return Metric(
        namespace="ContainerInsights",
        name=name,
        statistic=statistic,
        dimensions={
            "ClusterName": workload.cluster,
            "Namespace": workload.namespace,
            "PodName": role.object_name,
        },
    )


def _row(
    name: str,
    meaning: str,
    metrics: Metric | Mapping[str, Metric],
    threshold: float,
    reason: str,
    *,
    minutes: int,
    runbook: str,
    bad_minutes: int | None = None,
    graph: str | None = None,
    signal: Signal | None = None,
    expression: str | None = None,
    comparison: Comparison = Comparison.ABOVE,
) -> Alarm:
    return Alarm(
        name=name,
        meaning=meaning,
        metrics={"measured": metrics} if isinstance(metrics, Metric) else metrics,
        expression=expression,
        comparison=comparison,
        threshold=threshold,
        reason=reason,
        period_seconds=60,
        periods=minutes,
        bad_periods=bad_minutes or minutes,
        missing=MissingData.UNKNOWN,
        severity=Severity.TICKET,
        runbook=runbook,
        graph=graph,
        signal=signal,
    )


def _nodes(workload: Workload) -> tuple[Alarm, ...]:
    return (
        _row(
            "nodes-failed",
            "A node is short of memory, disk or process numbers, or nobody hears of it any more.",
            _of_cluster(workload, "cluster_failed_node_count", "Maximum"),
            0,
            "Auto Mode mends no shortage of memory or disk; what it mends is over by then "
            "(Amazon EKS User Guide, automatically repair nodes).",
            minutes=_REPAIR_MINUTES,
            runbook="nodes",
            graph="Failed nodes",
            signal=Signal.ERRORS,
        ),
        _row(
            "nodes-not-ready",
            "A node takes no pods and has not been replaced.",
            _of_cluster(workload, "node_status_condition_ready", "Minimum"),
            1,
            "Each node reports one while it is ready. Auto Mode replaces it after 30 minutes "
            "(Amazon EKS User Guide, automatically repair nodes); a quarter of an hour later it did not.",
            minutes=_REPAIR_MINUTES,
            runbook="nodes",
            comparison=Comparison.BELOW,
        ),
        _row(
            "nodes-memory",
            "The nodes are short of memory on average.",
            _of_cluster(workload, "node_memory_utilization", "Average"),
            90,
            "Percent of all memory of the nodes. Our figure.",
            minutes=15,
            runbook="nodes",
            graph="Memory of the nodes (%)",
            signal=Signal.SATURATION,
        ),
    )


def _pods(workload: Workload, role: Role, pods: Pods) -> tuple[Alarm, ...]:
    def of(name: str, statistic: str = "Maximum") -> Metric:
        return _of_role(workload, role, name, statistic)

    ceiling = _row(
        f"{role.value}-ceiling",
        f"The {role.value} has been as large as it may be for half an hour: more load makes it slow.",
        of("replicas_desired", "Minimum"),
        pods.maximum - 1,
        f"Above {pods.maximum - 1} pods it is {pods.maximum}, the maximum of `server.topology.pool`.",
        minutes=30,
        runbook="pods",
    )
    return (
        _row(
            f"{role.value}-not-ready",
            f"The {role.value} has fewer pods ready than it needs.",
            of("replicas_ready"),
            pods.minimum,
            f"{pods.minimum} at least. Our figure: a quarter of an hour is longer than a restart or a new node takes.",
            minutes=15,
            runbook="pods",
            comparison=Comparison.BELOW,
        ),
        _row(
            f"{role.value}-restarts",
            f"TMI in a pod of the {role.value} was started again: it died or did not answer.",
            of("pod_number_of_container_restarts", "Sum"),
            0,
            "Any: the agent counts those since its last look, a minute before. Seen for a quarter of an hour. A pod "
            "that is replaced has restarted nothing.",
            minutes=15,
            bad_minutes=1,
            runbook="pods",
        ),
        _row(
            f"{role.value}-out-of-memory",
            f"TMI in a pod of the {role.value} was killed because its memory was full; audit entries may be lost.",
            {
                "killed": of("pod_container_status_terminated_reason_oom_killed"),
                "restarts": of("pod_number_of_container_restarts", "Sum"),
            },
            0,
            "None is expected: pods are restarted before they are full (docs/reference/sizing.md). That a container "
            "was killed so is reported as long as its pod lives, hence only in a minute with a restart.",
            minutes=15,
            bad_minutes=1,
            runbook="pods",
            expression="IF(killed > 0, restarts, 0)",
        ),
        _row(
            f"{role.value}-pending",
            f"A pod of the {role.value} finds no node, or cannot start on it.",
            of("pod_status_pending"),
            0,
            "Our figure: a new node takes a few minutes, a quarter of an hour is more than that.",
            minutes=15,
            runbook="pods",
        ),
        _row(
            f"{role.value}-memory",
            f"A pod of the {role.value} is nearly full; when it is, it is killed.",
            of("pod_memory_utilization_over_pod_limit"),
            85,
            "Percent: what the whole pod uses, of the limit of TMI alone. Restarts are due at half of what it bears. "
            "Our figure.",
            minutes=15,
            runbook="memory-growth",
            graph="Memory of pods (% of limit)",
            signal=Signal.SATURATION,
        ),
        *((ceiling,) if pods.maximum > pods.minimum else ()),
    )
