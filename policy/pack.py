"""What is reported to the engine, and how strictly: the rules, asked about one resource or about all.

Each rule is one policy, so that reports name it and `--policy-pack-config` can address it. A rule about one resource
is asked before that resource is touched; a rule about the graph when all is declared, on which a preview can still say
no. Whatever goes wrong in a rule becomes a violation: an exception that escaped would end the engine's run without
naming either rule or resource.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from policy import exceptions
from policy.configuration import Configuration, Level, Setting, configured
from policy.exceptions import EXCEPTIONS, PolicyException
from policy.facts import rotations
from policy.graph import Graph, Resource, given
from policy.rule import Description, Finding, GraphRule, ResourceRule, Rule, Undecided, Violation, findings, undecided
from policy.rules import RULES
from policy.values import UNKNOWN, Plain

_Told = TypeVar("_Told")


@dataclass(frozen=True, slots=True)
class Policy:
    """One entry of the pack as the engine lists it."""

    name: str
    title: str
    level: Level = Level.MANDATORY
    """What a violation does, unless the pack is configured otherwise."""
    about: Description | None = None
    """What people read about it, if it is a rule."""
    of_one: bool = False
    """Whether one resource decides it."""


@dataclass(frozen=True, slots=True)
class Report:
    """One thing the pack says."""

    policy: Policy
    level: Level
    message: str
    """One line."""
    urn: str = ""
    """The resource it is about; empty for the stack."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule ended with an exception."""

    resource: Resource | None
    """What it was looking at."""
    message: str


_EXCEPTIONS: Final = Policy("exceptions", "Exceptions are in force and needed")
_CONFIGURATION: Final = Policy("configuration", "Policies are turned down by their names, for a reason")
_OPEN_QUESTIONS: Final = Policy("open-questions", "What this verdict does not cover", Level.ADVISORY)
_FIXED: Final = frozenset([_CONFIGURATION.name, _OPEN_QUESTIONS.name])
"""Policies that say what is turned down, and cannot be."""


class Pack:
    """The pack in one process; the engine tells it of one run, or of a preview and the run after it."""

    def __init__(
        self, rules: Sequence[Rule] = RULES, accepted: Sequence[PolicyException] = EXCEPTIONS, today: date | None = None
    ) -> None:
        self._accepted = accepted
        self._today = today or datetime.now(UTC).date()
        self._rules = [(_policy(rule), rule) for rule in rules]
        self._by_type: dict[str, list[tuple[Policy, ResourceRule]]] = {}
        for policy, rule in self._rules:
            if isinstance(rule, ResourceRule):
                for token in rule.types:
                    self._by_type.setdefault(token, []).append((policy, rule))
        self.policies = (*(policy for policy, _ in self._rules), _EXCEPTIONS, _CONFIGURATION, _OPEN_QUESTIONS)
        self._deployed = False
        self._asked: dict[str, Mapping[str, Plain]] = {}
        self._configuration = Configuration({policy.name: policy.level for policy in self.policies})

    def begin(self, *, deployed: bool) -> None:
        """Begin a run: a preview, or a deployment, whose graph comes once all is done."""
        self._deployed = deployed
        self._asked.clear()

    def configure(self, sent: Mapping[str, Setting]) -> None:
        """Take what a run sets for policies by name."""
        own = {policy.name: policy.level for policy in self.policies}
        self._configuration = configured(own, _FIXED, sent)

    def judge(self, asked_for: Resource) -> Iterator[Report]:
        """What is wrong with a resource that the program asks for."""
        self._asked[asked_for.urn] = asked_for.properties
        for policy, rule in self._by_type.get(asked_for.type, ()):
            for answer in _told(policy.name, partial(rule.check, asked_for)):
                if not isinstance(answer, Undecided):
                    yield from self._report(policy, answer)

    def judge_stack(self, planned: Iterable[Resource]) -> Iterator[Report]:
        """What is wrong with a stack, and what is not known of it."""
        graph = Graph.of(*map(self._completed, planned))
        answered: list[Rule] = []
        for policy, rule in self._rules:
            answers = _told(policy.name, partial(findings, rule, graph))
            found = [answer for answer in answers if not isinstance(answer, Broken)]
            answered.append(GraphRule(about=rule.about, check=partial(_again, found)))
            for answer in answers:
                if self._is_told_of_a_stack(rule, answer):
                    yield from self._report(policy, answer)
        yield from self._lines(_EXCEPTIONS, partial(self._faults, answered, graph))
        yield from self._lines(_CONFIGURATION, partial(iter, self._configuration.faults))
        yield from self._lines(_OPEN_QUESTIONS, partial(self._open, answered, graph))

    def _completed(self, planned: Resource) -> Resource:
        """A resource with what was asked for in place of what its outputs lack.

        These lack write-only arguments, and the whole object while its provider cannot be configured yet: in the first
        preview of a stack that is every object of Kubernetes.
        """
        asked = self._asked.get(planned.urn, {})
        known = given(planned.properties, planned.dependencies)
        missing = {name: asked[name] for name in asked if known.get(name, UNKNOWN) is UNKNOWN}
        return replace(planned, properties={**known, **missing})

    def _is_told_of_a_stack(self, rule: Rule, answer: Finding | Broken) -> bool:
        """What broke; what only a graph shows; and what is open, if all is done.

        What is wrong with one resource was told before it was touched.
        """
        if isinstance(answer, Violation):
            return isinstance(rule, GraphRule)
        return isinstance(answer, Broken) or self._deployed

    def _report(self, policy: Policy, answer: Finding | Broken) -> Iterator[Report]:
        resource = answer.resource
        if isinstance(answer, Broken):
            message = answer.message
        elif any(each.covers(policy.name, answer.resource, self._today) for each in self._accepted):
            return
        elif isinstance(answer, Violation):
            message = answer.message
        else:
            message = f"still open although all is deployed: {answer.what}"
        way_out = f" {policy.about.remediation}" if policy.about and not isinstance(answer, Broken) else ""
        name = resource.name if resource else "the stack"
        yield from self._said(policy, f"{name}: {message}.{way_out}", resource.urn if resource else "")

    def _lines(self, policy: Policy, tell: Callable[[], Iterable[str]]) -> Iterator[Report]:
        for told in _told(policy.name, tell):
            yield from self._report(policy, told) if isinstance(told, Broken) else self._said(policy, told)

    def _said(self, policy: Policy, message: str, urn: str = "") -> Iterator[Report]:
        level = self._configuration.levels[policy.name]
        if level is not Level.DISABLED:
            yield Report(policy, level, _line(message), urn)

    def _faults(self, answered: Sequence[Rule], graph: Graph) -> Iterator[str]:
        for exception, fault in exceptions.faults(self._accepted, answered, graph, self._today):
            yield f"{exception} {fault}"

    def _open(self, answered: Sequence[Rule], graph: Graph) -> Iterator[str]:
        yield from self._configuration.turned_down
        for exception in exceptions.in_force(self._accepted, graph, self._today):
            yield f"{exception}: {exception.reason}"
        yield from rotations.overdue(graph, self._today)
        levels = self._configuration.levels
        counts = undecided((rule for rule in answered if levels[rule.about.id] is not Level.DISABLED), graph)
        if counts and not self._deployed:
            each = ", ".join(f"{name} {count}" for name, count in counts.items())
            yield f"{counts.total()} undecided until the values are known: {each}"


def _policy(rule: Rule) -> Policy:
    return Policy(rule.about.id, rule.about.title, about=rule.about, of_one=isinstance(rule, ResourceRule))


def _line(text: str) -> str:
    """A text on one line, which moves no cursor and turns no text round: a resource's name may hold anything."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _again(found: Sequence[Finding], _: Graph) -> Sequence[Finding]:
    """What a rule has found already: exceptions and counts look at it without asking anew."""
    return found


def _told(policy: str, ask: Callable[[], Iterable[_Told]]) -> list[_Told | Broken]:
    """All that is told, and last the exception that ended it, if one did."""
    told: list[_Told | Broken] = []
    try:
        for each in ask():
            told.append(each)  # noqa: PERF402 -- what came before an exception is kept
    except Exception as error:  # noqa: BLE001 -- whatever it is, the engine must hear of it as a violation
        told.append(_broken(policy, error))
    return told


def _broken(policy: str, error: Exception) -> Broken:
    """Where an exception came from, but not what it says: that may be a value."""
    frames = list(traceback.walk_tb(error.__traceback__))
    held = (value for frame, _ in reversed(frames) for value in frame.f_locals.values())
    resource = next((value for value in held if isinstance(value, Resource)), None)
    code, line = frames[-1][0].f_code, frames[-1][1]
    where = f"{type(error).__name__} at {Path(code.co_filename).name}:{line}"
    return Broken(resource, f"the rule {policy} broke ({where}), so nothing is proved")
