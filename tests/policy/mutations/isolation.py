"""Changes that break the rules of namespaces, network policies and the ways in."""

from __future__ import annotations

from typing import Final

from policy.graph import Graph, Resource
from policy.values import Plain, elements
from tests.policy.mutations.changing import Mutation, first, gone, setting, with_value, without
from tests.policy.mutations.replication import TEMPLATE, in_container, in_hub

_CRON_JOB: Final = "kubernetes:batch/v1:CronJob"
_POLICY: Final = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
_NODE_CLASS: Final = "kubernetes:eks.amazonaws.com/v1:NodeClass"
_NAMESPACE: Final = "kubernetes:core/v1:Namespace"
_SERVICE: Final = "kubernetes:core/v1:Service"
_BINDING: Final = "kubernetes:eks.amazonaws.com/v1:TargetGroupBinding"
_EVERYWHERE: Final[Plain] = [{"ports": [{"port": 8443, "protocol": "TCP"}]}]
_METADATA: Final[Plain] = [
    {"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}], "ports": [{"port": 443}]}
]
_UNGATED: Final[Plain] = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/enforce-version": "v1.35",
}


def _is_closed(policy: Resource) -> bool:
    return not any(elements(policy.get("spec", way)) for way in ("ingress", "egress"))


def _lets_in(policy: Resource) -> bool:
    return bool(elements(policy.get("spec", "ingress"))) and policy.get("spec", "podSelector") != {}


def _is_tmis(namespace: Resource) -> bool:
    return namespace.get("metadata", "name") == "tmi"


def _open_namespace(graph: Graph) -> Graph:
    """No policy closes the namespace of the hub."""
    return without(graph, next(each for each in graph.of_type(_POLICY) if _is_closed(each)))


def _unselected(graph: Graph) -> Graph:
    """No policy is for the job by the clock any more: it has another label."""
    job = first(graph, _CRON_JOB)
    path = ("spec", "jobTemplate", "spec", "template", "metadata", "labels")
    return with_value(graph, job, path, {"app.kubernetes.io/component": "another"})


def _unenforced(graph: Graph) -> Graph:
    found = [
        each
        for each in graph.of_type("kubernetes:core/v1:ConfigMap")
        if each.get("metadata", "name") == "amazon-vpc-cni"
    ]
    return without(graph, found[0])


ISOLATION: Final = (
    Mutation("namespaces-bounded", "pods take what they like", gone("kubernetes:core/v1:ResourceQuota")),
    Mutation("namespaces-bounded", "containers have no default", gone("kubernetes:core/v1:LimitRange")),
    Mutation("workloads-isolated", "the namespace is open", _open_namespace),
    Mutation("workloads-isolated", "no policy is for a job", _unselected),
    Mutation(
        "network-policies-narrow",
        "everybody is let in",
        setting(_POLICY, "spec", "ingress", to=_EVERYWHERE, where=_lets_in),
    ),
    Mutation(
        "network-policies-narrow",
        "credentials of the node are in reach",
        setting(_POLICY, "spec", "egress", to=_METADATA, where=_lets_in),
    ),
    Mutation("network-policies-enforced", "policies are accepted and ignored", _unenforced),
    Mutation(
        "network-policies-enforced", "nodes allow by default", setting(_NODE_CLASS, "spec", "networkPolicy", to=None)
    ),
    Mutation("services-inside", "a port of every node is open", setting(_SERVICE, "spec", "type", to="NodePort")),
    Mutation(
        "targets-bound",
        "a pod is replaced before the balancer knows its successor",
        setting(_NAMESPACE, "metadata", "labels", to=_UNGATED, where=_is_tmis),
    ),
    Mutation("targets-bound", "nodes are targets", setting(_BINDING, "spec", "targetType", to="instance")),
    Mutation("served-pods-ready", "nobody asks whether it is ready", in_container("readinessProbe", to=None)),
    Mutation(
        "served-pods-asked-by-tls",
        "pods are probed in plaintext",
        in_container("readinessProbe", "httpGet", "scheme", to=None),
    ),
    Mutation(
        "served-pods-leave-in-order",
        "TMI is killed while it stops",
        in_hub(*TEMPLATE, "terminationGracePeriodSeconds", to=50),
    ),
)
