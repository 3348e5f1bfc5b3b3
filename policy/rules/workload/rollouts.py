"""Rollouts: a pod that reads a configuration or a secret starts anew when that changes, and not otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.pods import Manifest, Pod, namespace, objects, workloads
from policy.graph import Graph, Resource
from policy.rule import Description, Finding, GraphRule, Severity, Undecided, Violation
from policy.values import UNKNOWN, Plain, elements, read

_CONFIG_MAP: Final = "core/v1:ConfigMap"
_CONFIG_MAP_TYPE: Final = f"kubernetes:{_CONFIG_MAP}"
_PROVIDER_CLASSES: Final = (
    "secrets-store.csi.x-k8s.io/v1:SecretProviderClass",
    "secrets-store.csi.x-k8s.io/v1alpha1:SecretProviderClass",
)
_SECRET: Final = "aws:secretsmanager/secret:Secret"  # noqa: S105 -- a type token
_SECRET_VERSION: Final = "aws:secretsmanager/secretVersion:SecretVersion"  # noqa: S105 -- a type token
_BY_THE_CLUSTER: Final = ("kube-root-ca.crt",)


def configuration_rolls(graph: Graph) -> Iterator[Finding]:
    """What pods read has a name that follows its content: a ConfigMap by being immutable, a secret by its version."""
    maps = objects(graph, _CONFIG_MAP)
    read_by_pods: dict[str, Resource] = {}
    for pod in workloads(graph):
        for name in _config_maps(pod):
            if name not in _BY_THE_CLUSTER:
                found = _meant(graph, pod, name, maps)
                read_by_pods |= {each.urn: each for each in found}
                if not found:
                    yield Undecided(pod.holder, "whether a ConfigMap that is not of this stack changes in place")
    for each in maps:
        if each.declared_by.urn in read_by_pods and each.get("immutable") is not True:  # absent: it changes in place
            yield Violation(each.declared_by, "immutable must be true: pods read it, and do not see it change")
    for each in objects(graph, *_PROVIDER_CLASSES):
        yield from _unrolled(graph, each)


def _config_maps(pod: Pod) -> Iterator[Plain]:
    """The names of the ConfigMaps that a pod cannot start without."""
    for volume in elements(read(pod.spec, "volumes")):
        sources = [read(volume, "configMap")]
        sources += [read(each, "configMap") for each in elements(read(volume, "projected", "sources"))]
        yield from (read(each, "name") for each in sources if each is not None)
    for container in pod.containers():
        for each in elements(container.get("envFrom")):
            if read(each, "configMapRef") is not None:
                yield read(each, "configMapRef", "name")
        for each in elements(container.get("env")):
            if read(each, "valueFrom", "configMapKeyRef") is not None:
                yield read(each, "valueFrom", "configMapKeyRef", "name")


def _meant(graph: Graph, pod: Pod, name: Plain, maps: list[Manifest]) -> list[Resource]:
    """The ConfigMaps that a name may be: by the name itself or, while it is unknown, by what the pod was made from."""
    if name is UNKNOWN:
        return pod.made_from(graph, _CONFIG_MAP_TYPE)
    where = namespace(graph, pod.manifest)
    named = (each for each in maps if each.get("metadata", "name") == name and namespace(graph, each) == where)
    return [each.declared_by for each in named]


def _unrolled(graph: Graph, mounted: Manifest) -> Iterator[Violation]:
    """A class of secrets whose name was made from no version of one of them, though this stack declares versions."""
    followed = graph.references(mounted.declared_by, "metadata", {_SECRET_VERSION})
    for secret in graph.references(mounted.declared_by, "spec", {_SECRET}):
        versions = graph.referring(secret, "secretId", _SECRET_VERSION)
        if versions and not any(each in followed for each in versions):
            yield Violation(mounted.declared_by, f"its name does not follow the version of {secret.name}")


CONFIGURATION_ROLLS: Final = GraphRule(
    about=Description(
        id="configuration-rolls",
        title="A change of configuration or of a secret starts pods anew",
        severity=Severity.MEDIUM,
        frameworks=("WA OPS05", "WA OPS06"),
        why="A pod reads its settings and secrets once: what changes under it is in force after the next restart, "
        "whenever and wherever that is.",
        remediation="Make the ConfigMap immutable under a name that holds a checksum of its content, and the name of a "
        "SecretProviderClass from the versions of its secrets.",
    ),
    check=configuration_rolls,
)
