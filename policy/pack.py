"""Carries the rules to the engine: the only module that meets the policy SDK.

Each rule is one policy, so that reports name it and `--policy-pack-config` can address it. A rule about one resource
runs before that resource is touched; a rule about the graph runs when all is declared, on which a preview can still
say no. Whatever goes wrong in a rule becomes a violation: an exception that escaped would end the engine's run without
naming either rule or resource.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias, TypeVar, cast

import pulumi_policy as sdk
from pulumi_policy.proxy import UnknownValueError

from policy import exceptions, rotations
from policy.exceptions import EXCEPTIONS, PolicyException
from policy.graph import Graph, Resource, given
from policy.rule import Finding, ResourceRule, Rule, Severity, Violation, findings, undecided
from policy.rules import RULES
from policy.values import UNKNOWN, Plain

NAME: Final = "tmi"

_Key = TypeVar("_Key")
_Stack: TypeAlias = Callable[[sdk.StackValidationArgs, str], Graph]
"""The graph of what a stack policy gets, which says its name."""

_SEVERITIES: Final[Mapping[Severity, sdk.Severity]] = {
    Severity.MEDIUM: sdk.Severity.MEDIUM,
    Severity.HIGH: sdk.Severity.HIGH,
    Severity.CRITICAL: sdk.Severity.CRITICAL,
}


def serve() -> None:
    """Serve every policy to the engine, for ever: the SDK's constructor prints its port and does not return."""
    sdk.PolicyPack(name=NAME, policies=policies(), enforcement_level=sdk.EnforcementLevel.MANDATORY)


def policies(
    rules: Sequence[Rule] = RULES, accepted: Sequence[PolicyException] = EXCEPTIONS, today: date | None = None
) -> list[sdk.Policy]:
    """A mandatory policy for each rule, one for the exceptions, and an advisory one that reports what is open."""
    day = today or datetime.now(UTC).date()
    asked: dict[str, Mapping[str, Plain]] = {}
    read_by: dict[str, Graph] = {}

    def remember(args: sdk.ResourceValidationArgs, _: sdk.ReportViolation) -> None:
        asked[args.urn] = properties(args.props)

    def stack(args: sdk.StackValidationArgs, policy: str) -> Graph:
        # Each policy of a run gets the same resources, and to read them is most of its work: the first does so for all.
        # Whoever asks again is in the next run.
        if policy in read_by:
            read_by.clear()
        read_by[policy] = next(iter(read_by.values())) if read_by else graph(args.resources, asked)
        return read_by[policy]

    return [
        sdk.ResourceValidationPolicy(
            name="inputs",
            description="Reads what the program asks for, and refuses nothing",
            validate=remember,
            enforcement_level=sdk.EnforcementLevel.ADVISORY,
        ),
        *(_policy(rule, stack, accepted, day) for rule in rules),
        sdk.StackValidationPolicy(
            name="exceptions",
            description="Exceptions are in force and needed",
            validate=_exceptions(rules, stack, accepted, day),
            enforcement_level=sdk.EnforcementLevel.MANDATORY,
        ),
        sdk.StackValidationPolicy(
            name="open-questions",
            description="What this verdict does not cover",
            validate=_open_questions(rules, stack, accepted, day),
            enforcement_level=sdk.EnforcementLevel.ADVISORY,
        ),
    ]


def plain(value: object) -> Plain:
    """A value without the SDK's proxies, which raise where a value is unknown; whole numbers become `int`."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value)
        return {key: _at(items.__getitem__, key) for key in items}
    if isinstance(value, Sequence):
        entries = cast("Sequence[object]", value)
        return [_at(entries.__getitem__, index) for index in range(len(entries))]
    return UNKNOWN  # an asset or an archive, whose content a policy does not get


def _at(get: Callable[[_Key], object], key: _Key) -> Plain:
    try:
        return plain(get(key))
    except UnknownValueError:
        return UNKNOWN


def properties(value: Mapping[str, object]) -> Mapping[str, Plain]:
    """The properties of a resource as plain data."""
    return {key: _at(value.__getitem__, key) for key in value}


def graph(
    resources: Iterable[sdk.PolicyResource], asked: Mapping[str, Mapping[str, Plain]] = MappingProxyType({})
) -> Graph:
    """The graph of a stack's resources, out of what the SDK gives a stack policy and what was asked for, by URN.

    A stack policy sees outputs alone. These lack write-only arguments, and the whole object while its provider cannot
    be configured yet: in the first preview of a stack that is every object of Kubernetes.
    """
    return Graph.of(*(_in_graph(resource, asked.get(resource.urn, {})) for resource in resources))


def _in_graph(resource: sdk.PolicyResource, asked: Mapping[str, Plain]) -> Resource:
    dependencies = {
        name: tuple(target.urn for target in targets) for name, targets in resource.property_dependencies.items()
    }
    planned = given(properties(resource.props), dependencies)
    return Resource(
        urn=resource.urn,
        type=resource.resource_type,
        name=resource.name,
        properties={**planned, **{name: asked[name] for name in asked if planned.get(name, UNKNOWN) is UNKNOWN}},
        dependencies=dependencies,
        provider=resource.provider.urn if resource.provider else "",
    )


def _policy(rule: Rule, stack: _Stack, accepted: Sequence[PolicyException], today: date) -> sdk.Policy:
    about = rule.about
    framework, _, control = about.frameworks[0].partition(" ")

    def report(found: Iterable[Finding], to: sdk.ReportViolation) -> None:
        for finding in found:
            excused = any(each.covers(about.id, finding.resource, today) for each in accepted)
            if isinstance(finding, Violation) and not excused:
                message = f"{finding.resource.name}: {finding.message}. {about.remediation}"
                to(_line(message), finding.resource.urn)

    def on_resource(args: sdk.ResourceValidationArgs, to: sdk.ReportViolation) -> None:
        if isinstance(rule, ResourceRule) and args.resource_type in rule.types:
            with _crash_reported(about.id, to):
                resource = Resource(
                    urn=args.urn, type=args.resource_type, name=args.name, properties=properties(args.props)
                )
                report(rule.check(resource), to)

    def on_stack(args: sdk.StackValidationArgs, to: sdk.ReportViolation) -> None:
        with _crash_reported(about.id, to):
            report(findings(rule, stack(args, about.id)), to)

    make = partial(
        sdk.ResourceValidationPolicy if isinstance(rule, ResourceRule) else sdk.StackValidationPolicy,
        name=about.id,
        description=about.title,
        enforcement_level=sdk.EnforcementLevel.MANDATORY,
        severity=_SEVERITIES[about.severity],
        framework=sdk.PolicyComplianceFramework(name=framework, reference=control),
        tags=list(about.frameworks),
        remediation_steps=f"{about.why} {about.remediation}",
    )
    return make(validate=on_resource if isinstance(rule, ResourceRule) else on_stack)


@contextmanager
def _crash_reported(name: str, to: sdk.ReportViolation) -> Generator[None]:
    """Turns an exception into a violation that says where it came from, but not what it says: that may be a value."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 -- whatever it is, the engine must hear of it as a violation
        frames = list(traceback.walk_tb(error.__traceback__))
        held = (value for frame, _ in reversed(frames) for value in frame.f_locals.values())
        resource = next((value for value in held if isinstance(value, Resource)), None)
        code, line = frames[-1][0].f_code, frames[-1][1]
        where = f"{Path(code.co_filename).name}:{line}"
        about = _line(resource.name) if resource else "the stack"
        message = f"{about}: the rule {name} broke ({type(error).__name__} at {where}), so nothing is proved"
        to(message, resource.urn if resource else None)


def _exceptions(
    rules: Sequence[Rule], stack: _Stack, accepted: Sequence[PolicyException], today: date
) -> Callable[[sdk.StackValidationArgs, sdk.ReportViolation], None]:
    def validate(args: sdk.StackValidationArgs, to: sdk.ReportViolation) -> None:
        with _crash_reported("exceptions", to):
            for exception, fault in exceptions.faults(accepted, rules, stack(args, "exceptions"), today):
                to(f"{_line(str(exception))} {fault}", None)

    return validate


def _open_questions(
    rules: Sequence[Rule], stack: _Stack, accepted: Sequence[PolicyException], today: date
) -> Callable[[sdk.StackValidationArgs, sdk.ReportViolation], None]:
    def validate(args: sdk.StackValidationArgs, to: sdk.ReportViolation) -> None:
        with _crash_reported("open-questions", to):
            whole = stack(args, "open-questions")
            for exception in exceptions.in_force(accepted, whole, today):
                to(_line(f"{exception}: {exception.reason}"), None)
            for line in rotations.overdue(whole, today):
                to(_line(line), None)
            for name, count in undecided(rules, whole).items():
                to(f"{name}: {count} undecided until the values are known", None)

    return validate


def _line(text: str) -> str:
    """A text on one line, which moves no cursor and turns no text round: a resource's name may hold anything."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
