"""Failures on request, to test what a deployment does when the cloud lets it down."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sandbox.cloud.world import type_of

if TYPE_CHECKING:
    from sandbox.cloud.options import Fault, Operation


class Faults:
    """The faults of a run, each with the times it has left."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self._left = {index: fault.times for index, fault in enumerate(faults)}
        self._faults = faults
        self._lock = threading.Lock()

    def take(self, operation: Operation, urn: str) -> str | None:
        """Use up one matching fault and give its message; ``None`` where the operation is to succeed."""
        name = urn.split("::", 3)[3]
        with self._lock:
            for index, fault in enumerate(self._faults):
                matches = (fault.type, fault.operation) == (type_of(urn), operation) and fault.name in (None, name)
                if matches and self._left[index] > 0:
                    self._left[index] -= 1
                    return fault.message
        return None
