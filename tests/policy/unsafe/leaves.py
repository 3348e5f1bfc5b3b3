"""The leaves of a graph's properties, each under a pattern that many leaves share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, final

from policy.graph import Graph, Resource
from policy.values import Plain


@final
class Absent:
    """The type of `ABSENT`; no second instance is ever made."""


ABSENT: Final = Absent()
"""The value of a property that is not given."""

ELSEWHERE: Final = "elsewhere"
"""The name of something that the stack does not have."""

Unsafe: TypeAlias = "Mapping[str, Mapping[str, Sequence[Plain | Absent]]]"
"""For each type, and each pattern of a path below it, the values that would hurt."""

POD: Final = "pod"
"""The type under which the leaves of pods stand, whatever makes the pods."""
_PODS_AT: Final = (("spec", "jobTemplate", "spec", "template", "spec"), ("spec", "template", "spec"))
_MAKE_PODS: Final = ("kubernetes:apps/v1:Deployment", "kubernetes:batch/v1:Job", "kubernetes:batch/v1:CronJob")

_KEYS_ARE_DATA: Final = frozenset(
    [
        "annotations",
        "data",
        "dimensions",
        "environmentVariables",
        "hard",
        "labels",
        "limits",
        "matchLabels",
        "nodeSelector",
        "requests",
        "tags",
    ]
)
"""Properties that hold a map from anything to anything: the keys are no names of properties."""

_NOT_GIVEN: Final = ("id", "apiVersion", "kind")
"""What says only which object it is."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A place in one resource that holds a value with nothing below it."""

    resource: Resource
    path: tuple[str | int, ...]
    type: str
    """The type's token, or `POD`."""
    pattern: str
    """The path with `*` for places in a list and keys of a map; containers of every kind are `containers`."""
    value: Plain


def leaves(graph: Graph) -> Iterator[Leaf]:
    """Every leaf of what the program gave to the resources of AWS and Kubernetes, and to what is random."""
    for resource in graph:
        if resource.type.startswith(("aws:", "kubernetes:", "random:")):
            for name, value in resource.properties.items():
                if name not in _NOT_GIVEN:
                    yield from (_leaf(resource, path, leaf) for path, leaf in _below(value, (name,)))


def mutated(graph: Graph, leaf: Leaf, value: Plain | Absent) -> Graph:
    """A graph in which the leaf has another value, or is not given; what it named is forgotten with it."""
    resource = leaf.resource
    name = str(leaf.path[0])
    changed = _changed(resource.properties[name], leaf.path[1:], value)
    others = {key: each for key, each in resource.properties.items() if key != name}
    gone = {each.urn for each in _named_by(graph, leaf)}
    made_from = {
        key: tuple(urn for urn in urns if key != name or urn not in gone) for key, urns in resource.dependencies.items()
    }
    new = replace(
        resource,
        properties=others if isinstance(changed, Absent) else {**others, name: changed},
        dependencies=made_from,
    )
    return Graph({**graph.resources, resource.urn: new})


def _named_by(graph: Graph, leaf: Leaf) -> Iterator[Resource]:
    """The resources that the leaf's value names: by their logical name, or by a text that is theirs alone."""
    for urn in leaf.resource.dependencies.get(str(leaf.path[0]), ()):
        target = graph.resources.get(urn)
        texts = (
            ()
            if target is None
            else (target.name, *(each for each in target.properties.values() if isinstance(each, str)))
        )
        if target is not None and isinstance(leaf.value, str) and any(text and text in leaf.value for text in texts):
            yield target


def _leaf(resource: Resource, path: tuple[str | int, ...], value: Plain) -> Leaf:
    token, within = resource.type, path
    if token in _MAKE_PODS:
        for prefix in _PODS_AT:
            if path[: len(prefix)] == prefix:
                token, within = POD, path[len(prefix) :]
                break
    steps: list[str] = []
    for step in within:
        in_map = bool(steps) and steps[-1] in _KEYS_ARE_DATA and isinstance(step, str)
        steps.append("*" if in_map or isinstance(step, int) else step)
    if token == POD and steps[0] == "initContainers":
        steps[0] = "containers"
    return Leaf(resource, path, token, ".".join(steps), value)


def _below(value: Plain, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Plain]]:
    if isinstance(value, Mapping) and value:
        for name, each in value.items():
            yield from _below(each, (*path, name))
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        for index, each in enumerate(value):
            yield from _below(each, (*path, index))
    else:
        yield path, value


def _changed(value: Plain, path: tuple[str | int, ...], new: Plain | Absent) -> Plain | Absent:
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        assert isinstance(step, str)
        inner = _changed(value[step], rest, new)
        kept = {name: each for name, each in value.items() if name != step}
        return kept if isinstance(inner, Absent) else {**kept, step: inner}
    assert isinstance(value, Sequence)
    assert isinstance(step, int)
    inner = _changed(value[step], rest, new)
    return [*value[:step], *([] if isinstance(inner, Absent) else [inner]), *value[step + 1 :]]
