"""Images: which ones run, and from where they come."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from policy.facts.pods import POD_TYPES, Container, Pod, pods
from policy.graph import Graph
from policy.rule import Description, Finding, GraphRule, Severity, Undecided, Violation
from policy.values import UNKNOWN, Plain, elements

_REPOSITORY: Final = "aws:ecr/repository:Repository"
_PULL_THROUGH: Final = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule"
_PREFIXES: Final[Mapping[str, str]] = {_REPOSITORY: "name", _PULL_THROUGH: "ecrRepositoryPrefix"}
_PROVIDER: Final = "pulumi:providers:aws"

_REFERENCE: Final = re.compile(
    r"(?:(?P<host>[^/.:]*[.:][^/]*|localhost)/)?(?P<path>[^:@]+)(?::(?P<tag>[^@]+))?(?P<digest>@.+)?"
)
_DIGEST: Final = re.compile(r"@sha256:[0-9a-f]{64}")
_VERSION: Final = re.compile(r"(?!latest)(?:.*\d\.\d.*|(?:.*[._-])?[0-9a-f]{7,64})")
"""A version in two numbers at least, or the hash of a commit: a bare name, or a bare major version, moves."""
_REGISTRY: Final = re.compile(
    r"(?P<account>\d{12})\.(?:dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?|dkr-ecr(?:-fips)?\.[a-z0-9-]+\.on\.aws)"
)
"""A private registry of ECR, by IPv4 or dual-stack. Source: Amazon ECR User Guide, private registries and endpoints."""


def images_pinned(graph: Graph) -> Iterator[Finding]:
    """Each image is named by its digest or by a version, and is pulled when it is missing."""
    for pod, container, image in _images(graph):
        if image is UNKNOWN:
            yield Undecided(pod.holder, "which image it runs")
        else:
            found = _REFERENCE.fullmatch(image) if isinstance(image, str) else None
            if found is None:
                yield Violation(pod.holder, f"{container.where}: image is absent or cannot be read")
            elif not _DIGEST.fullmatch(found["digest"] or "") and not _VERSION.fullmatch(found["tag"] or ""):
                yield Violation(pod.holder, f"{container.where}: image names neither a digest nor a version")
        if container.get("imagePullPolicy") not in (None, "IfNotPresent", "Always"):
            yield Violation(pod.holder, f"{container.where}: imagePullPolicy must be IfNotPresent or Always")


def images_from_own_registry(graph: Graph) -> Iterator[Finding]:
    """Each image comes from a registry of an account that the stack works in."""
    accounts = graph.once(_accounts)
    for pod, container, image in _images(graph):
        if image is UNKNOWN and pod.made_from(graph, _REPOSITORY, _PULL_THROUGH):
            continue
        found = _REFERENCE.fullmatch(image) if isinstance(image, str) else None
        registry = _REGISTRY.fullmatch(found["host"] or "") if found else None
        if found is None or registry is None:
            yield Violation(pod.holder, f"{container.where}: image is of no registry of this account")
        elif registry["account"] not in accounts and not _is_declared(graph, pod, found["path"]):
            if accounts:
                yield Violation(pod.holder, f"{container.where}: image is of the registry of another account")
            else:
                yield Undecided(pod.holder, "whose registry its image is of")


def _images(graph: Graph) -> Iterator[tuple[Pod, Container, Plain]]:
    """Each container with its image; one of a patch that leaves the image alone is left out."""
    for resource in graph.of_type(*sorted(POD_TYPES)):
        for pod in pods(resource):
            for container in pod.containers():
                image = container.get("image")
                if image is not None or pod.manifest.whole:
                    yield pod, container, image


def _accounts(graph: Graph) -> frozenset[str]:
    """The accounts that the stack's providers are limited to: a list in the program, a text for the engine."""
    given = (provider.get("allowedAccountIds") for provider in graph.of_type(_PROVIDER))
    texts = (each for value in given for each in ([value] if isinstance(value, str) else elements(value)))
    return frozenset(account for text in texts if isinstance(text, str) for account in re.findall(r"\d{12}", text))


def _is_declared(graph: Graph, pod: Pod, path: str) -> bool:
    """Whether a repository is one of this stack, or of its pull-through cache, that the pod was made from."""
    names = [store.get(_PREFIXES[store.type]) for store in pod.made_from(graph, *_PREFIXES)]
    return any(isinstance(name, str) and f"{path}/".startswith(f"{name}/") for name in names)


IMAGES_PINNED: Final = GraphRule(
    about=Description(
        id="images-pinned",
        title="Pods run images of a version that somebody chose",
        severity=Severity.HIGH,
        frameworks=("CIS EKS 5.1.4", "NSA image versions"),
        why="A tag that moves runs other code after a restart than before, and makes no rollout when it should.",
        remediation="Name the image by a whole version or by its digest.",
    ),
    check=images_pinned,
)
IMAGES_FROM_OWN_REGISTRY: Final = GraphRule(
    about=Description(
        id="images-from-own-registry",
        title="Images come from registries of the stack's own account",
        severity=Severity.HIGH,
        frameworks=("CIS EKS 5.1.1", "WA SEC06"),
        why="What comes from elsewhere is scanned by nobody here, and is missing on the day its registry is.",
        remediation="Push the image to a repository of the account that the provider's allowedAccountIds names, or "
        "name it by the pull-through cache.",
    ),
    check=images_from_own_registry,
)
