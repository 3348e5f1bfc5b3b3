"""What nobody means to write: values and references that a rule must survive and must not repeat."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from policy.graph import Graph, Resource
from policy.rule import Violation, findings
from policy.rules import RULES
from policy.values import UNKNOWN, Plain, elements, read
from tests.policy.mutations.changing import changed

Path: TypeAlias = tuple[str, ...]

SECRET: Final = "swordfish"  # noqa: S105 -- looked for in messages
PLANTED: Final = f"{SECRET}\r\n\x1b[31m{SECRET}\x07\u202e\u2028"
"""A text of two lines that turns a terminal red, rings its bell and writes from right to left."""
_DEEP: Final = 100
_AT_ONCE: Final = 4  # paths of a resource that change together
_HUGE: Final = 50_000
"""Characters: what reads them anew for each of them reads more than a thousand million."""


def nested(depth: int) -> Plain:
    """Maps and lists in one another."""
    value: Plain = PLANTED
    for _ in range(depth // 2):
        value = {PLANTED: [value]}
    return value


VALUES: Final[Mapping[str, Plain]] = {
    "unknown": UNKNOWN,
    "absent": None,
    "an empty map": {},
    "an empty list": [],
    "an empty text": "",
    "a text": PLANTED,
    "a huge number": 10**30,
    "minus one": -1,
    "true": True,
    "no number": float("nan"),
    "without an end": float("inf"),
    "lists in a list": [[PLANTED], [], [None], [UNKNOWN], [[{}]]],
    "a map of anything": {PLANTED: PLANTED, "": {}, "0": [UNKNOWN]},
    "a deep value": nested(_DEEP),
}
"""Whatever may stand where something else belongs."""

HUGE: Final[Mapping[str, str]] = {
    "a long text": SECRET * (_HUGE // len(SECRET)),
    "a long number": "9" * _HUGE,
    "a version": "1." + "9" * _HUGE,
    "a quantity": "9" * _HUGE + "Gi",
    "a pattern": "*" * (_HUGE // 10),
    "an ARN": "arn:aws:rds:*:*:db:" + "*a" * (_HUGE // 1000),
    "an alarm's rule": 'ALARM("' * (_HUGE // 7),
    "an address": "10." * (_HUGE // 3),
    "words": "api." * (_HUGE // 4),
    "a tag": "a:" + "9" * _HUGE,
    "a deep document": "[" * _HUGE,
    "a deep map": '{"Statement":' * (_HUGE // 13),
}
"""Texts that make a careless reader go on for hours, or run out of stack."""


def _documents() -> Iterator[tuple[str, str]]:
    odd: tuple[object, ...] = (None, True, 7, PLANTED, [], {}, [[PLANTED]], {PLANTED: {PLANTED: PLANTED}})
    for name in ("Effect", "Principal", "Action", "Resource", "Condition", "NotAction", "NotPrincipal", "Sid"):
        for value in odd:
            statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", name: value}
            yield f"{name} is {type(value).__name__}", json.dumps({"Statement": [statement]})
            if isinstance(value, dict):
                held = {"AWS": value, "Service": [value], "Federated": value}
                yield f"{name} holds {len(value)}", json.dumps({"Statement": {**statement, name: held}})
    for value in odd:
        yield f"Statement is {type(value).__name__}", json.dumps({"Statement": value})
        yield f"it is {type(value).__name__}", json.dumps(value)
    many = {"Effect": "Allow", "Principal": {"AWS": [PLANTED] * 10}, "Action": [PLANTED] * 10, "Resource": PLANTED}
    yield "it is huge", json.dumps({"Statement": [many] * 5000})
    yield "it is not JSON", f"{{{PLANTED}"
    yield "its number is huge", '{"Statement": ' + "1" * 5000 + "}"


DOCUMENTS: Final[Mapping[str, str]] = dict(_documents())
"""Policies of IAM in which something is not as it should be."""


def paths(value: Plain) -> Iterator[Path]:
    """Every path below a value."""
    inside = enumerate(value) if isinstance(value, Sequence) and not isinstance(value, str) else ()
    for step, each in value.items() if isinstance(value, Mapping) else inside:
        yield (str(step),)
        yield from ((str(step), *rest) for rest in paths(each))


def distinct(resource: Resource) -> list[Path]:
    """The paths below a resource, without those that differ from an earlier one in places of lists alone."""
    found: dict[str, Path] = {}
    for path in paths(resource.properties):
        found.setdefault(re.sub(r"\.\d+\b", ".0", ".".join(path)), path)
    return list(found.values())


def with_anything(resource: Resource, path: Path, value: Plain) -> Resource:
    """A resource in which a value at a path is another."""
    return replace(
        resource,
        properties={**resource.properties, path[0]: changed(resource.properties[path[0]], path[1:], value)},
    )


def at(value: Plain, path: Path) -> Plain:
    """What stands at a path below a value; a number is a place in a list."""
    for step in path:
        value = elements(value)[int(step)] if step.isdigit() else read(value, step)
    return value


def rounds(
    resources: Iterable[Resource], value: Plain, where: Callable[[Plain], bool] = lambda _: True
) -> Iterator[Graph]:
    """Graphs in which a few paths of each resource hold a value, far from one another, until all have had their turn.

    Only the paths count at which something stands that is meant.
    """
    places = [(each, [path for path in distinct(each) if where(at(each.properties, path))]) for each in resources]
    number = -(-max(len(found) for _, found in places) // _AT_ONCE)
    for turn in range(number):
        yield Graph.of(*(_with_all(each, _turn(found, turn, number), value) for each, found in places))


def _turn(found: Sequence[Path], turn: int, number: int) -> Sequence[Path]:
    return found[turn::number] or [found[turn % len(found)]] if found else []


def _with_all(resource: Resource, places: Sequence[Path], value: Plain) -> Resource:
    for path in sorted(places, key=len, reverse=True):  # the deepest first, while the path still leads there
        resource = with_anything(resource, path, value)
    return resource


def largest_of_each_type(graph: Graph) -> list[Resource]:
    """One resource of each type: the one that says most."""
    found: dict[str, Resource] = {}
    for each in graph:
        if each.type not in found or len(distinct(each)) > len(distinct(found[each.type])):
            found[each.type] = each
    return list(found.values())


def rewired(graph: Graph, targets: Callable[[Resource, str], tuple[str, ...]]) -> Graph:
    """A graph in which every property was made from something else."""
    return Graph.of(
        *(replace(each, dependencies={name: targets(each, name) for name in each.dependencies}) for each in graph)
    )


def said(graph: Graph) -> list[str]:
    """All that the rules say of a graph; each line is one, and repeats nothing that was planted."""
    found = [
        finding.message if isinstance(finding, Violation) else finding.what
        for rule in RULES
        for finding in findings(rule, graph)
    ]
    assert [line for line in found if SECRET in line or not line.isprintable()] == []
    return found
