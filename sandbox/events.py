"""What the engine reports while it runs, as typed data.

The shapes are those of Pulumi's `sdk/go/common/apitype/events.go`; what nobody here reads is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, cast

from sandbox.state import STACK_TYPE, mask


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One operation on one resource."""

    operation: str
    """`same`, `create`, `update`, `delete`, `create-replacement`, … (`OpType` of the engine)."""
    urn: str
    type: str
    parent: str
    """The parent's URN; empty for the stack itself."""
    changes: tuple[str, ...] = ()
    """Paths of the properties that differ; empty unless the resource is updated or replaced."""
    planned: bool = False
    """Whether this is a preview's step, which only says what would be done."""
    logical: bool = True
    """False for the two halves of a replacement, of which the operation `replace` is the whole."""
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The resource's outputs, secrets masked; kept for the stack alone."""

    @property
    def name(self) -> str:
        """The resource's logical name."""
        return logical_name(self.urn)

    @property
    def is_own(self) -> bool:
        """Whether the program asked for it: not the stack, a default provider, or half of a replacement."""
        is_default_provider = self.type.startswith("pulumi:providers:") and self.name.startswith("default")
        return self.logical and self.type != STACK_TYPE and not is_default_provider


@dataclass(frozen=True, slots=True)
class Started:
    """A step begins; in a preview, is planned."""

    step: Step


@dataclass(frozen=True, slots=True)
class Finished:
    """A step is done; in a preview, is known to be possible."""

    step: Step


@dataclass(frozen=True, slots=True)
class Failed:
    """A step has failed; a diagnostic says why."""

    step: Step


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A message of the program, of a provider, or of the engine."""

    severity: str
    """`info`, `info#err` (what a process prints), `warning` or `error`."""
    message: str
    urn: str = ""


@dataclass(frozen=True, slots=True)
class Violation:
    """A policy says no."""

    pack: str
    policy: str
    level: str
    """`mandatory` ends the run; `advisory` does not."""
    message: str
    urn: str = ""


@dataclass(frozen=True, slots=True)
class Analysed:
    """A pack has looked at a resource, or at the stack."""

    pack: str
    policies: frozenset[str]
    """The names of the policies that had something to look at."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The engine's last word."""

    packs: Mapping[str, str]
    """Versions of the policy packs that ran, by name."""


StepEvent: TypeAlias = Started | Finished | Failed
Event: TypeAlias = StepEvent | Diagnostic | Violation | Analysed | Ended
Listener: TypeAlias = Callable[[Event], None]


def logical_name(urn: str) -> str:
    """Return the last part of a URN, which is the resource's logical name."""
    return urn.rsplit("::", 1)[-1]


def parse(document: Mapping[str, Any]) -> Event | None:
    """Read one event of the engine's event stream; None for what nobody here reads."""
    for kind, read in _READERS.items():
        if kind in document:
            return read(document[kind])
    return None


def _step(event: Mapping[str, Any]) -> Step:
    data = cast("Mapping[str, Any]", event["metadata"])
    state = cast("Mapping[str, Any]", data.get("new") or data.get("old") or {})
    changes = sorted(data.get("detailedDiff") or data.get("diffs") or ())
    return Step(
        operation=data["op"],
        urn=data["urn"],
        type=data["type"],
        parent=state.get("parent", ""),
        changes=tuple(changes),
        planned=event.get("planning", False),
        logical=data.get("logical", False),
        outputs=cast("Mapping[str, Any]", mask(state.get("outputs") or {})) if data["type"] == STACK_TYPE else {},
    )


def _diagnostic(data: Mapping[str, Any]) -> Diagnostic | None:
    # An ephemeral message is a progress line that the CLI would overwrite with the next one.
    if data["severity"] == "debug" or data.get("ephemeral", False):
        return None
    return Diagnostic(data["severity"], data["message"].strip(), data.get("urn", ""))


def _violation(data: Mapping[str, Any]) -> Violation:
    level, message = data["enforcementLevel"], data["message"].strip()
    return Violation(data["policyPackName"], data["policyName"], level, message, data.get("resourceUrn", ""))


def _analysed(data: Mapping[str, Any]) -> Analysed:
    return Analysed(data["policyPackName"], frozenset([*(data.get("passed") or ()), *(data.get("failed") or ())]))


def _ended(data: Mapping[str, Any]) -> Ended:
    packs = cast("Mapping[str, str]", data.get("PolicyPacks") or {})
    return Ended(
        {name.partition("|")[0]: version for name, version in packs.items()}
    )  # a local one is `name|local|path`


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Event | None]]] = {
    "resourcePreEvent": lambda data: Started(_step(data)),
    "resOutputsEvent": lambda data: Finished(_step(data)),
    "resOpFailedEvent": lambda data: Failed(_step(data)),
    "diagnosticEvent": _diagnostic,
    "policyEvent": _violation,
    "policyAnalyzeSummaryEvent": _analysed,
    "policyAnalyzeStackSummaryEvent": _analysed,
    "summaryEvent": _ended,
}
