"""Kubernetes objects as a cluster of the stacks' version would see them."""

from __future__ import annotations

from typing import Any, Final, cast

import kubernetes_validate
from google.protobuf import json_format

from tests.cloud import Declared
from tests.marked import secret

KUBERNETES_VERSION: Final = "1.35"
"""What both stack files ask for."""

_OWN_KINDS: Final = ("ApplicationNetworkPolicy", "NodeClass", "NodePool", "SecretProviderClass", "TargetGroupBinding")
"""Kinds that Kubernetes itself does not know, so that no schema of it covers them."""


def manifest(resource: Declared) -> dict[str, Any]:
    """The object of a resource as it was asked for, secrets in the open, with numbers as YAML would have them."""
    return cast("dict[str, Any]", _plain(json_format.MessageToDict(resource.request.object)))


def _plain(value: object) -> object:
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        if fields.keys() == secret(None).keys():
            return _plain(fields["value"])
        return {key: _plain(field) for key, field in fields.items()}
    if isinstance(value, list):
        return [_plain(item) for item in cast("list[object]", value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def validated(resources: list[Declared]) -> list[str]:
    """The kinds of those resources that are objects of Kubernetes, each checked against the strict schema.

    Raises:
        kubernetes_validate.ValidationError: a property is unknown, missing, or of the wrong type.
    """
    kinds: list[str] = []
    for resource in resources:
        if resource.type.startswith("kubernetes:"):
            found = manifest(resource)
            if found["kind"] not in _OWN_KINDS:
                kubernetes_validate.validate(found, KUBERNETES_VERSION, strict=True)
            kinds.append(found["kind"])
    return kinds
