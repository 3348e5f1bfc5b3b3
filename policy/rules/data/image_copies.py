"""Images in another region: whoever recovers there pulls what ran here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.tiers import for_development, is_disposable
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, Severity, Violation
from policy.values import UNKNOWN, Plain, elements, read

_REPOSITORY: Final = "aws:ecr/repository:Repository"
_REPLICATION: Final = "aws:ecr/replicationConfiguration:ReplicationConfiguration"


def images_elsewhere(graph: Graph) -> Iterator[Violation]:
    """Each repository of production is replicated to another region, unless its images can be made again."""
    for repository in graph.of_type(_REPOSITORY):
        if for_development(graph, repository) or is_disposable(graph, repository):
            continue
        if not any(_replicates(graph, each, repository) for each in graph.of_type(_REPLICATION)):
            yield Violation(repository, "no ReplicationConfiguration of this stack copies its images to another region")


def _replicates(graph: Graph, configuration: Resource, repository: Resource) -> bool:
    home = graph.region(configuration)
    return home == graph.region(repository) and any(
        _covers(read(rule, "repositoryFilters"), repository.get("name"))
        and any(_is_other(read(each, "region"), home) for each in elements(read(rule, "destinations")))
        for rule in elements(configuration.get("replicationConfiguration", "rules"))
    )


def _covers(filters: Plain, name: Plain) -> bool:
    """Whether a rule's filters pick a repository; without one it picks all, and one by a name not known yet may."""
    prefixes = [read(each, "filter") for each in elements(filters)]
    return not prefixes or any(
        name is UNKNOWN or (isinstance(prefix, str) and isinstance(name, str) and name.startswith(prefix))
        for prefix in prefixes
    )


def _is_other(region: Plain, home: Plain) -> bool:
    return isinstance(region, str) and region != home


IMAGES_ELSEWHERE: Final = GraphRule(
    about=Description(
        id="images-elsewhere",
        title="Images of production lie in another region too",
        severity=Severity.MEDIUM,
        frameworks=("WA REL13",),
        why="Data that is restored without the program that reads it serves nobody.",
        remediation="Declare a ReplicationConfiguration whose filter is a beginning of the repository's name, or tag "
        "what can be built again tmi:disposable=true.",
    ),
    check=images_elsewhere,
)
