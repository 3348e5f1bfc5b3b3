"""The inputs of the providers themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.cloud.backend import parse_setting
from sandbox.cloud.catalogue import resource_type
from sandbox.cloud.checks.shape import check_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud.checks.failure import Failure
    from sandbox.cloud.values import Properties

ENGINE_KEYS: Final = frozenset({"__internal", "parameterization", "pluginChecksums", "pluginDownloadURL", "version"})
"""What the engine keeps beside a provider's own inputs."""


def check_configuration(token: str, inputs: Properties) -> Iterator[Failure]:
    """Refuse a misspelt or missing setting."""
    schema = resource_type(token).inputs
    own: Properties = {
        name: parse_setting(value) if _is_structured(schema.types.get(name)) else value
        for name, value in inputs.items()
        if name not in ENGINE_KEYS
    }
    yield from check_object(own, schema)


def _is_structured(annotation: object) -> bool:
    """Say whether a setting travels as JSON: all but strings do."""
    return annotation is not None and annotation is not str
