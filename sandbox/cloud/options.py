"""What a run of the simulated cloud is told at its start."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Operation: TypeAlias = Literal["create", "update", "delete", "read"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A failure to inject: the given operation on matching resources fails, a number of times."""

    type: str
    """The Pulumi type token, for example ``aws:rds/instance:Instance``."""
    name: str | None = None
    """The logical name; ``None`` matches every resource of the type."""
    operation: Operation
    message: str
    """What the cloud says instead of doing it."""
    times: int = 1
    """How often it fails before it works."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudOptions:
    """The account a run finds, and how the cloud behaves during it."""

    existing: frozenset[str] = frozenset()
    """Ids and ARNs that stand in the account already: those the stack file itself names."""
    faults: tuple[Fault, ...] = ()
    latency_seconds: float = 0
    """How long every create, update and delete takes."""
    snapshot: Mapping[str, Any] | None = None
    """The stack's deployment, as ``pulumi stack export`` has it under that key: what exists. ``None`` for nothing."""

    def types(self) -> list[str]:
        """Give the types that the stack has of the SDKs whose schemas are read, each once."""
        tokens = dict.fromkeys(entry["type"] for entry in (self.snapshot or {}).get("resources") or ())
        return [token for token in tokens if token.startswith(("aws:", "random:"))]

    def to_json(self) -> dict[str, Any]:
        """Give the options as JSON."""
        return {
            "existing": sorted(self.existing),
            "faults": [asdict(fault) for fault in self.faults],
            "latency_seconds": self.latency_seconds,
            "snapshot": self.snapshot,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> CloudOptions:
        """Read what :meth:`to_json` wrote."""
        return cls(
            existing=frozenset(document["existing"]),
            faults=tuple(Fault(**fault) for fault in document["faults"]),
            latency_seconds=document["latency_seconds"],
            snapshot=document["snapshot"],
        )
