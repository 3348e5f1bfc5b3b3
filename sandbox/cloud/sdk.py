"""The SDKs' classes, imported a file at a time.

``import pulumi_aws.ec2`` runs every file of the service, nine tenths of a second for one subnet. A resource's own file
needs only the inputs of its service. So a package is entered here without running its ``__init__``, and without the
types of outputs, which are named in annotations that nobody evaluates. All of it goes by names of its own, since the
same process may import the SDK as everybody does.
"""

from __future__ import annotations

import importlib
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final, cast

from pulumi.runtime.rpc import get_resource_module

PREFIX: Final = "sandbox_sdk_"
WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class UnknownTypeError(LookupError):
    """The SDKs installed here have no such resource type."""


def resource_class(token: str) -> type:
    """Import the class of a resource type (``aws:ec2/subnet:Subnet``). Raises :class:`UnknownTypeError`."""
    unknown = UnknownTypeError(f"{token} is not a resource type of the installed SDKs")
    if token.count(":") != 2:  # noqa: PLR2004 - package:module:Name
        raise unknown
    package, module_name, _ = token.split(":")
    importlib.import_module(f"pulumi_{package}")  # registers the package's modules
    module = cast("Any", get_resource_module(package, module_name, ""))
    name = module.mod_info["classes"].get(token) if module else None
    if name is None:
        raise unknown
    file = WORD.sub("_", module_name.rpartition("/")[2]).lower()
    return getattr(_load(module.mod_info["fqn"], file), name)


def provider_class(package: str) -> type:
    """Import the class of a provider (``aws``)."""
    return _load(f"pulumi_{package}", "provider").Provider


def args_class(resource: type) -> type:
    """Give the class of a resource's inputs, from the same file."""
    module = sys.modules[resource.__module__]
    # The generator writes InitArgs where an input type of the name Args exists already.
    return getattr(module, f"{resource.__name__}InitArgs", None) or getattr(module, f"{resource.__name__}Args")


def _load(package: str, file: str) -> ModuleType:
    _enter(package)
    return importlib.import_module(f"{PREFIX}{package}.{file}")


@cache
def _enter(package: str) -> ModuleType:
    parent, _, name = package.rpartition(".")
    entered = ModuleType(PREFIX + package)
    if parent:
        entered.__path__ = [str(Path(folder) / name) for folder in _enter(parent).__path__]
    else:
        entered.__path__ = importlib.import_module(package).__path__
        _add(entered, "_utilities", importlib.import_module(f"{package}._utilities"))
    _add(entered, "outputs", ModuleType(f"{PREFIX}{package}.outputs"))
    sys.modules[entered.__name__] = entered
    return entered


def _add(package: ModuleType, name: str, module: ModuleType) -> None:
    sys.modules[f"{package.__name__}.{name}"] = module
    setattr(package, name, module)
