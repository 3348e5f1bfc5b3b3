"""What every check yields."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """One reason to refuse a resource."""

    path: str
    """The property, for example ``vpcConfig.subnetIds[1]``; empty where the resource as a whole is refused."""
    reason: str
    """The rule that was broken and the way out. Never quotes a value that may be secret."""

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason
