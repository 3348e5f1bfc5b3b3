"""How a sound graph is broken, and which rules say so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from policy.graph import Graph, Resource
from policy.rule import Violation, findings
from policy.rules import RULES
from policy.values import UNKNOWN, Plain, elements


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change that breaks a rule, and that rule's id."""

    rule: str
    what: str
    apply: Callable[[Graph], Graph]
    also: frozenset[str] = frozenset()
    """Other rules that the same change breaks, by right."""

    @property
    def breaks(self) -> set[str]:
        """Every rule that must report it."""
        return {self.rule, *self.also}

    def __str__(self) -> str:
        return f"{self.rule}: {self.what}"


def fired(graph: Graph) -> set[str]:
    """The ids of the rules that report a violation in a graph."""
    return {rule.about.id for rule in RULES for finding in findings(rule, graph) if isinstance(finding, Violation)}


def with_property(graph: Graph, resource: Resource, name: str, value: Plain) -> Graph:
    """A graph in which one top-level property of one resource is another; it keeps what it was made from."""
    return with_resource(graph, replace(resource, properties={**resource.properties, name: value}))


def referring_to(graph: Graph, resource: Resource, name: str, *targets: Resource) -> Graph:
    """A graph in which one property of one resource was made from other resources."""
    dependencies = {**resource.dependencies, name: tuple(target.urn for target in targets)}
    return with_resource(
        graph, replace(resource, properties={**resource.properties, name: UNKNOWN}, dependencies=dependencies)
    )


def without(graph: Graph, resource: Resource) -> Graph:
    """A graph without one resource."""
    return Graph({urn: each for urn, each in graph.resources.items() if urn != resource.urn})


def with_resource(graph: Graph, resource: Resource) -> Graph:
    return Graph({**graph.resources, resource.urn: resource})


def first(graph: Graph, *types: str, **properties: Plain) -> Resource:
    """The first resource of these types with these properties; a graph without one cannot be mutated."""
    found = [
        resource
        for resource in graph.of_type(*types)
        if all(resource.get(name) == value for name, value in properties.items())
    ]
    assert found, f"the graph holds no {' or '.join(types)} with {properties}"
    return found[0]


def changed(value: Plain, path: tuple[str, ...], new: Plain) -> Plain:
    """A value that holds another one at a path below it; a number is a place in a list."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if step.isdigit():
        found = list(elements(value))
        found[int(step)] = changed(found[int(step)], rest, new)
        return found
    known: Mapping[str, Plain] = value if isinstance(value, Mapping) else {}
    return {**known, step: changed(known.get(step), rest, new)}


def with_value(graph: Graph, resource: Resource, path: tuple[str, ...], new: Plain) -> Graph:
    """A graph in which a value at a path below one resource is another."""
    return with_property(graph, resource, path[0], changed(resource.get(path[0]), path[1:], new))


def setting(
    token: str, *path: str, to: Plain, where: Callable[[Resource], bool] = lambda _: True
) -> Callable[[Graph], Graph]:
    """Something in the first object of a type, of those that are meant, becomes another."""

    def apply(graph: Graph) -> Graph:
        found = [each for each in graph.of_type(token) if where(each)]
        assert found, f"the graph holds no such {token}"
        return with_value(graph, found[0], path, to)

    return apply


def gone(token: str) -> Callable[[Graph], Graph]:
    """Every object of a type is not declared."""

    def apply(graph: Graph) -> Graph:
        found = graph.of_type(token)
        assert found, f"the graph holds no {token}"
        for each in found:
            graph = without(graph, each)
        return graph

    return apply
