"""How much a stack matters, as its resources say by a tag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from policy.graph import Graph, Resource
from policy.values import Plain, from_json, read

TIER: Final = "tmi:tier"
"""The tag, a default of the stack's providers: `production` or `development`."""
RETIRING: Final = "tmi:retiring"
"""The tag of what is deleted next, with the value `true`: AWS must no longer protect it then."""
DISPOSABLE: Final = "tmi:disposable"
"""The tag of what holds nothing that cannot be made again, with the value `true`."""


def tags(graph: Graph, resource: Resource) -> dict[str, Plain]:
    """The tags of a resource: its own before its provider's default tags."""
    provider = graph.resources.get(resource.provider)
    defaults = from_json(provider.get("defaultTags")) if provider else None  # the engine carries objects as text
    found = (read(defaults, "tags"), resource.get("tags"))
    return {name: value for each in found if isinstance(each, Mapping) for name, value in each.items()}


def for_development(graph: Graph, resource: Resource) -> bool:
    """Whether its tags say that its stack is for development; what says nothing counts as production."""
    return tags(graph, resource).get(TIER) == "development"


def retires(graph: Graph, resource: Resource) -> bool:
    """Whether its tags say that it is deleted next."""
    return tags(graph, resource).get(RETIRING) == "true"


def is_disposable(graph: Graph, resource: Resource) -> bool:
    """Whether its tags say that what it holds can be made again."""
    return tags(graph, resource).get(DISPOSABLE) == "true"
