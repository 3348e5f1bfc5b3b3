"""Quantities of Kubernetes, such as 250m of a processor or 64Mi of memory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from policy.values import Plain

_QUANTITY: Final = re.compile(r"(\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:([eE][+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i))?")
"""A number beyond 2**63 - 1 is none that a cluster keeps, so one of forty figures need not be read."""
_SUFFIXES: Final[Mapping[str, Decimal]] = {
    **{suffix: Decimal(1000) ** power for power, suffix in zip((-3, -2, -1), "num", strict=True)},
    **{suffix: Decimal(1000) ** power for power, suffix in enumerate("kMGTPE", start=1)},
    **{f"{suffix}i": Decimal(1024) ** power for power, suffix in enumerate("KMGTPE", start=1)},
}


def quantity(value: Plain) -> Decimal | None:
    """What a quantity comes to in its unit; `None` if it is absent, unknown or none. Source: Kubernetes, Quantity."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        number = Decimal(str(value))
        return number if number.is_finite() else None
    found = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    return Decimal(f"{found[1]}{found[2] or ''}") * _SUFFIXES.get(found[3], Decimal(1)) if found else None


def some(value: Plain) -> bool:
    """Whether it is more than nothing."""
    return (quantity(value) or 0) > 0
