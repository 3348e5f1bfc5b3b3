"""Hosts: no pod is on its node rather than beside it.

The baseline level of the Kubernetes Pod Security Standards, as far as it is about the node; `workload` judges the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policy.facts.pods import POD_TYPES, Container, Pod, pods
from policy.graph import Resource
from policy.rule import Description, ResourceRule, Severity, Violation
from policy.values import elements, read

_OF_A_POD: Final = ("hostNetwork", "hostPID", "hostIPC", "securityContext.windowsOptions.hostProcess")
_OF_A_CONTAINER: Final = ("securityContext.privileged", "securityContext.windowsOptions.hostProcess")
"""What must be off, which it is where it is absent."""


def pods_off_the_host(resource: Resource) -> Iterator[Violation]:
    """No pod has its node's namespaces, privileges, ports or files."""
    for pod in pods(resource):
        if isinstance(pod.spec, Mapping):  # `pods-restricted` reports one that cannot be read
            yield from (Violation(resource, fault) for fault in _faults(pod))


def _faults(pod: Pod) -> Iterator[str]:
    for path in _OF_A_POD:
        if read(pod.spec, *path.split(".")) not in (None, False):
            yield f"{path} is not what the baseline level allows"
    if any(read(each, "hostPath") is not None for each in elements(read(pod.spec, "volumes"))):
        yield "a volume is a hostPath, files of the node"
    for each in pod.containers():
        yield from (f"{each.where}: {path} is not what the baseline level allows" for path in _of(each))


def _of(container: Container) -> Iterator[str]:
    for path in _OF_A_CONTAINER:
        if container.get(*path.split(".")) not in (None, False):
            yield path
    if any(read(port, "hostPort") not in (None, 0) for port in elements(container.get("ports"))):
        yield "ports.hostPort"


PODS_OFF_THE_HOST: Final = ResourceRule(
    about=Description(
        id="pods-off-the-host",
        title="Pods are not on their host",
        severity=Severity.CRITICAL,
        frameworks=("PSS baseline", "CIS EKS 4.2.1", "CIS EKS 4.2.4", "NSA container isolation"),
        why="On its host's network a pod is under no network policy and reads the node's credentials; privileged, or "
        "with its files, it is the node.",
        remediation="Leave hostNetwork, hostPID, hostIPC, hostPort, hostPath, hostProcess and privileged out.",
    ),
    types=POD_TYPES,
    check=pods_off_the_host,
)
