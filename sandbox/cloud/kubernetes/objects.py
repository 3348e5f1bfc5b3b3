"""Objects: what they are called and where they live."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from sandbox.cloud.naming import NameTooLongError
from sandbox.cloud.values import UNKNOWN, Properties, Value, reveal

if TYPE_CHECKING:
    from collections.abc import Iterator

CLUSTER_SCOPED: Final = frozenset(
    {
        "APIService",
        "CSIDriver",
        "ClusterNetworkPolicy",
        "ClusterRole",
        "ClusterRoleBinding",
        "CustomResourceDefinition",
        "FlowSchema",
        "IngressClass",
        "MutatingWebhookConfiguration",
        "Namespace",
        "NodeClass",
        "NodePool",
        "PersistentVolume",
        "PriorityClass",
        "PriorityLevelConfiguration",
        "RuntimeClass",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
    }
)
# pulumi-kubernetes, provider/pkg/metadata/naming.go: logical name, dash and 8 hexadecimal digits, and an annotation.
RANDOM_DIGITS: Final = 8
AUTONAMED: Final = "pulumi.com/autonamed"
LONGEST_NAME: Final = 253
"""The longest RFC 1123 subdomain, which most names must be."""
NAME: Final = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
FREE_NAMES: Final = frozenset({"ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"})
"""Kinds that take any path segment for a name, such as ``system:node``."""


def kind_of(object_: Properties) -> str:
    """Give the kind."""
    return str(object_.get("kind", ""))


def metadata_of(object_: Properties) -> Properties:
    """Give the metadata; empty where there is none or it is unknown."""
    metadata = object_.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def identity(object_: Properties) -> tuple[str, Value, Value]:
    """Give kind, namespace and name, which together are unique in a cluster."""
    metadata = metadata_of(object_)
    return kind_of(object_), metadata.get("namespace"), metadata.get("name")


def object_id(object_: Properties) -> str:
    """Give the id the provider keeps: ``namespace/name``, or the name of what has no namespace."""
    _, namespace, name = identity(object_)
    return f"{namespace}/{name}" if namespace else str(name)


def with_defaults(object_: Properties, old: Properties, name: str, seed: bytes) -> Properties:
    """Give an object with the namespace and the name that the provider fills in.

    Raises :class:`~sandbox.cloud.naming.NameTooLongError`.
    """
    if object_.get("metadata") is UNKNOWN:
        return object_
    metadata = dict(metadata_of(object_))
    if metadata.get("namespace") is None and kind_of(object_) not in CLUSTER_SCOPED:
        metadata["namespace"] = "default"
    if metadata.get("name") is None and metadata.get("generateName") is None:
        annotations = metadata.get("annotations")
        if annotations is not UNKNOWN:
            metadata["annotations"] = {**(annotations if isinstance(annotations, dict) else {}), AUTONAMED: "true"}
        metadata["name"] = metadata_of(old).get("name") if is_autonamed(old) else _make_name(name, seed)
    return {**object_, "metadata": metadata}


def is_autonamed(object_: Properties) -> bool:
    """Say whether the provider made the name up."""
    annotations = metadata_of(object_).get("annotations")
    return isinstance(annotations, dict) and annotations.get(AUTONAMED) == "true"


def _make_name(name: str, seed: bytes) -> str:
    made = f"{name}-{hashlib.sha256(seed).hexdigest()[:RANDOM_DIGITS]}"
    if len(made) > LONGEST_NAME:
        raise NameTooLongError(f"{made!r} is longer than {LONGEST_NAME} characters; shorten the logical name")
    return made


def pod_specs(object_: Properties) -> Iterator[tuple[str, Properties]]:
    """Find the pod a workload would run, with its path."""
    at = {
        "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
        "DaemonSet": ("spec", "template", "spec"),
        "Deployment": ("spec", "template", "spec"),
        "Job": ("spec", "template", "spec"),
        "Pod": ("spec",),
        "StatefulSet": ("spec", "template", "spec"),
    }
    path = at.get(kind_of(object_))
    if path is None:
        return
    value: Value = object_
    for key in path:
        value = reveal(value.get(key)) if isinstance(value, dict) else None
    if isinstance(value, dict):
        yield ".".join(path), value
