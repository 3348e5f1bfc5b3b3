"""Served pods: what stands behind a Service is ready when it is asked, asked by TLS, and leaves in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.pods import Container, Manifest, Pod, objects
from policy.graph import Graph
from policy.rule import Description, GraphRule, Severity, Violation
from policy.rules.workload.entrances import SERVICE, behind
from policy.values import Plain, elements, present, read

_STOP_SECONDS: Final = 30
"""How long a pod has to end after it was told to, at least: Kubernetes' own default."""
_TMI_STOP_SECONDS: Final = 35
"""How long TMI takes at most. Source: TMI, cmd/server/main.go."""
_PROBES: Final = ("livenessProbe", "readinessProbe", "startupProbe")


def served_pods_ready(graph: Graph) -> Iterator[Violation]:
    """Each pod behind a Service says on the Service's port when it is ready."""
    for service, pod in _served(graph):
        ports = [
            each
            for port in elements(service.get("spec", "ports"))
            for each in (read(port, "port" if read(port, "targetPort") is None else "targetPort"), read(port, "name"))
        ]
        if not any(_asks(each.get("readinessProbe"), ports) for each in _staying(pod)):
            yield Violation(pod.holder, "no readinessProbe asks on the port of its Service")


def _served(graph: Graph) -> Iterator[tuple[Manifest, Pod]]:
    for service in objects(graph, SERVICE):
        for pod in behind(graph, service):
            yield service, pod


def _staying(pod: Pod) -> list[Container]:
    return [each for each in pod.containers() if each.stays]


def _asks(probe: Plain, ports: list[Plain]) -> bool:
    """Whether a probe asks on one of these ports; what a command asks cannot be seen, so it counts."""
    if present(read(probe, "exec")):
        return True
    asked = [read(probe, action, "port") for action in ("httpGet", "tcpSocket", "grpc")]
    return any(port is not None and port in ports for port in asked)


def served_pods_asked_by_tls(graph: Graph) -> Iterator[Violation]:
    """What serves TLS to the balancer serves it to the kubelet."""
    for _, pod in _served(graph):
        for each in _staying(pod):
            for probe in _PROBES:
                request = each.get(probe, "httpGet")
                if request is not None and read(request, "scheme") != "HTTPS":  # absent: HTTP
                    yield Violation(pod.holder, f"{each.where}: {probe}.httpGet.scheme must be HTTPS")


def served_pods_leave(graph: Graph) -> Iterator[Violation]:
    """Each pod behind a Service serves until nobody asks it any more, and has the time to stop after that."""
    for _, pod in _served(graph):
        yield from (Violation(pod.holder, fault) for fault in _hasty(pod))


def _hasty(pod: Pod) -> Iterator[str]:
    waits = [stop for each in _staying(pod) if (stop := each.get("lifecycle", "preStop")) is not None]
    if not waits:
        yield "no container waits in preStop, so the pod stops while it is still asked"
    pauses = [seconds if isinstance(seconds := read(each, "sleep", "seconds"), int) else 0 for each in waits]
    needed = max(pauses, default=0) + (_TMI_STOP_SECONDS if pod.labelled(name="tmi") else _STOP_SECONDS)
    stated = read(pod.spec, "terminationGracePeriodSeconds")
    grace = _STOP_SECONDS if stated is None else stated
    if not isinstance(grace, int) or grace < needed:
        yield f"terminationGracePeriodSeconds must be {needed} or more: what it waits, and the time to stop"


SERVED_PODS_READY: Final = GraphRule(
    about=Description(
        id="served-pods-ready",
        title="Pods behind a Service say when they are ready",
        severity=Severity.MEDIUM,
        frameworks=("WA REL06", "WA REL11"),
        why="What is not ready is asked all the same.",
        remediation="Give a readinessProbe on the Service's port.",
    ),
    check=served_pods_ready,
)
SERVED_PODS_ASKED_BY_TLS: Final = GraphRule(
    about=Description(
        id="served-pods-asked-by-tls",
        title="Probes ask the pods behind a Service by TLS",
        severity=Severity.MEDIUM,
        frameworks=("WA SEC09", "FSBP ELB.21"),
        why="A probe in plaintext needs a port that answers plaintext, which others find as well.",
        remediation="Set httpGet.scheme to HTTPS in each probe.",
    ),
    check=served_pods_asked_by_tls,
)
SERVED_PODS_LEAVE: Final = GraphRule(
    about=Description(
        id="served-pods-leave-in-order",
        title="Pods behind a Service leave in order",
        severity=Severity.MEDIUM,
        frameworks=("WA REL06", "WA REL11"),
        why="What stops at once fails those who do not know yet.",
        remediation="Give a preStop that waits until the balancer has noticed, and a terminationGracePeriodSeconds for "
        "both that and the stop.",
    ),
    check=served_pods_leave,
)
