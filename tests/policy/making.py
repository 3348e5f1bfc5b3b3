"""Resources and graphs made by hand, for tables of cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from policy.graph import Graph, Resource
from policy.rule import Rule, Undecided, Violation, findings
from policy.values import Plain

PROVIDER: Final = "urn:pulumi:test::tmi::pulumi:providers:aws::main"


def resource(
    token: str,
    name: str = "it",
    properties: Mapping[str, Plain] | None = None,
    *,
    provider: str = PROVIDER,
    **dependencies: Resource | Iterable[Resource],
) -> Resource:
    """A resource whose property `name` was made from the resources given as `name=`."""
    made_from = {key: (value,) if isinstance(value, Resource) else tuple(value) for key, value in dependencies.items()}
    return Resource(
        urn=f"urn:pulumi:test::tmi::{token}::{name}",
        type=token,
        name=name,
        properties=properties or {},
        dependencies={key: tuple(each.urn for each in value) for key, value in made_from.items()},
        provider=provider,
    )


def made_from(resource: Resource, name: str, *targets: Resource) -> Resource:
    """The same resource with one more property, of any name, that was made from others."""
    return replace(resource, dependencies={**resource.dependencies, name: tuple(each.urn for each in targets)})


def violations(rule: Rule, *resources: Resource) -> list[tuple[str, str]]:
    """Each (resource's name, message) that a rule finds wrong with these resources."""
    found = findings(rule, Graph.of(*resources))
    return [(finding.resource.name, finding.message) for finding in found if isinstance(finding, Violation)]


def undecided(rule: Rule, *resources: Resource) -> list[str]:
    """The names of the resources that a rule cannot judge."""
    return [each.resource.name for each in findings(rule, Graph.of(*resources)) if isinstance(each, Undecided)]
