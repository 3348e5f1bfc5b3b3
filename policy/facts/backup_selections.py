"""What a selection of AWS Backup picks, decided without a single id known.

`resources` or `selectionTags` name it, either of them, and then all `conditions` hold. Its region, its kind and the
name that the program gave it are known in a preview; its account is the stack's, so nothing compares it.
Source: AWS Backup Developer Guide, assigning resources programmatically; API Reference, BackupSelection.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Final

from policy.facts.replicas import DATABASE
from policy.facts.tiers import tags
from policy.graph import Graph, Resource
from policy.values import Plain, elements, present, read

_TAG: Final = "aws:ResourceTag/"
_OTHER_CONDITIONS: Final = ("stringLikes", "stringNotEquals", "stringNotLikes")
_PARTS_OF_AN_ARN: Final = 7


def selects(graph: Graph, selection: Resource, instance: Resource) -> bool:
    """Whether a selection surely picks a database; one that cannot be read, or that leaves something out, may not."""
    if present(selection.get("notResources")):
        return False
    resources, listed = selection.get("resources"), selection.get("selectionTags")
    of_instance = tags(graph, instance)
    named = instance in graph.references(selection, "resources", {DATABASE}) or any(
        _matches(graph, pattern, instance) for pattern in elements(resources)
    )
    tagged = any(
        read(each, "type") == "STRINGEQUALS" and _has(of_instance, read(each, "key"), read(each, "value"))
        for each in elements(listed)
    )
    return (named or tagged) and all(meets(block, of_instance) for block in elements(selection.get("conditions")))


def meets(conditions: Plain, of_instance: Mapping[str, Plain]) -> bool:
    """Whether tags meet every condition; of the four kinds only equality is decided."""
    if any(present(read(conditions, kind)) for kind in _OTHER_CONDITIONS):
        return False
    return all(
        isinstance(key := read(each, "key"), str)
        and key.startswith(_TAG)
        and _has(of_instance, key.removeprefix(_TAG), read(each, "value"))
        for each in elements(read(conditions, "stringEquals"))
    )


def _has(of_instance: Mapping[str, Plain], key: Plain, value: Plain) -> bool:
    return isinstance(key, str) and isinstance(value, str) and of_instance.get(key) == value


def _matches(graph: Graph, pattern: Plain, instance: Resource) -> bool:
    """Whether a pattern over ARNs holds for an instance of RDS; a wildcard may stand for the name, or for all."""
    if not isinstance(pattern, str):
        return False
    if pattern == "*":
        return True
    parts = pattern.split(":", _PARTS_OF_AN_ARN - 1)
    if len(parts) < _PARTS_OF_AN_ARN:
        return False
    _, _, service, region, _, kind, name = parts
    identifier = instance.get("identifier")
    return (
        (service, kind) == ("rds", "db")
        and region in ("*", graph.region(instance))
        and (name == "*" or (isinstance(identifier, str) and fnmatchcase(identifier, name)))
    )
