"""What is known to be wrong with TMI's versions, as far as the platform reckons with it.

A check that exists because of a defect asks here, and is lifted by the version that repairs it: write that version into
the table when it is out. Until then every version is taken to have the defect, those before the one it was seen in too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

_NUMBERS: Final = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")


class Defect(StrEnum):
    """A defect that a check or a component depends on."""

    SETTINGS_KEY_LOSES_DELIVERIES = "settings-key-loses-deliveries"
    EVERY_PROCESS_DELIVERS = "every-process-delivers"
    MEMORY_LEAK = "memory-leak"


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownDefect:
    """What is known about one."""

    what: str
    """What goes wrong."""
    seen_in: str
    """The version it was seen in."""
    fixed_in: str | None
    """The first version without it; None while there is none."""
    source: str
    """Where in TMI's source it comes from."""
    answer: str
    """What the platform does about it."""


DEFECTS: Final[Mapping[Defect, KnownDefect]] = MappingProxyType(
    {
        Defect.SETTINGS_KEY_LOSES_DELIVERIES: KnownDefect(
            what="With the settings encryption key, webhook deliveries of up to some 4,000 characters come back from "
            "Redis unreadable and are never sent.",
            seen_in="1.8.22",
            fixed_in=None,
            source="auth/db/redis.go, Set: a slice of bytes is formatted as text before it is encrypted",
            answer="Webhooks and `server.settings_encryption` exclude each other, and so do alerts and it.",
        ),
        Defect.EVERY_PROCESS_DELIVERS: KnownDefect(
            what="Every process of TMI sends every webhook delivery that it finds, and each retry twice.",
            seen_in="1.8.22",
            fixed_in=None,
            source="cmd/server/main.go, startWebhookWorkers: nothing claims a delivery, and nothing turns workers off",
            answer="Behind a pool webhooks are accepted only where the stack file says `delivery: at_least_once`.",
        ),
        Defect.MEMORY_LEAK: KnownDefect(
            what="Each authenticated request leaves a goroutine and 5.2 KB behind, 52 MB every 10,000 requests.",
            seen_in="1.8.22",
            fixed_in=None,
            source="cmd/server/jwt_auth.go, fetchAndSetUserObject: a new service, and with it a state store whose "
            "cleaner never ends, for each request",
            answer="Pods are restarted by the clock, after half of the time in which they would be full.",
        ),
    }
)
"""Every one, by name."""


def has(version: str, defect: Defect) -> bool:
    """Whether TMI of this version, the tag of its image, has the defect.

    Only the three numbers of a tag count: `1.8.22-arm64` is 1.8.22, and so is a build of it with a patch.

    Raises:
        ValueError: the tag names no version.
    """
    fixed_in = DEFECTS[defect].fixed_in
    return fixed_in is None or _numbers(version) < _numbers(fixed_in)


def _numbers(version: str) -> tuple[int, ...]:
    found = _NUMBERS.match(version)
    if found is None:
        raise ValueError(f"version must begin with three numbers, as 1.8.22 does, not {version!r}")
    return tuple(map(int, found.groups()))
