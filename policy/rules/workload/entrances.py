"""Entrances: the stack's own balancer is the only way in, and it holds pods of this stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policy.facts.pods import Manifest, Pod, chosen, manifests, namespace, objects, tokens, workloads
from policy.graph import Graph, Resource
from policy.rule import Description, Finding, GraphRule, ResourceRule, Severity, Undecided, Violation
from policy.rules.edge.transport import TARGET_GROUPS
from policy.values import Plain, elements, present, read

SERVICE: Final = "core/v1:Service"
_SERVICES: Final = tokens(SERVICE)
_BALANCERS_BY_CONTROLLER: Final = tokens(
    "networking.k8s.io/v1:Ingress",
    "networking.k8s.io/v1beta1:Ingress",
    "extensions/v1beta1:Ingress",
    "gateway.networking.k8s.io/v1:Gateway",
    "gateway.networking.k8s.io/v1beta1:Gateway",
)
_GATES: Final[Mapping[str, str]] = {
    "eks.amazonaws.com/v1": "eks.amazonaws.com/pod-readiness-gate-inject",
    "elbv2.k8s.aws/v1beta1": "elbv2.k8s.aws/pod-readiness-gate-inject",
}
"""By the API of a TargetGroupBinding, the label by which a namespace asks for readiness gates: EKS Auto Mode's own, and
the AWS Load Balancer Controller's. AWS does not document the first: it is the selector of Auto Mode's webhook
eks-load-balancing-webhook, as several users report it. Source of the second: AWS Load Balancer Controller, pod
readiness gate."""
_BINDINGS: Final = tuple(f"{group}:TargetGroupBinding" for group in _GATES)


def services_inside(resource: Resource) -> Iterator[Violation]:
    """No object opens a way into the cluster beside the stack's own load balancer."""
    if resource.type in _BALANCERS_BY_CONTROLLER:
        yield Violation(resource, "a controller makes a load balancer for it, which no other rule sees")
        return
    for service in manifests(resource):
        if service.get("spec", "type") not in (None, "ClusterIP"):  # absent: ClusterIP
            yield Violation(resource, "spec.type must be ClusterIP")
        if present(service.get("spec", "externalIPs")):
            yield Violation(resource, "spec.externalIPs catches traffic for any address; leave it out")


def targets_bound(graph: Graph) -> Iterator[Finding]:
    """Each binding joins pods of this stack to a target group of this stack, and holds a pod back until it is in."""
    for binding in objects(graph, *_BINDINGS):
        resource = binding.declared_by
        groups = graph.named(resource, "spec", set(TARGET_GROUPS), "targetGroupARN")
        if not groups:
            yield Violation(resource, "targetGroupARN must be a target group of this stack")
        kinds = [binding.get("spec", "targetType"), *(group.get("targetType") for group in groups)]
        if any(kind != "ip" for kind in kinds):  # absent: what the controller takes for it, perhaps ports of nodes
            yield Violation(resource, "targetType must be ip, here and in the target group")
        if present(binding.get("spec", "networking")):
            yield Violation(resource, "spec.networking lets a controller open security groups; leave it out")
        services = _services(graph, binding)
        if not services:
            yield Violation(resource, "serviceRef must name a Service of this stack, in its namespace")
        for service in services:
            yield from _bound(graph, binding, service)


def _services(graph: Graph, binding: Manifest) -> list[Manifest]:
    where, name = namespace(graph, binding), binding.get("spec", "serviceRef", "name")
    referred = graph.references(binding.declared_by, "spec", _SERVICES)
    return [
        each for each in objects(graph, SERVICE) if namespace(graph, each) == where and _is_named(each, name, referred)
    ]


def _is_named(service: Manifest, name: Plain, referred: list[Resource]) -> bool:
    """Whether a binding names a Service: by its name or, before that is known, by what the binding was made from."""
    own = service.get("metadata", "name")
    if isinstance(own, str) and isinstance(name, str):
        return own == name
    return service.declared_by in referred


def _bound(graph: Graph, binding: Manifest, service: Manifest) -> Iterator[Finding]:
    wanted = binding.get("spec", "serviceRef", "port")
    ports = elements(service.get("spec", "ports"))
    if wanted is None or not any(wanted in (read(each, "port"), read(each, "name")) for each in ports):
        yield Violation(binding.declared_by, "serviceRef.port is no port of the Service")
    pods = behind(graph, service)
    if not pods:
        yield Violation(binding.declared_by, "its Service selects no pod of this stack")
    where = graph.resources.get(namespace(graph, binding))
    group = binding.kind.partition(":")[0]
    if where is not None and where.get("metadata", "labels", _GATES[group]) == "enabled":
        return
    if not all(_waits(pod) for pod in pods):
        found = "neither the label of its namespace nor its pods ask for readiness gates"
        yield Violation(binding.declared_by, found) if where else Undecided(binding.declared_by, found)


def _waits(pod: Pod) -> bool:
    kinds = (read(each, "conditionType") for each in elements(read(pod.spec, "readinessGates")))
    return any(isinstance(kind, str) and kind.startswith("target-health.") for kind in kinds)


def behind(graph: Graph, service: Manifest) -> list[Pod]:
    """The pods that a Service selects."""
    where, selector = namespace(graph, service), service.get("spec", "selector")
    found = (pod for pod in workloads(graph) if chosen(pod.labels, selector))
    return [pod for pod in found if namespace(graph, pod.manifest) == where]


SERVICES_INSIDE: Final = ResourceRule(
    about=Description(
        id="services-inside",
        title="Services are reached from inside the cluster alone",
        severity=Severity.HIGH,
        frameworks=("WA SEC05", "NSA network separation"),
        why="A port of every node, or a balancer that a controller makes, has none of what guards the stack's own.",
        remediation="Leave the Service a ClusterIP, and bind it to a target group of the stack's load balancer.",
    ),
    types=_SERVICES | _BALANCERS_BY_CONTROLLER,
    check=services_inside,
)
TARGETS_BOUND: Final = GraphRule(
    about=Description(
        id="targets-bound",
        title="Target groups hold ready pods of this stack",
        severity=Severity.HIGH,
        frameworks=("WA REL06", "WA SEC05"),
        why="A pod counts as ready before the balancer sends it anything, so a rollout without readiness gates removes "
        "the old pods while the new ones are still unknown to it.",
        remediation="Name a Service and a target group of type ip of this stack, and label the namespace "
        "eks.amazonaws.com/pod-readiness-gate-inject: enabled.",
    ),
    check=targets_bound,
)
