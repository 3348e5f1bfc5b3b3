"""Entrances: no way in beside the balancer, and pods that are ready for it."""

from __future__ import annotations

import pytest

from policy.graph import Resource
from policy.rules.workload.entrances import SERVICES_INSIDE, TARGETS_BOUND
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource, undecided
from tests.policy.mutations.changing import changed
from tests.policy.pods import HUB, NAMESPACE, OTHER, deployment, faults, named, pod_with

SERVICE = "kubernetes:core/v1:Service"
INSIDE = "spec.type must be ClusterIP"


@pytest.mark.parametrize(
    ("kind", "passes"),
    [
        ("ClusterIP", True),
        (None, True),
        ("NodePort", False),
        ("LoadBalancer", False),
        ("ExternalName", False),
        (UNKNOWN, False),
        (7, False),
    ],
)
def test_a_service_is_inside(kind: Plain, *, passes: bool) -> None:
    found = faults(SERVICES_INSIDE, resource(SERVICE, "it", {"spec": {"type": kind}}))
    assert found == ([] if passes else [INSIDE])


@pytest.mark.parametrize(
    ("addresses", "passes"), [(None, True), ([], True), (["203.0.113.1"], False), (UNKNOWN, False)]
)
def test_a_service_catches_no_address(addresses: Plain, *, passes: bool) -> None:
    found = faults(SERVICES_INSIDE, resource(SERVICE, "it", {"spec": {"externalIPs": addresses}}))
    assert found == ([] if passes else ["spec.externalIPs catches traffic for any address; leave it out"])


@pytest.mark.parametrize("token", ["networking.k8s.io/v1:Ingress", "gateway.networking.k8s.io/v1:Gateway"])
def test_no_controller_makes_a_balancer(token: str) -> None:
    assert len(faults(SERVICES_INSIDE, resource(f"kubernetes:{token}", "it"))) == 1


def service(labels: Plain = HUB, ports: Plain = None, namespace: Plain = "tmi", name: Plain = "tmi") -> Resource:
    known: Plain = ports if ports is not None else [{"name": "https", "port": 8443, "targetPort": 8443}]
    properties: dict[str, Plain] = {
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"selector": labels, "ports": known},
    }
    return resource(SERVICE, "service", properties)


TARGETS = resource("aws:lb/targetGroup:TargetGroup", "targets", {"targetType": "ip", "id": "arn:targets"})
AROUND = (NAMESPACE, TARGETS, deployment())


def binding(*path: str, to: Plain = None, group: str = "eks.amazonaws.com/v1") -> Resource:
    reference: Plain = {"name": "tmi", "port": 8443}
    spec: Plain = {"targetGroupARN": "arn:targets", "targetType": "ip", "serviceRef": reference}
    properties = {**named("binding"), "spec": changed(spec, path, to) if path else spec}
    return resource(f"kubernetes:{group}:TargetGroupBinding", "binding", properties)


FOREIGN = "targetGroupARN must be a target group of this stack"
NO_IP = "targetType must be ip, here and in the target group"
NO_SERVICE = "serviceRef must name a Service of this stack, in its namespace"
NO_PORT = "serviceRef.port is no port of the Service"


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ((), None, []),
        (("targetGroupARN",), "arn:other", [FOREIGN]),
        (("targetGroupARN",), UNKNOWN, [FOREIGN]),
        (("targetGroupARN",), None, [FOREIGN]),
        (("targetType",), "instance", [NO_IP]),
        (("targetType",), None, [NO_IP]),
        (("targetType",), UNKNOWN, [NO_IP]),
        (("networking",), {"ingress": []}, ["spec.networking lets a controller open security groups; leave it out"]),
        (("serviceRef", "name"), "other", [NO_SERVICE]),
        (("serviceRef", "name"), UNKNOWN, [NO_SERVICE]),
        (("serviceRef",), None, [NO_SERVICE]),
        (("serviceRef", "port"), "https", []),
        (("serviceRef", "port"), 443, [NO_PORT]),
        (("serviceRef", "port"), None, [NO_PORT]),
        (("serviceRef", "port"), UNKNOWN, [NO_PORT]),
    ],
)
def test_a_binding(path: tuple[str, ...], value: Plain, expected: list[str]) -> None:
    assert faults(TARGETS_BOUND, *AROUND, service(), binding(*path, to=value)) == expected


def test_a_binding_is_followed_by_reference_in_a_preview() -> None:
    unknown = made_from(binding("serviceRef", to={"name": UNKNOWN, "port": 8443}), "spec", TARGETS, service())
    assert faults(TARGETS_BOUND, *AROUND, service(), unknown) == []
    other = made_from(binding("serviceRef", "name", to="other"), "spec", TARGETS, service())
    assert faults(TARGETS_BOUND, *AROUND, service(), other) == [NO_SERVICE]


def test_a_target_group_is_of_addresses() -> None:
    nodes = resource(TARGETS.type, "targets", {"targetType": "instance", "id": "arn:targets"})
    assert faults(TARGETS_BOUND, NAMESPACE, nodes, deployment(), service(), binding()) == [NO_IP]


@pytest.mark.parametrize("behind", [service(OTHER), service(UNKNOWN), service(None), service({})])
def test_a_service_without_pods(behind: Resource) -> None:
    assert faults(TARGETS_BOUND, *AROUND, behind, binding()) == ["its Service selects no pod of this stack"]


def test_a_service_of_another_namespace_is_another() -> None:
    assert faults(TARGETS_BOUND, *AROUND, service(namespace="other"), binding()) == [NO_SERVICE]


UNGATED = "neither the label of its namespace nor its pods ask for readiness gates"


@pytest.mark.parametrize(
    ("labels", "group", "passes"),
    [
        ({"eks.amazonaws.com/pod-readiness-gate-inject": "enabled"}, "eks.amazonaws.com/v1", True),
        ({"elbv2.k8s.aws/pod-readiness-gate-inject": "enabled"}, "elbv2.k8s.aws/v1beta1", True),
        ({"elbv2.k8s.aws/pod-readiness-gate-inject": "enabled"}, "eks.amazonaws.com/v1", False),
        ({"eks.amazonaws.com/pod-readiness-gate-inject": "true"}, "eks.amazonaws.com/v1", False),
        ({"eks.amazonaws.com/pod-readiness-gate-inject": UNKNOWN}, "eks.amazonaws.com/v1", False),
        (None, "eks.amazonaws.com/v1", False),
        (UNKNOWN, "eks.amazonaws.com/v1", False),
    ],
)
def test_readiness_gates(labels: Plain, group: str, *, passes: bool) -> None:
    space = resource(NAMESPACE.type, "namespace", {"metadata": {"name": "tmi", "labels": labels}})
    bound = binding(group=group)
    assert faults(TARGETS_BOUND, space, TARGETS, deployment(), service(), bound) == ([] if passes else [UNGATED])
    gate: Plain = [{"conditionType": "target-health.elbv2.k8s.aws/tmi"}]
    gated = deployment(HUB, pod_with("readinessGates", to=gate))
    assert faults(TARGETS_BOUND, space, TARGETS, gated, service(), bound) == []


def test_readiness_gates_of_a_namespace_of_another_stack_cannot_be_told() -> None:
    assert undecided(TARGETS_BOUND, TARGETS, deployment(), service(), binding()) == ["binding"]
    assert faults(TARGETS_BOUND, TARGETS, deployment(), service(), binding()) == []
