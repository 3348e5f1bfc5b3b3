"""What a run did, gathered from the engine's events."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from sandbox.events import Analysed, Diagnostic, Ended, Event, Failed, Finished, Listener, Started, Step, Violation
from sandbox.state import STACK_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

VERBS: Final = {
    "create": "created",
    "update": "updated",
    "replace": "replaced",
    "same": "unchanged",
    "delete": "deleted",
    "refresh": "refreshed",
    "read": "read",
    "import": "imported",
}
"""The engine's operations and what a resource is afterwards, in the order of a summary."""


SAYS_NOTHING: Final = frozenset(
    [
        "preview failed",
        "update failed",
        "refresh failed",
        "destroy failed",
        "Resource monitor has terminated, shutting down",
    ]
)
"""Errors that only repeat that a run has failed, beside those that say why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """What a run did; in a preview, what it would do."""

    steps: tuple[Step, ...]
    """Every step of the program's own that ended well, once, in order, unchanged resources included."""
    failures: tuple[Step, ...]
    outputs: Mapping[str, Any]
    """The stack's outputs, secrets masked; empty if the run did not get that far."""
    violations: tuple[Violation, ...]
    packs: Mapping[str, str]
    """Versions of the policy packs that ran, by name."""
    policies: frozenset[str]
    """The names of the policies that had something to look at."""
    diagnostics: tuple[Diagnostic, ...]
    seconds: float

    @property
    def counts(self) -> dict[str, int]:
        """How many resources were created, updated, …; a verb that did not happen is missing."""
        operations = [step.operation for step in self.steps]
        return {verb: operations.count(name) for name, verb in VERBS.items() if name in operations}

    @property
    def changed(self) -> tuple[Step, ...]:
        """The steps that changed something."""
        return tuple(step for step in self.steps if step.operation not in {"same", "read", "refresh"})

    @property
    def refused(self) -> bool:
        """Whether a policy said no."""
        return any(violation.level == "mandatory" for violation in self.violations)

    @property
    def explained(self) -> bool:
        """Whether the events say why a run failed, if it did."""
        return self.refused or any(diagnostic.severity == "error" for diagnostic in self.diagnostics)

    def with_error(self, message: str) -> Summary:
        """Return the summary with one more error: what the engine printed outside its events."""
        return replace(self, diagnostics=(*self.diagnostics, Diagnostic("error", message)))


@dataclass
class Collector:
    """A listener that passes events on and keeps what a summary needs.

    `up` plans before it acts, so that a policy's refusal comes before the first creation; the steps of that plan are of
    no interest to anybody but a preview.
    """

    listener: Listener
    planned: bool
    """Whether it is the plan that is wanted."""
    started: float = field(default_factory=time.monotonic)
    events: list[Event] = field(default_factory=list[Event])

    def __call__(self, event: Event) -> None:
        """Take one event; called from the thread that serves the engine's event stream."""
        if isinstance(event, (Started, Finished, Failed)) and event.step.planned != self.planned:
            return
        self.events.append(event)
        self.listener(event)

    def summary(self) -> Summary:
        """Sum up what has been heard so far."""
        return summarise(self.events, time.monotonic() - self.started)


def summarise(events: list[Event], seconds: float) -> Summary:
    """Sum up the events of one run."""
    finished = [event.step for event in events if isinstance(event, Finished)]
    roots = [step for step in finished if step.type == STACK_TYPE and step.operation != "delete"]
    ends = [event for event in events if isinstance(event, Ended)]
    analysed = [event.policies for event in events if isinstance(event, Analysed)]
    diagnostics = [event for event in events if isinstance(event, Diagnostic) and event.message not in SAYS_NOTHING]
    return Summary(
        steps=tuple({(step.operation, step.urn): step for step in finished if step.is_own}.values()),
        failures=tuple(event.step for event in events if isinstance(event, Failed)),
        outputs=roots[-1].outputs if roots else {},
        violations=_violations(events, planned_first=len(ends) > 1),
        packs=ends[-1].packs if ends else {},
        policies=frozenset[str]().union(*analysed),
        diagnostics=tuple(dict.fromkeys(diagnostics)),  # the engine repeats some
        seconds=seconds,
    )


def _violations(events: list[Event], *, planned_first: bool) -> tuple[Violation, ...]:
    """Gather what policies said; what they only remarked on a plan is out of date once the plan was carried out."""
    plan = next(index for index, event in enumerate(events) if isinstance(event, Ended)) if planned_first else 0
    said = [event for index, event in enumerate(events) if isinstance(event, Violation) and _stands(event, index, plan)]
    return tuple(dict.fromkeys(said))


def _stands(violation: Violation, index: int, plan: int) -> bool:
    return violation.level == "mandatory" or index >= plan
