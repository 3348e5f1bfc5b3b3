"""Manifests: no credential stands in what everybody can read who may look at an object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policy.facts.credentials import is_credential, reads_as_one
from policy.facts.pods import POD_TYPES, Container, manifests, pods, tokens
from policy.graph import Resource
from policy.rule import Description, ResourceRule, Severity, Violation
from policy.values import elements, present, read

_CONFIG_MAPS: Final = tokens("core/v1:ConfigMap")
_SECRETS: Final = tokens("core/v1:Secret")

_BY_THE_CLUSTER: Final = ("kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token")


def manifests_without_secrets(resource: Resource) -> Iterator[Violation]:
    """No variable, argument or ConfigMap holds a credential; no Secret has its values from the program."""
    if resource.type in _SECRETS:
        for each in manifests(resource):
            values = present(each.get("data")) or present(each.get("stringData"))
            if values and each.get("type") not in _BY_THE_CLUSTER:
                yield Violation(resource, "it holds values of the program, which stay in the state and in the cluster")
    elif resource.type in _CONFIG_MAPS:
        for each in manifests(resource):
            entries = each.get("data")
            for number, (name, value) in enumerate(entries.items() if isinstance(entries, Mapping) else (), start=1):
                if is_credential(name, value):
                    yield Violation(resource, f"data, entry number {number}: it holds a credential")
    else:
        for pod in pods(resource):
            for container in pod.containers():
                yield from (Violation(resource, f"{container.where}: {fault}") for fault in _told(container))


def _told(container: Container) -> Iterator[str]:
    for number, each in enumerate(elements(container.get("env")), start=1):
        if is_credential(read(each, "name"), read(each, "value")):
            yield f"env, number {number}: it holds a credential"
    if any(reads_as_one(each) for name in ("command", "args") for each in elements(container.get(name))):
        yield "its command or arguments hold a credential"
    if any(present(read(each, "secretRef")) for each in elements(container.get("envFrom"))):
        yield "envFrom hands it every key of a Secret; name those that it needs"


MANIFESTS_WITHOUT_SECRETS: Final = ResourceRule(
    about=Description(
        id="manifests-without-secrets",
        title="No credential stands in a pod, a ConfigMap or a Secret of the program",
        severity=Severity.HIGH,
        frameworks=("CIS EKS 4.4.1", "CIS EKS 4.4.2", "NSA secrets"),
        why="Whoever may look at a pod or a ConfigMap reads what is in it, and so does whoever reads the state.",
        remediation="Keep it in Secrets Manager and mount it as a file; where a program reads nothing but variables, "
        "let the driver copy it to a Secret and name its key in secretKeyRef.",
    ),
    types=POD_TYPES | _CONFIG_MAPS | _SECRETS,
    check=manifests_without_secrets,
)
