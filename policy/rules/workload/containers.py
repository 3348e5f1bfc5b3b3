"""Containers: what each may take from its node, and how it is found out that one no longer works."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policy.facts.pods import POD_TYPES, Container, Pod, pods
from policy.facts.quantities import quantity, some
from policy.graph import Resource
from policy.rule import Description, ResourceRule, Severity, Violation
from policy.values import Plain, elements, read

_PATIENCE_SECONDS: Final = 30
"""How long a container may be silent before it is killed, at least; the defaults of a probe come to as much."""
_MIGRATIONS_SECONDS: Final = 600
"""How long TMI may take to start, at least. It listens after its migrations, and these wait for a lock without limit:
TMI's own manifest gives 20 minutes, which no deployment should have to use up. Source: TMI, deployments/k8s."""

_PERIOD: Final = 10
_FAILURES: Final = 3
"""What a probe is that does not say. Source: Kubernetes, Probe v1."""


def containers_bounded(resource: Resource) -> Iterator[Violation]:
    """Each container says what it needs, and cannot take memory or disk from its neighbours."""
    for pod in pods(resource):
        for volume in elements(read(pod.spec, "volumes")):
            directory = read(volume, "emptyDir")
            if directory is not None and not some(read(directory, "sizeLimit")):
                yield Violation(resource, "the sizeLimit of an emptyDir must be given")
        if pod.manifest.whole:
            for each in pod.containers():
                if not each.debugs:
                    yield from (Violation(resource, f"{each.where}: {fault}") for fault in _unbounded(each))


def _unbounded(container: Container) -> Iterator[str]:
    requests, limits = (container.get("resources", name) for name in ("requests", "limits"))
    if not some(read(requests, "cpu")):
        yield "resources.requests.cpu must be given"
    memory, reserved = (quantity(read(each, "memory")) for each in (limits, requests))
    if not memory:
        yield "resources.limits.memory must be given"
    elif read(requests, "memory") is not None and memory != reserved:  # absent: Kubernetes reserves the limit
        yield "resources.requests.memory must equal its limit"
    if not some(read(limits, "ephemeral-storage")):
        yield "resources.limits.ephemeral-storage must be given"


def containers_read_only(resource: Resource) -> Iterator[Violation]:
    """No container can change its own image's files; what it writes goes to volumes that are said."""
    for pod in pods(resource):
        for each in pod.containers():
            read_only = each.get("securityContext", "readOnlyRootFilesystem")
            unsaid = read_only is None and not pod.manifest.whole  # as it was; elsewhere absent is false
            if read_only is not True and not unsaid:
                yield Violation(resource, f"{each.where}: securityContext.readOnlyRootFilesystem must be true")


def containers_watched(resource: Resource) -> Iterator[Violation]:
    """Each container that runs on and on is restarted when it hangs, and not while it starts or is merely busy."""
    for pod in pods(resource):
        if pod.manifest.whole and pod.endless:
            for each in pod.containers():
                if each.stays:
                    yield from (Violation(resource, f"{each.where}: {fault}") for fault in _unwatched(pod, each))


def _unwatched(pod: Pod, container: Container) -> Iterator[str]:
    liveness, startup = container.get("livenessProbe"), container.get("startupProbe")
    if not isinstance(liveness, Mapping):
        yield "livenessProbe must be given"
        return
    patience = _budget(liveness)
    if patience is None or patience < _PATIENCE_SECONDS:
        yield f"livenessProbe must allow for {_PATIENCE_SECONDS} s of silence"
    least = _PATIENCE_SECONDS
    if pod.labelled(name="tmi") and container.where.startswith("containers"):
        least = _MIGRATIONS_SECONDS
        if any(_costly(container.get(probe)) for probe in ("livenessProbe", "readinessProbe", "startupProbe")):
            yield "a probe asks TMI for /, which takes it 0.35 s of a processor; ask for /robots.txt"
    time = _budget(startup) if isinstance(startup, Mapping) else None
    if time is None or time < least:
        yield f"startupProbe must be given, and allow for {least} s"


def _budget(probe: Plain) -> int | None:
    """After how many seconds without an answer a probe gives up."""
    numbers = [read(probe, name) for name in ("initialDelaySeconds", "periodSeconds", "failureThreshold")]
    delay, period, failures = (
        default if number is None else number for number, default in zip(numbers, (0, _PERIOD, _FAILURES), strict=True)
    )
    if isinstance(delay, int) and isinstance(period, int) and isinstance(failures, int):
        return delay + period * failures
    return None


def _costly(probe: Plain) -> bool:
    request = read(probe, "httpGet")
    return request is not None and read(request, "path") in (None, "", "/")  # absent: /


CONTAINERS_BOUNDED: Final = ResourceRule(
    about=Description(
        id="containers-bounded",
        title="Containers reserve what they need and are bounded in memory and disk",
        severity=Severity.MEDIUM,
        frameworks=("NSA resource limits", "WA REL05"),
        why="Memory that is promised twice is taken back by killing whoever holds it, and a full disk evicts every pod "
        "of its node.",
        remediation="Give requests.cpu, limits.memory with an equal request, limits.ephemeral-storage, and the "
        "sizeLimit of each emptyDir.",
    ),
    types=POD_TYPES,
    check=containers_bounded,
)
CONTAINERS_WATCHED: Final = ResourceRule(
    about=Description(
        id="containers-watched",
        title="Containers that hang are restarted, those that start or are busy are not",
        severity=Severity.MEDIUM,
        frameworks=("WA REL11",),
        why="A probe that is too quick kills a server under load, or in the middle of a migration of its database.",
        remediation=f"Give each container that stays a livenessProbe of {_PATIENCE_SECONDS} s or more and a "
        "startupProbe with time to start.",
    ),
    types=POD_TYPES,
    check=containers_watched,
)
CONTAINERS_READ_ONLY: Final = ResourceRule(
    about=Description(
        id="containers-read-only",
        title="Containers cannot change the files of their image",
        severity=Severity.MEDIUM,
        frameworks=("NSA immutable file systems", "CIS EKS 4.2"),
        why="Who breaks into a process finds nowhere to leave a program.",
        remediation="Set securityContext.readOnlyRootFilesystem, and mount an emptyDir where the program writes.",
    ),
    types=POD_TYPES,
    check=containers_read_only,
)
