"""What changed between two versions of a resource's inputs."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.cloud.replacements import ONE_WAY, forcing_paths
from sandbox.cloud.values import Properties, Value, reveal

if TYPE_CHECKING:
    from collections.abc import Iterator

INDEX = re.compile(r"\[[^\]]*\]")
PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


class Kind(enum.Enum):
    """What happened to a property."""

    ADDED = "add"
    DELETED = "delete"
    UPDATED = "update"


@dataclass(frozen=True, slots=True)
class Change:
    """One property that differs."""

    path: str
    """As the engine writes paths: ``tags.Name``, ``routes[0]``, ``metadata.labels["app.kubernetes.io/name"]``."""
    kind: Kind
    replaces: bool


def compare(token: str, old: Properties, new: Properties, *, is_mutable: bool = False) -> list[Change]:
    """List what changed; ``is_mutable`` says that this provider updates ConfigMaps and Secrets in place."""
    forcing = forcing_paths(token, is_mutable=is_mutable)
    before, after = _comparable(old), _comparable(new)
    return [
        Change(
            path,
            kind,
            replaces=any(_is_part(path, forced) for forced in forcing)
            or (token, path, before.get(path), after.get(path)) in ONE_WAY,
        )
        for path, kind in _differences(before, after, "")
    ]


def _comparable(properties: Properties) -> Properties:
    """Leave out write-only arguments: the provider keeps none and looks at their version alone."""
    return {key: reveal(value) for key, value in properties.items() if not is_write_only(key) and value is not None}


def is_write_only(name: str) -> bool:
    """Say whether an argument is write-only: sent to the cloud, never read back, never kept."""
    return name.endswith("Wo")


def _differences(old: Value, new: Value, path: str) -> Iterator[tuple[str, Kind]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            here = (f"{path}.{key}" if path else key) if PLAIN_KEY.fullmatch(key) else f'{path}["{key}"]'
            if key not in old:
                yield here, Kind.ADDED
            elif key not in new:
                yield here, Kind.DELETED
            else:
                yield from _differences(old[key], new[key], here)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _differences(before, after, f"{path}[{index}]")
    elif old != new:
        yield path, Kind.UPDATED


def _is_part(path: str, of: str) -> bool:
    plain = INDEX.sub("", path)
    return of in ("", plain) or plain.startswith(f"{of}.") or of.startswith(f"{plain}.")
