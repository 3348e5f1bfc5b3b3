from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policy.rules.workload.hosts import PODS_OFF_THE_HOST
from policy.rules.workload.pods import NAMESPACES_RESTRICTED, PODS_RESTRICTED
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

CONTAINER: dict[str, Any] = {
    "name": "it",
    "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
}
POD: dict[str, Any] = {
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [CONTAINER],
}
BAD_POD: dict[str, Any] = POD | {"hostNetwork": True, "containers": []}
NOT_ALLOWED = "is not what the restricted level allows"
NOT_BASELINE = "is not what the baseline level allows"


def in_template(pod: Plain) -> dict[str, Plain]:
    return {"spec": {"template": {"spec": pod}}}


def in_job(pod: Plain) -> dict[str, Plain]:
    return {"spec": {"jobTemplate": in_template(pod)}}


def bare(pod: Plain) -> dict[str, Plain]:
    return {"spec": pod}


def template(pod: Plain) -> dict[str, Plain]:
    return {"template": {"spec": pod}}


WHERE: dict[str, Callable[[Plain], dict[str, Plain]]] = {
    "core/v1:Pod": bare,
    "core/v1:PodTemplate": template,
    "core/v1:ReplicationController": in_template,
    "apps/v1:Deployment": in_template,
    "apps/v1:StatefulSet": in_template,
    "apps/v1:DaemonSet": in_template,
    "apps/v1:ReplicaSet": in_template,
    "apps/v1beta1:Deployment": in_template,
    "extensions/v1beta1:DaemonSet": in_template,
    "batch/v1:Job": in_template,
    "batch/v1:CronJob": in_job,
    "batch/v1beta1:CronJob": in_job,
}


def faults(pod: Plain) -> list[str]:
    it = resource("kubernetes:core/v1:Pod", "it", {"spec": pod})
    return [message for rule in (PODS_RESTRICTED, PODS_OFF_THE_HOST) for _, message in violations(rule, it)]


def of_container(**security_context: Plain) -> list[str]:
    context = {**CONTAINER["securityContext"], **security_context}
    prefix = "containers, number 1: "
    found = faults(POD | {"containers": [CONTAINER | {"securityContext": context}]})
    assert all(message.startswith(prefix) for message in found)
    return [
        message.removeprefix(prefix).removesuffix(f" {NOT_ALLOWED}").removesuffix(f" {NOT_BASELINE}")
        for message in found
    ]


@pytest.mark.parametrize("kind", WHERE)
@pytest.mark.parametrize("form", ["", "Patch"])
def test_every_kind_and_its_patch(kind: str, form: str) -> None:
    token = f"kubernetes:{kind}{form}"
    for rule in (PODS_RESTRICTED, PODS_OFF_THE_HOST):
        assert violations(rule, resource(token, "it", WHERE[kind](POD))) == []
    bad = resource(token, "it", WHERE[kind](BAD_POD))
    assert violations(PODS_OFF_THE_HOST, bad) == [("it", f"hostNetwork {NOT_BASELINE}")]
    assert violations(PODS_RESTRICTED, bad) == [("it", f"containers {NOT_ALLOWED}")]


@pytest.mark.parametrize("kind", WHERE)
def test_every_list(kind: str) -> None:
    items: list[Plain] = [WHERE[kind](POD), WHERE[kind](BAD_POD)]
    listed = resource(f"kubernetes:{kind}List", "it", {"items": items})
    assert violations(PODS_OFF_THE_HOST, listed) == [("it", f"hostNetwork {NOT_BASELINE}")]
    assert violations(PODS_RESTRICTED, listed) == [("it", f"containers {NOT_ALLOWED}")]


def test_a_patch_that_leaves_the_pods_alone_passes() -> None:
    patch = resource("kubernetes:apps/v1:DeploymentPatch", "it", {"metadata": {"annotations": {}}})
    assert violations(PODS_RESTRICTED, patch) == []
    assert violations(PODS_OFF_THE_HOST, patch) == []


@pytest.mark.parametrize("pod", [None, UNKNOWN, "pod", [], 7])
def test_a_pod_that_cannot_be_read_is_refused(pod: Plain) -> None:
    assert faults(pod) == ["its pod specification is absent or cannot be read"]


@pytest.mark.parametrize(
    ("path", "bad"),
    [
        *((flag, value) for flag in ("hostNetwork", "hostPID", "hostIPC") for value in (True, UNKNOWN, "false")),
        ("containers", []),
        ("containers", None),
        ("containers", {}),
    ],
)
def test_the_pod(path: str, bad: Plain) -> None:
    level = NOT_ALLOWED if path == "containers" else NOT_BASELINE
    assert f"{path} {level}" in faults(POD | {path: bad})
    assert path == "containers" or faults(POD | {path: False}) == []


@pytest.mark.parametrize(
    ("path", "value", "allowed"),
    [
        ("sysctls", [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}], True),
        ("sysctls", [{"name": "kernel.msgmax", "value": "1"}], False),
        ("sysctls", UNKNOWN, False),
        ("windowsOptions", {"hostProcess": True}, False),
        ("seLinuxOptions", {"type": "container_t", "level": "s0"}, True),
        ("seLinuxOptions", {"type": "spc_t"}, False),
        ("seLinuxOptions", {"user": "root"}, False),
        ("appArmorProfile", {"type": "RuntimeDefault"}, True),
        ("appArmorProfile", {"type": "Unconfined"}, False),
        ("runAsUser", 1000, True),
        ("runAsUser", 0, False),
        ("runAsUser", True, False),
        ("runAsUser", UNKNOWN, False),
        ("runAsUser", "1000", False),
    ],
)
def test_the_pods_security_context(path: str, value: Plain, *, allowed: bool) -> None:
    found = faults(POD | {"securityContext": {**POD["securityContext"], path: value}})
    assert (found == []) is allowed
    assert all(message.startswith(f"securityContext.{path}") for message in found)


@pytest.mark.parametrize("containers", ["containers", "initContainers", "ephemeralContainers"])
def test_every_list_of_containers(containers: str) -> None:
    bad = CONTAINER | {"securityContext": {**CONTAINER["securityContext"], "privileged": True}}
    found = faults({**POD, containers: [CONTAINER, bad]})
    assert found == [f"{containers}, number 2: securityContext.privileged {NOT_BASELINE}"]


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({"privileged": False}, []),
        ({"privileged": UNKNOWN}, ["securityContext.privileged"]),
        ({"allowPrivilegeEscalation": None}, ["securityContext.allowPrivilegeEscalation"]),
        ({"allowPrivilegeEscalation": True}, ["securityContext.allowPrivilegeEscalation"]),
        ({"allowPrivilegeEscalation": UNKNOWN}, ["securityContext.allowPrivilegeEscalation"]),
        ({"capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}}, []),
        ({"capabilities": {"drop": ["ALL"], "add": ["NET_RAW"]}}, ["securityContext.capabilities.add"]),
        ({"capabilities": {"drop": ["ALL"], "add": UNKNOWN}}, ["securityContext.capabilities.add"]),
        ({"capabilities": {"drop": ["NET_RAW"]}}, ["securityContext.capabilities.drop"]),
        ({"capabilities": None}, ["securityContext.capabilities.drop"]),
        ({"capabilities": {"drop": "ALL"}}, ["securityContext.capabilities.drop"]),
        ({"procMount": "Unmasked"}, ["securityContext.procMount"]),
        ({"windowsOptions": {"hostProcess": True}}, ["securityContext.windowsOptions.hostProcess"]),
        ({"seLinuxOptions": {"role": "r"}}, ["securityContext.seLinuxOptions"]),
        ({"appArmorProfile": UNKNOWN}, ["securityContext.appArmorProfile"]),
        ({"runAsUser": 0}, ["securityContext.runAsUser"]),
        ({"runAsNonRoot": False}, ["securityContext.runAsNonRoot"]),
        ({"seccompProfile": {"type": "Unconfined"}}, ["securityContext.seccompProfile.type"]),
        ({"seccompProfile": {"type": "Localhost"}}, []),
    ],
)
def test_a_containers_security_context(context: dict[str, Plain], expected: list[str]) -> None:
    assert of_container(**context) == expected


def test_the_containers_value_wins_and_the_pods_holds_where_it_is_silent() -> None:
    without: dict[str, Any] = {**POD, "securityContext": {}}
    assert [message.split()[3] for message in faults(without)] == [
        "securityContext.runAsNonRoot",
        "securityContext.seccompProfile.type",
    ]
    own = {**CONTAINER["securityContext"], "runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    assert faults(without | {"containers": [CONTAINER | {"securityContext": own}]}) == []


@pytest.mark.parametrize(
    ("volume", "allowed"),
    [
        *(({"name": "v", kind: {}}, True) for kind in ("configMap", "csi", "emptyDir", "projected", "secret")),
        ({"name": "v", "emptyDir": {}, "hostPath": None}, True),
        ({"name": "v", "hostPath": {"path": "/"}}, False),
        ({"name": "v", "hostPath": {}}, False),
        ({"name": "v", "nfs": {}}, False),
        (UNKNOWN, False),
    ],
)
def test_volumes(volume: Plain, *, allowed: bool) -> None:
    assert (faults(POD | {"volumes": [volume]}) == []) is allowed


@pytest.mark.parametrize(
    ("container", "allowed"),
    [
        ({"ports": [{"containerPort": 8443}]}, True),
        ({"ports": [{"containerPort": 8443, "hostPort": 0}]}, True),
        ({"ports": [{"containerPort": 8443, "hostPort": 8443}]}, False),
        ({"ports": UNKNOWN}, False),
        ({"livenessProbe": {"httpGet": {"path": "/", "port": 8443}}}, True),
        ({"livenessProbe": {"httpGet": {"host": "example.com"}}}, False),
        ({"startupProbe": {"tcpSocket": {"host": UNKNOWN}}}, False),
        ({"lifecycle": {"preStop": {"sleep": {"seconds": 5}}}}, True),
        ({"lifecycle": {"postStart": {"httpGet": {"host": "example.com"}}}}, False),
    ],
)
def test_ports_and_probes(container: dict[str, Any], *, allowed: bool) -> None:
    assert (faults(POD | {"containers": [CONTAINER | container]}) == []) is allowed


def test_a_container_that_cannot_be_read_is_refused() -> None:
    assert faults(POD | {"containers": [UNKNOWN]}) != []
    assert faults(POD | {"initContainers": "x"}) != []


ENFORCE = "pod-security.kubernetes.io/enforce"


@pytest.mark.parametrize(
    ("form", "labels", "allowed"),
    [
        ("", {ENFORCE: "restricted"}, True),
        ("", {ENFORCE: "baseline"}, False),
        ("", {ENFORCE: UNKNOWN}, False),
        ("", {}, False),
        ("", None, False),
        ("", UNKNOWN, False),
        ("Patch", {}, True),
        ("Patch", {ENFORCE: "privileged"}, False),
    ],
)
def test_namespaces(form: str, labels: Plain, *, allowed: bool) -> None:
    token = f"kubernetes:core/v1:Namespace{form}"
    found = violations(NAMESPACES_RESTRICTED, resource(token, "it", {"metadata": {"labels": labels}}))
    assert found == ([] if allowed else [("it", f"its label {ENFORCE} must be restricted")])


def test_what_only_looks_like_a_pod_is_not_judged() -> None:
    assert violations(PODS_RESTRICTED, resource("kubernetes:batch.volcano.sh/v1alpha1:Job", "it")) == []
