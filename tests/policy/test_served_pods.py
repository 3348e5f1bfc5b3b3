"""Served pods: ready, asked by TLS, and in no hurry to leave."""

from __future__ import annotations

import pytest

from policy.graph import Resource
from policy.rules.workload.served_pods import SERVED_PODS_ASKED_BY_TLS, SERVED_PODS_LEAVE, SERVED_PODS_READY
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource
from tests.policy.mutations.changing import changed
from tests.policy.pods import HUB, OTHER, POD, deployment, faults, pod_with, probe

RULES = (SERVED_PODS_READY, SERVED_PODS_ASKED_BY_TLS, SERVED_PODS_LEAVE)


def service(labels: Plain = HUB, ports: Plain = None, namespace: Plain = "tmi") -> Resource:
    known: Plain = ports if ports is not None else [{"name": "https", "port": 8443, "targetPort": 8443}]
    spec: Plain = {"selector": labels, "ports": known}
    return resource(
        "kubernetes:core/v1:Service", "service", {"metadata": {"name": "tmi", "namespace": namespace}, "spec": spec}
    )


UNREADY = "no readinessProbe asks on the port of its Service"
HASTY = "no container waits in preStop, so the pod stops while it is still asked"


def ready(pod: Plain, around: Resource | None = None, labels: Plain = HUB) -> list[str]:
    served = (deployment(labels, pod), around or service(labels))
    return [message for rule in RULES for message in faults(rule, *served)]


@pytest.mark.parametrize(
    ("readiness", "ports", "expected"),
    [
        (probe(), None, []),
        ({"tcpSocket": {"port": 8443}}, None, []),
        ({"exec": {"command": ["ready"]}}, None, []),
        (probe(), [{"port": 443, "targetPort": 8443}], []),
        (probe(), [{"port": 8443}], []),
        ({"grpc": {"port": 8443}}, None, []),
        ({"tcpSocket": {"port": "https"}}, [{"name": "https", "port": 443, "targetPort": "https"}], []),
        (probe(), [{"port": 8443, "targetPort": 9443}], [UNREADY]),
        (None, None, [UNREADY]),
        ({"tcpSocket": {"port": UNKNOWN}}, None, [UNREADY]),
        ({}, None, [UNREADY]),
    ],
)
def test_a_pod_says_when_it_is_ready(readiness: Plain, ports: Plain, expected: list[str]) -> None:
    assert ready(pod_with("containers", "0", "readinessProbe", to=readiness), service(HUB, ports)) == expected


def test_a_side_car_may_answer_for_the_pod() -> None:
    silent = pod_with("containers", "0", "readinessProbe", to=None)
    for policy, expected in (("Always", []), (None, [UNREADY])):
        car: Plain = [{"restartPolicy": policy, "readinessProbe": probe()}]
        assert ready(changed(silent, ("initContainers",), car)) == expected


@pytest.mark.parametrize("which", ["livenessProbe", "readinessProbe", "startupProbe"])
@pytest.mark.parametrize(("scheme", "passes"), [("HTTPS", True), ("HTTP", False), (None, False), (UNKNOWN, False)])
def test_pods_are_asked_in_tls(which: str, scheme: Plain, *, passes: bool) -> None:
    found = ready(pod_with("containers", "0", which, "httpGet", "scheme", to=scheme))
    assert found == ([] if passes else [f"containers, number 1: {which}.httpGet.scheme must be HTTPS"])


@pytest.mark.parametrize(
    ("labels", "grace", "needed"),
    [
        (HUB, 60, 0),
        (HUB, 55, 0),
        (HUB, 54, 55),
        (HUB, None, 55),
        (HUB, UNKNOWN, 55),
        (HUB, "60", 55),
        (OTHER, 50, 0),
        (OTHER, 49, 50),
    ],
)
def test_a_pod_has_time_to_stop(labels: Plain, grace: Plain, needed: int) -> None:
    message = f"terminationGracePeriodSeconds must be {needed} or more: what it waits, and the time to stop"
    assert ready(pod_with("terminationGracePeriodSeconds", to=grace), labels=labels) == ([message] if needed else [])


def test_a_pod_waits_before_it_stops() -> None:
    assert ready(pod_with("containers", "0", "lifecycle", to=None)) == [HASTY]
    command: Plain = {"preStop": {"exec": {"command": ["sleep", "20"]}}}
    assert ready(pod_with("containers", "0", "lifecycle", to=command)) == []


def test_what_no_service_selects_needs_none_of_it() -> None:
    bare: Plain = {"containers": [{}]}
    for rule in RULES:
        assert faults(rule, deployment(HUB, bare), service(OTHER)) == []
        assert faults(rule, deployment(HUB, bare), service(HUB, namespace="other")) == []
        assert faults(rule, deployment(HUB, bare)) == []
    assert len(ready(bare)) > 1
    assert ready(POD) == []
