"""Workloads: pods meet the restricted level of the Kubernetes Pod Security Standards.

The standards are at https://kubernetes.io/docs/concepts/security/pod-security-standards/. The API server judges pods by
the label of their namespace; these rules judge them before there is a cluster, and see to the label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from policy.facts.pods import CONTAINER_LISTS, POD_TYPES, manifests, pods, tokens
from policy.graph import Resource
from policy.rule import Description, ResourceRule, Severity, Violation
from policy.values import Plain, elements, present, read

_NAMESPACES: Final = tokens("core/v1:Namespace")
_ENFORCE: Final = "pod-security.kubernetes.io/enforce"

_SAFE_SYSCTLS: Final = frozenset(
    {
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.tcp_wmem",
    }
)
_VOLUMES: Final = frozenset(
    {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
)
_SELINUX_TYPES: Final = (None, "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")
_CONFINED: Final = ("RuntimeDefault", "Localhost")
_HANDLERS: Final = (
    ("livenessProbe",),
    ("readinessProbe",),
    ("startupProbe",),
    ("lifecycle", "postStart"),
    ("lifecycle", "preStop"),
)

Demand: TypeAlias = tuple[str, Callable[[Plain], bool]]


def pods_restricted(resource: Resource) -> Iterator[Violation]:
    """Each pod specification of a resource of any kind that can hold one."""
    for pod in pods(resource):
        yield from (Violation(resource, fault) for fault in _pod_faults(pod.spec))


def namespaces_restricted(resource: Resource) -> Iterator[Violation]:
    """Each namespace has the API server refuse what is not restricted, whoever declares it."""
    for each in manifests(resource):
        # A patch that leaves the label alone leaves it as it was.
        label = each.get("metadata", "labels", _ENFORCE)
        if label != "restricted" and (each.whole or label is not None):
            yield Violation(resource, f"its label {_ENFORCE} must be restricted")


def _pod_faults(pod: Plain) -> Iterator[str]:
    if not isinstance(pod, Mapping):
        yield "its pod specification is absent or cannot be read"
        return
    for path, holds in _OF_A_POD:
        if not holds(read(pod, *path.split("."))):
            yield f"{path} is not what the restricted level allows"
    for volume in elements(pod.get("volumes")):
        if (
            not isinstance(volume, Mapping)
            or not {key for key in volume if volume[key] is not None} - {"name", "hostPath"} <= _VOLUMES
        ):
            yield "a volume is of a type that the restricted level does not allow"
    for containers in CONTAINER_LISTS:
        for number, container in enumerate(elements(pod.get(containers)), start=1):
            yield from (
                f"{containers}, number {number}: {path} is not what the restricted level allows"
                for path in _container_faults(container, read(pod, "securityContext"))
            )


def _container_faults(container: Plain, of_pod: Plain) -> Iterator[str]:
    for path, holds in _OF_A_CONTAINER:
        if not holds(read(container, *path.split("."))):
            yield path
    for path, holds in _OF_EITHER:
        own = read(container, "securityContext", *path.split("."))
        if not holds(read(of_pod, *path.split(".")) if own is None else own):
            yield f"securityContext.{path}"
    for handler in _HANDLERS:
        for action in ("httpGet", "tcpSocket"):
            if present(read(container, *handler, action, "host")):
                yield ".".join((*handler, action, "host"))


def _absent(value: Plain) -> bool:
    return not present(value)


def _safe_sysctls(value: Plain) -> bool:
    return all(_is_one_of(read(sysctl, "name"), _SAFE_SYSCTLS) for sysctl in elements(value))


def _selinux(value: Plain) -> bool:
    kind_allowed = read(value, "type") in _SELINUX_TYPES
    return kind_allowed and _absent(read(value, "user")) and _absent(read(value, "role"))


def _apparmor(value: Plain) -> bool:
    return value is None or read(value, "type") in _CONFINED


def _not_root(value: Plain) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0)


def _drops_all(value: Plain) -> bool:
    return "ALL" in elements(value)


def _adds_little(value: Plain) -> bool:
    return all(added == "NET_BIND_SERVICE" for added in elements(value))


def _is_one_of(value: Plain, allowed: Iterable[str]) -> bool:
    return isinstance(value, str) and value in allowed


def _true(value: Plain) -> bool:
    return value is True


# Absent means: privilege escalation on; the image's user, which may be root; no seccomp profile; the runtime's default
# capabilities. What leads to the node itself is judged in `hosts`.
_OF_A_POD: Final[Sequence[Demand]] = (
    ("securityContext.sysctls", _safe_sysctls),
    ("securityContext.seLinuxOptions", _selinux),
    ("securityContext.appArmorProfile", _apparmor),
    ("securityContext.runAsUser", _not_root),
    ("containers", lambda value: isinstance(value, Sequence) and len(value) > 0),
)
_OF_A_CONTAINER: Final[Sequence[Demand]] = (
    ("securityContext.allowPrivilegeEscalation", lambda value: value is False),
    ("securityContext.capabilities.drop", _drops_all),
    ("securityContext.capabilities.add", _adds_little),
    ("securityContext.procMount", lambda value: value in (None, "Default")),
    ("securityContext.seLinuxOptions", _selinux),
    ("securityContext.appArmorProfile", _apparmor),
    ("securityContext.runAsUser", _not_root),
)
# The container's value wins; the pod's holds where the container is silent.
_OF_EITHER: Final[Sequence[Demand]] = (
    ("runAsNonRoot", _true),
    ("seccompProfile.type", lambda value: _is_one_of(value, _CONFINED)),
)

PODS_RESTRICTED: Final = ResourceRule(
    about=Description(
        id="pods-restricted",
        title="Pods are restricted",
        severity=Severity.HIGH,
        frameworks=("PSS restricted", *(f"CIS EKS 4.2.{each}" for each in range(1, 6)), "NSA non-root containers"),
        why="A container that is taken over must find nothing to climb on: no root, no capability, no way to its host.",
        remediation="Set runAsNonRoot, seccompProfile RuntimeDefault, allowPrivilegeEscalation false and drop ALL.",
    ),
    types=POD_TYPES,
    check=pods_restricted,
)
NAMESPACES_RESTRICTED: Final = ResourceRule(
    about=Description(
        id="namespaces-restricted",
        title="Namespaces let in restricted pods alone",
        severity=Severity.HIGH,
        frameworks=("PSS restricted", "NSA admission control", "CIS EKS 4.2.1"),
        why="Pods that no program declares, of a chart, an operator or somebody at a terminal, are judged by it alone.",
        remediation=f"Label the namespace {_ENFORCE}=restricted.",
    ),
    types=_NAMESPACES,
    check=namespaces_restricted,
)
