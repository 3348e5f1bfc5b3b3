"""What one layer says about a connection."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Verdict(StrEnum):
    """Whether a layer lets a connection pass."""

    OPEN = "open"
    UNKNOWN = "unknown"
    """It cannot be told from the resources; it counts as a lock nowhere."""
    CLOSED = "closed"
    ABSENT = "absent"
    """Nothing of the layer is in the way of such a connection."""


_BY_OPENNESS: Final = (Verdict.OPEN, Verdict.UNKNOWN, Verdict.CLOSED)


def any_way(verdicts: Iterable[Verdict]) -> Verdict:
    """What several ways come to of which one is enough; no way at all is closed."""
    return min(verdicts, key=_BY_OPENNESS.index, default=Verdict.CLOSED)


def every_step(*verdicts: Verdict) -> Verdict:
    """What several steps come to that all must be passed; those that are absent do not count."""
    steps = [each for each in verdicts if each is not Verdict.ABSENT]
    return max(steps, key=_BY_OPENNESS.index, default=Verdict.ABSENT)


def decided(*, passes: bool) -> Verdict:
    """The verdict on a question that has an answer."""
    return Verdict.OPEN if passes else Verdict.CLOSED
