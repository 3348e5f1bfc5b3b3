"""Entrances: the stack's own balancer is the only way in, and it meets pods that are ready and leave in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policy.graph import Graph, Resource
from policy.pods import Manifest, Pod, chosen, manifests, namespace, objects, tokens, workloads
from policy.rule import Description, Finding, GraphRule, ResourceRule, Severity, Undecided, Violation
from policy.rules.transport import TARGET_GROUPS
from policy.values import Plain, elements, present, read

_SERVICE: Final = "core/v1:Service"
_SERVICES: Final = tokens(_SERVICE)
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

_STOP_SECONDS: Final = 30
"""How long a pod has to end after it was told to, at least: Kubernetes' own default."""
_TMI_STOP_SECONDS: Final = 35
"""How long TMI takes at most. Source: TMI, cmd/server/main.go."""


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
        each for each in objects(graph, _SERVICE) if namespace(graph, each) == where and _is_named(each, name, referred)
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
    behind = _behind(graph, service)
    if not behind:
        yield Violation(binding.declared_by, "its Service selects no pod of this stack")
    where = graph.resources.get(namespace(graph, binding))
    group = binding.kind.partition(":")[0]
    if where is not None and where.get("metadata", "labels", _GATES[group]) == "enabled":
        return
    if not all(_waits(pod) for pod in behind):
        found = "neither the label of its namespace nor its pods ask for readiness gates"
        yield Violation(binding.declared_by, found) if where else Undecided(binding.declared_by, found)


def _waits(pod: Pod) -> bool:
    kinds = (read(each, "conditionType") for each in elements(read(pod.spec, "readinessGates")))
    return any(isinstance(kind, str) and kind.startswith("target-health.") for kind in kinds)


def _behind(graph: Graph, service: Manifest) -> list[Pod]:
    """The pods that a Service selects."""
    where, selector = namespace(graph, service), service.get("spec", "selector")
    found = (pod for pod in workloads(graph) if chosen(pod.labels, selector))
    return [pod for pod in found if namespace(graph, pod.manifest) == where]


def served_pods_ready(graph: Graph) -> Iterator[Violation]:
    """Each pod behind a Service says when it is ready, in TLS, and serves until nobody asks it any more."""
    for service in objects(graph, _SERVICE):
        ports = [
            each
            for port in elements(service.get("spec", "ports"))
            for each in (read(port, "port" if read(port, "targetPort") is None else "targetPort"), read(port, "name"))
        ]
        for pod in _behind(graph, service):
            yield from (Violation(pod.holder, fault) for fault in _unready(pod, ports))


def _unready(pod: Pod, ports: list[Plain]) -> Iterator[str]:
    staying = [each for each in pod.containers() if each.stays]
    probes = [each.get("readinessProbe") for each in staying]
    if not any(_asks(probe, ports) for probe in probes):
        yield "no readinessProbe asks on the port of its Service"
    for each in staying:
        for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
            request = each.get(probe, "httpGet")
            if request is not None and read(request, "scheme") != "HTTPS":  # absent: HTTP
                yield f"{each.where}: {probe}.httpGet.scheme must be HTTPS"
    waits = [stop for each in staying if (stop := each.get("lifecycle", "preStop")) is not None]
    if not waits:
        yield "no container waits in preStop, so the pod stops while it is still asked"
    pauses = [seconds if isinstance(seconds := read(each, "sleep", "seconds"), int) else 0 for each in waits]
    needed = max(pauses, default=0) + (_TMI_STOP_SECONDS if pod.labelled(name="tmi") else _STOP_SECONDS)
    stated = read(pod.spec, "terminationGracePeriodSeconds")
    grace = _STOP_SECONDS if stated is None else stated
    if not isinstance(grace, int) or grace < needed:
        yield f"terminationGracePeriodSeconds must be {needed} or more: what it waits, and the time to stop"


def _asks(probe: Plain, ports: list[Plain]) -> bool:
    """Whether a probe asks on one of these ports; what a command asks cannot be seen, so it counts."""
    if present(read(probe, "exec")):
        return True
    asked = [read(probe, action, "port") for action in ("httpGet", "tcpSocket", "grpc")]
    return any(port is not None and port in ports for port in asked)


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
SERVED_PODS_READY: Final = GraphRule(
    about=Description(
        id="served-pods-ready",
        title="Pods behind a Service say when they are ready, and leave in order",
        severity=Severity.MEDIUM,
        frameworks=("WA REL06", "WA REL11", "WA SEC09"),
        why="What is not ready is asked all the same, and what stops at once fails those who do not know yet.",
        remediation="Give a readinessProbe of scheme HTTPS on the Service's port, a preStop that waits until the "
        "balancer has noticed, and a terminationGracePeriodSeconds for both that and the stop.",
    ),
    check=served_pods_ready,
)
