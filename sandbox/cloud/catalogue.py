"""What the providers accept and give, read from the SDKs' own classes.

A bridged provider's schema is not on the machine, but the SDK was generated from it: ``SubnetArgs`` lists the inputs
of a subnet with their types, its signature which are required, and the getters of ``Subnet`` the outputs. A type is
read when it is first met.
"""

from __future__ import annotations

import collections.abc
import enum
import inspect
import threading
import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import pulumi
from pulumi._types import (
    input_type_py_to_pulumi_names,
    input_type_types,
    is_input_type,
    resource_py_to_pulumi_names,
)

from sandbox.cloud.sdk import args_class, provider_class, resource_class

PROVIDER_PREFIX: Final = "pulumi:providers:"

_IMPORTING: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Fields:
    """The properties of an object: its inputs, for a resource."""

    types: dict[str, Any]
    """Property name -> Python type, as the SDK annotates it."""
    required: frozenset[str]


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One resource type of a provider."""

    token: str
    inputs: Fields
    outputs: frozenset[str]
    """Every property the resource has after it was made, inputs included."""

    @property
    def computed(self) -> frozenset[str]:
        """The properties that only the cloud can give."""
        return self.outputs - self.inputs.types.keys()


def resource_type(token: str) -> ResourceType:
    """Look a type token up. Raises :class:`UnknownTypeError`."""
    with _IMPORTING:
        return _resource_type(token)


@cache
def _resource_type(token: str) -> ResourceType:
    is_provider = token.startswith(PROVIDER_PREFIX)
    resource = provider_class(token.removeprefix(PROVIDER_PREFIX)) if is_provider else resource_class(token)
    outputs = frozenset(resource_py_to_pulumi_names(resource).values())
    return ResourceType(token, fields(args_class(resource)), outputs)


@cache
def fields(args: type) -> Fields:
    """Read an input class of an SDK."""
    names = input_type_py_to_pulumi_names(args)
    parameters = inspect.signature(args).parameters.values()
    required = {names[p.name] for p in parameters if p.default is inspect.Parameter.empty}
    return Fields(input_type_types(args), frozenset(required))


class Kind(enum.Enum):
    """What a property may hold."""

    STRING = "a string"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    LIST = "a list"
    MAP = "a map"
    OBJECT = "an object"
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Shape:
    """One alternative of what a property may hold."""

    kind: Kind
    element: Any = None
    """The annotation of a list's or map's elements, or an object's input class."""


@cache
def shapes(annotation: Any) -> tuple[Shape, ...]:  # noqa: ANN401 - annotations have no common type
    """Read an annotation of the SDK: the alternatives a value may have, without ``Input``'s awaitables and outputs."""
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        members = [member for member in typing.get_args(annotation) if not _is_plumbing(member)]
        return tuple(shape for member in members for shape in shapes(member))
    if origin is collections.abc.Sequence:
        return (Shape(Kind.LIST, typing.get_args(annotation)[0]),)
    if origin is collections.abc.Mapping:
        return (Shape(Kind.MAP, typing.get_args(annotation)[1]),)
    if not isinstance(annotation, type):
        return (Shape(Kind.ANYTHING),)
    if is_input_type(annotation):
        return (Shape(Kind.OBJECT, annotation),)
    return (Shape(_scalar(annotation)),)


def _is_plumbing(annotation: Any) -> bool:  # noqa: ANN401 - as above
    return annotation is type(None) or typing.get_origin(annotation) in (collections.abc.Awaitable, pulumi.Output)


def _scalar(annotation: type) -> Kind:
    if issubclass(annotation, bool):
        return Kind.BOOLEAN
    if issubclass(annotation, str):
        return Kind.STRING
    if issubclass(annotation, int | float):
        return Kind.NUMBER
    return Kind.ANYTHING
