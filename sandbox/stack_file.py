"""The stack file as the sandbox gives it to the engine: the same settings, other secrets.

An encrypted value can be read by nobody but the holder of the real key, and the sandbox has no business knowing it. So
each is replaced by an obviously fake one, and secrets that a stack file leaves to its operators are added.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands below `config`: the key, then property names and list positions."""

AWS_NAME: Final = re.compile(r"arn:aws[a-z-]*:\S+|Z[A-Z0-9]{7,31}|[a-z]+(?:-[a-z]+)*-(?:[0-9a-f]{8}|[0-9a-f]{17})")
"""An ARN, the id of a hosted zone, or an id such as `vpc-0a1b2c3d4e5f60718` (EC2 ids have 8 or 17 hex digits)."""


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """A stack's configuration without anything encrypted."""

    plain: dict[str, Any]
    """The `config` object of the stack file, less its secrets."""
    secrets: dict[Path, str]
    """What is to be set as a secret, by path."""


def sandboxed(stack_file: Mapping[str, Any], fakes: Mapping[str, Any]) -> SandboxConfig:
    """Separate plain settings from secrets, each secret replaced by its value in `fakes` or by one that says its path.

    `fakes` maps configuration keys to values or objects of values. One whose path the stack file does not use at all is
    added; one where the stack file has a plain value is not, so that a stack file may overrule it. One called `*` is
    for every encrypted value of its object that has none of its own: a value that says its path has not the form.
    """
    config = cast("Mapping[str, Any]", stack_file.get("config") or {})
    known = {path: value for path, value in _leaves(fakes) if path[-1] != "*"}
    forms = {path[:-1]: str(value) for path, value in _leaves(fakes) if path[-1] == "*"}
    encrypted = [path for path, value in _leaves(config) if _is_encrypted(value)]
    used = {path for path, _ in _leaves(config)}
    secrets: dict[Path, str] = {}
    for path in encrypted:
        below = {fake: value for fake, value in known.items() if fake[: len(path)] == path}
        secrets |= {at: str(value) for at, value in below.items()} or {path: forms.get(path[:-1], _fake(path))}
    for path, value in known.items():
        if not any(path[: len(other)] == other for other in used):
            secrets.setdefault(path, str(value))
    return SandboxConfig(plain=cast("dict[str, Any]", _without_encrypted(config)), secrets=secrets)


def aws_names(document: object) -> frozenset[str]:
    """Return every string in `document` with the form of an AWS id or ARN: the account has these already."""
    return frozenset(value for _, value in _leaves(document) if isinstance(value, str) and AWS_NAME.fullmatch(value))


def property_path(path: Path) -> str:
    """Write a path as `pulumi config set --path` reads it: `tmi:oauthSecrets["corporate"]`."""
    key, *rest = path
    return str(key) + "".join(f"[{json.dumps(part)}]" for part in rest)


def _is_encrypted(value: object) -> bool:
    return isinstance(value, dict) and cast("dict[str, Any]", value).keys() == {"secure"}


def _leaves(value: object, at: Path = ()) -> Iterator[tuple[Path, object]]:
    if isinstance(value, Mapping) and not _is_encrypted(cast("object", value)):
        for key, inner in cast("Mapping[str, object]", value).items():
            yield from _leaves(inner, (*at, key))
    elif isinstance(value, list):
        for position, inner in enumerate(cast("list[object]", value)):
            yield from _leaves(inner, (*at, position))
    else:
        yield at, value


def _without_encrypted(value: object) -> object:
    """Drop encrypted values; in a list they become empty strings, so that positions stay what they are."""
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).items()
        return {key: _without_encrypted(inner) for key, inner in items if not _is_encrypted(inner)}
    if isinstance(value, list):
        return ["" if _is_encrypted(inner) else _without_encrypted(inner) for inner in cast("list[object]", value)]
    return value


def _fake(path: Path) -> str:
    return "-".join(["sandbox", *(str(part).replace(":", "-") for part in path)])
