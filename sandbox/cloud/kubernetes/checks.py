"""What the API server and the cluster's controllers would refuse, beyond an object's schema."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from sandbox.cloud.checks.failure import Failure
from sandbox.cloud.kubernetes.objects import FREE_NAMES, NAME, identity, kind_of, metadata_of, pod_specs
from sandbox.cloud.kubernetes.schema import check_schema, schema_version
from sandbox.cloud.values import UNKNOWN, Properties, Value, reveal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud.world import Resource, World

CLUSTER: Final = "aws:eks/cluster:Cluster"
NAMESPACE: Final = "kubernetes:core/v1:Namespace"
POLICY_KINDS: Final = frozenset({"ApplicationNetworkPolicy", "NetworkPolicy"})
PROVIDED_NAMESPACES: Final = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})
PROVIDED_IN_NAMESPACES: Final = frozenset({("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt")})
"""What each namespace has from the start. Source: kube-controller-manager, its controllers of service accounts and of
the root certificates."""


def check_object(wanted: Resource, world: World) -> list[Failure]:
    """Run every check of an object."""
    cluster = next(reversed(list(world.of_type(CLUSTER))), None)
    if cluster is None:
        return [Failure("", "there is no EKS cluster to put it in: make one, and give its outputs to the provider")]
    version = cluster.get("version")
    checks = (
        check_schema(wanted.inputs, schema_version(version if isinstance(version, str) else None)),
        _check_name(wanted, world),
        _check_policy_name(wanted, world),
        _check_namespace(wanted, world),
        _check_pod(wanted, world),
    )
    return list(chain.from_iterable(checks))


def _check_name(wanted: Resource, world: World) -> Iterator[Failure]:
    """Refuse a name of the wrong form, or one that is taken."""
    kind, namespace, name = identity(wanted.inputs)
    if not isinstance(name, str) or namespace is UNKNOWN:
        return
    if kind not in FREE_NAMES and not NAME.fullmatch(name):
        yield Failure(
            "metadata.name",
            f"{name!r} must be lower-case letters, digits, '-' and '.', and begin and end with one of the first two",
        )
    for other in world.of_package("kubernetes"):
        if other.urn != wanted.urn and identity(other.inputs) == (kind, namespace, name):
            where = f"in namespace {namespace}" if namespace else "in the cluster"
            yield Failure("metadata.name", f"already exists: {other.name} is the {kind} {name} {where}")


def _check_policy_name(wanted: Resource, world: World) -> Iterator[Failure]:
    """Refuse two kinds of network policy by one name: EKS takes both and enforces one. aws/containers-roadmap#2772."""
    kind, namespace, name = identity(wanted.inputs)
    if kind not in POLICY_KINDS or not isinstance(name, str) or namespace is UNKNOWN:
        return
    for other in world.of_package("kubernetes"):
        if kind_of(other.inputs) in POLICY_KINDS - {kind} and identity(other.inputs)[1:] == (namespace, name):
            yield Failure(
                "metadata.name",
                f"{other.name} is the {kind_of(other.inputs)} {name}; of the two, EKS enforces one: name it otherwise",
            )


def _check_namespace(wanted: Resource, world: World) -> Iterator[Failure]:
    """Refuse an object in a namespace that nobody made."""
    namespace = metadata_of(wanted.inputs).get("namespace")
    if isinstance(namespace, str) and not _exists(world, "Namespace", None, namespace):
        yield Failure(
            "metadata.namespace", f"there is no namespace {namespace!r}: take the name from the Namespace's metadata"
        )


def check_namespace_made(wanted: Resource, world: World) -> Iterator[Failure]:
    """Refuse to make an object before its namespace: the program must say that it depends on it."""
    namespace = metadata_of(wanted.inputs).get("namespace")
    if namespace is None or namespace in PROVIDED_NAMESPACES:
        return
    if not any(made.type == NAMESPACE and made.id == namespace for made in world.made()):
        yield Failure("metadata.namespace", f"namespace {namespace!r} is not there yet: make the object depend on it")


def _check_pod(wanted: Resource, world: World) -> Iterator[Failure]:
    """Refuse a pod that could not start for want of a service account, a ConfigMap or a SecretProviderClass."""
    namespace = metadata_of(wanted.inputs).get("namespace")
    for path, pod in pod_specs(wanted.inputs):
        for where, kind, name in _references(pod):
            if isinstance(name, str) and namespace is not UNKNOWN and not _exists(world, kind, namespace, name):
                yield Failure(
                    f"{path}.{where}",
                    f"there is no {kind} {name!r} in namespace {namespace}: take the name from its metadata",
                )


def _references(pod: Properties) -> Iterator[tuple[str, str, Value]]:
    if pod.get("serviceAccountName") is not None:
        yield "serviceAccountName", "ServiceAccount", pod["serviceAccountName"]
    for index, volume in _entries(pod, "volumes"):
        where = f"volumes[{index}]"
        yield from _config_map(volume.get("configMap"), f"{where}.configMap")
        attributes = _at(volume, "csi", "volumeAttributes")
        if "secretProviderClass" in attributes:
            yield (
                f"{where}.csi.volumeAttributes.secretProviderClass",
                "SecretProviderClass",
                attributes["secretProviderClass"],
            )
        for number, source in _entries(_at(volume, "projected"), "sources"):
            yield from _config_map(source.get("configMap"), f"{where}.projected.sources[{number}].configMap")
    for group in ("initContainers", "containers"):
        for index, container in _entries(pod, group):
            where = f"{group}[{index}]"
            for number, source in _entries(container, "envFrom"):
                yield from _config_map(source.get("configMapRef"), f"{where}.envFrom[{number}].configMapRef")
            for number, variable in _entries(container, "env"):
                reference = _at(variable, "valueFrom").get("configMapKeyRef")
                yield from _config_map(reference, f"{where}.env[{number}].valueFrom.configMapKeyRef")


def _config_map(reference: Value, where: str) -> Iterator[tuple[str, str, Value]]:
    if isinstance(reference, dict) and reference.get("optional") is not True:
        yield f"{where}.name", "ConfigMap", reference.get("name")


def _entries(holder: Properties, name: str) -> Iterator[tuple[int, Properties]]:
    entries = reveal(holder.get(name))
    if isinstance(entries, list):
        yield from ((index, entry) for index, entry in enumerate(entries) if isinstance(entry, dict))


def _at(holder: Properties, *path: str) -> Properties:
    value: Value = holder
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _exists(world: World, kind: str, namespace: Value, name: str) -> bool:
    provided = (kind == "Namespace" and name in PROVIDED_NAMESPACES) or (kind, name) in PROVIDED_IN_NAMESPACES
    return provided or any(
        kind_of(other.inputs) == kind and identity(other.inputs) == (kind, namespace, name)
        for other in world.of_package("kubernetes")
    )
