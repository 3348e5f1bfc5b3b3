"""What the providers accept and give, read from the SDKs' own classes.

A bridged provider's schema is not on the machine, but the SDK was generated from it: ``SubnetArgs`` lists the inputs
of a subnet with their types, its signature which are required, and the getters of ``Subnet`` the outputs. Modules are
imported when a type is first met: ``pulumi_aws.ec2`` alone takes most of a second.
"""

from __future__ import annotations

import collections.abc
import enum
import importlib
import inspect
import threading
import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

import pulumi
from pulumi._types import (
    input_type_py_to_pulumi_names,
    input_type_types,
    is_input_type,
    resource_types,
)
from pulumi.runtime.rpc import get_resource_module

PROVIDER_PREFIX: Final = "pulumi:providers:"
PROVIDER_MODULES: Final = {"aws": "pulumi_aws", "kubernetes": "pulumi_kubernetes", "random": "pulumi_random"}


_IMPORTING: Final = threading.Lock()
"""The SDK loads its modules by ``importlib.util.LazyLoader``, which two threads must not use at once."""


class UnknownTypeError(LookupError):
    """The SDKs installed here have no such resource type."""


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
    resource = _resource_class(token)
    module = importlib.import_module(resource.__module__)
    # The generator writes InitArgs where an input type of the name Args exists already.
    args = getattr(module, f"{resource.__name__}InitArgs", None) or getattr(module, f"{resource.__name__}Args")
    return ResourceType(token, fields(args), frozenset(resource_types(resource)))


def _resource_class(token: str) -> type[pulumi.Resource]:
    if token.startswith(PROVIDER_PREFIX):
        package = token.removeprefix(PROVIDER_PREFIX)
        if package in PROVIDER_MODULES:
            return importlib.import_module(PROVIDER_MODULES[package]).Provider
    elif token.count(":") == 2:  # noqa: PLR2004 - package:module:Name
        package, module_name, _ = token.split(":")
        importlib.import_module(PROVIDER_MODULES[package])  # registers the package's modules
        module = cast("Any", get_resource_module(package, module_name, ""))
        class_name = module.mod_info["classes"].get(token) if module else None
        if class_name:
            return getattr(importlib.import_module(module.mod_info["fqn"]), class_name)
    raise UnknownTypeError(f"{token} is not a resource type of the installed SDKs")


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
