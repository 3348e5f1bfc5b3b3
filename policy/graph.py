"""The resources of a stack and the references between them, as frozen data.

References are followed by the engine's property dependencies, never by ids: in a preview every id is unknown, the
dependencies are not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeVar, cast

from policy.values import UNKNOWN, Plain, elements, present, read

PROVIDER: Final = "pulumi:providers:"
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource as a rule sees it."""

    urn: str
    type: str
    """The whole type token, such as `aws:rds/instance:Instance`."""
    name: str
    """The logical name."""
    properties: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """URNs that each top-level property was made from; empty where the engine does not tell."""
    provider: str = ""
    """URN of the provider that manages it; empty for components."""
    protect: bool = False
    """Whether the engine refuses to delete it: the resource option of that name."""

    def get(self, *path: str) -> Plain:
        """The value at a path of property names; `None` if absent, `UNKNOWN` if it cannot be read."""
        return read(self.properties, *path)

    @property
    def stack(self) -> str:
        """The stack as `project/name`; its URN begins with both."""
        name, _, rest = self.urn.removeprefix("urn:pulumi:").partition("::")
        return f"{rest.partition('::')[0]}/{name}"


@dataclass(frozen=True)
class Graph:
    """All resources of one stack, by URN."""

    resources: Mapping[str, Resource]

    @classmethod
    def of(cls, *resources: Resource) -> Graph:
        """A graph of these resources."""
        return cls({resource.urn: resource for resource in resources})

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources.values())

    @cached_property
    def _by_type(self) -> Mapping[str, tuple[Resource, ...]]:
        found: dict[str, list[Resource]] = {}
        for resource in self:
            found.setdefault(resource.type, []).append(resource)
        return {token: tuple(group) for token, group in found.items()}

    @cached_property
    def _by_id(self) -> Mapping[str, tuple[Resource, ...]]:
        found: dict[str, list[Resource]] = {}
        for resource in self:
            if isinstance(value := resource.properties.get("id"), str):
                found.setdefault(value, []).append(resource)
        return {value: tuple(group) for value, group in found.items()}

    @cached_property
    def _referring(self) -> Mapping[tuple[str, str], tuple[Resource, ...]]:
        found: dict[tuple[str, str], list[Resource]] = {}
        for resource in self:
            for name, urns in resource.dependencies.items():
                for urn in urns:
                    found.setdefault((urn, name), []).append(resource)
        return {key: tuple(group) for key, group in found.items()}

    @cached_property
    def _answers(self) -> dict[Callable[[Graph], object], object]:
        return {}

    def once(self, compute: Callable[[Graph], _Answer]) -> _Answer:
        """What a function makes of this graph, computed at the first call and kept: several rules walk alike."""
        if compute not in self._answers:
            self._answers[compute] = compute(self)
        return cast("_Answer", self._answers[compute])

    def of_type(self, *types: str) -> list[Resource]:
        """All resources of these types, in the order of the types."""
        return [resource for token in types for resource in self._by_type.get(token, ())]

    def references(self, resource: Resource, name: str, types: Collection[str]) -> list[Resource]:
        """The resources of these types that a top-level property was made from."""
        found = (self.resources.get(urn) for urn in resource.dependencies.get(name, ()))
        return [target for target in found if target is not None and target.type in types]

    def identified(self, value: Plain, types: Collection[str]) -> Resource | None:
        """The resource of these types that has this id: for literals, which carry no dependency."""
        found = self._by_id.get(value, ()) if isinstance(value, str) else ()
        return next((resource for resource in found if resource.type in types), None)

    def named(self, resource: Resource, name: str, types: Collection[str], *within: str) -> list[Resource]:
        """The resources of these types that a property names, by reference or by a literal id.

        The ids are looked for at the path `within` below the property, in a list or alone.
        """
        value = resource.get(name, *within)
        literals = (self.identified(each, types) for each in ([value] if isinstance(value, str) else elements(value)))
        found = [*self.references(resource, name, types), *(each for each in literals if each is not None)]
        return list({each.urn: each for each in found}.values())

    def referring(self, target: Resource, name: str, *types: str) -> list[Resource]:
        """The resources of these types whose property `name` was made from `target`."""
        found = self._referring.get((target.urn, name), ())
        return [resource for token in types for resource in found if resource.type == token]

    def region(self, resource: Resource) -> Plain:
        """The region a resource lives in: its own property, else its provider's; `UNKNOWN` if neither tells."""
        provider = self.resources.get(resource.provider)
        for holder in (resource, provider):
            if holder is not None and present(holder.get("region")):
                return holder.get("region")
        return UNKNOWN


def given(properties: Mapping[str, Plain], dependencies: Mapping[str, tuple[str, ...]]) -> Mapping[str, Plain]:
    """The properties a program gave, out of the planned outputs that a stack policy gets.

    What the provider will compute is unknown as well, but was made from nothing: the program left it out.
    """
    return {name: value for name, value in properties.items() if value is not UNKNOWN or dependencies.get(name)}
