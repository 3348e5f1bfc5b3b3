"""For each rule, one change to a sound graph that this rule, and no other, must report."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from policy.graph import Graph, Resource
from policy.rule import Violation, findings
from policy.rules import RULES
from policy.security_groups import INTERNET, admissions, data_groups
from policy.values import Plain, elements, is_private


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change that breaks one rule, and that rule's id."""

    rule: str
    what: str
    apply: Callable[[Graph], Graph]


def fired(graph: Graph) -> set[str]:
    """The ids of the rules that report a violation in a graph."""
    return {rule.about.id for rule in RULES for finding in findings(rule, graph) if isinstance(finding, Violation)}


def with_property(graph: Graph, resource: Resource, name: str, value: Plain) -> Graph:
    """A graph in which one top-level property of one resource is another; it keeps what it was made from."""
    return _with(graph, replace(resource, properties={**resource.properties, name: value}))


def without(graph: Graph, resource: Resource) -> Graph:
    """A graph without one resource."""
    return Graph({urn: each for urn, each in graph.resources.items() if urn != resource.urn})


def _with(graph: Graph, resource: Resource) -> Graph:
    return Graph({**graph.resources, resource.urn: resource})


def _first(graph: Graph, *types: str, **properties: Plain) -> Resource:
    """The first resource of these types with these properties; a graph without one cannot be mutated."""
    found = [
        resource
        for resource in graph.of_type(*types)
        if all(resource.get(name) == value for name, value in properties.items())
    ]
    assert found, f"the graph holds no {' or '.join(types)} with {properties}"
    return found[0]


def _door_to_data(graph: Graph) -> Resource:
    data = {group.urn for _, group, _ in data_groups(graph)}
    doors = [door.declared_by for door in admissions(graph) if door.target.urn in data]
    assert doors, "nothing is admitted to the data"
    return doors[0]


def _wider_port(graph: Graph) -> Graph:
    door = _door_to_data(graph)
    last = door.get("toPort")
    assert isinstance(last, int)
    return with_property(graph, door, "toPort", last + 1)


def _balancer_to_data(graph: Graph) -> Graph:
    front = next(
        door.target
        for door in admissions(graph)
        if isinstance(door.source, str) and not is_private(door.source) and not door.private
    )
    door = _door_to_data(graph)
    return _with(graph, replace(door, dependencies={**door.dependencies, "referencedSecurityGroupId": (front.urn,)}))


def _main_route_table(graph: Graph) -> Graph:
    group = _first(graph, "aws:rds/subnetGroup:SubnetGroup")
    subnet = graph.references(group, "subnetIds", {"aws:ec2/subnet:Subnet"})[0]
    association = graph.referring(subnet, "subnetId", "aws:ec2/routeTableAssociation:RouteTableAssociation")[0]
    return without(graph, association)


def _old_tls(graph: Graph) -> Graph:
    listener = _first(graph, "aws:lb/listener:Listener", protocol="HTTPS")
    return with_property(graph, listener, "sslPolicy", "ELBSecurityPolicy-2016-08")


def _plain_health_check(graph: Graph) -> Graph:
    group = _first(graph, "aws:lb/targetGroup:TargetGroup")
    check = group.get("healthCheck")
    assert isinstance(check, Mapping)
    return with_property(graph, group, "healthCheck", {**check, "protocol": "HTTP"})


def _plaintext_postgres(graph: Graph) -> Graph:
    group = _first(graph, "aws:rds/parameterGroup:ParameterGroup")
    others = [each for each in elements(group.get("parameters")) if each != {"name": "rds.force_ssl", "value": "1"}]
    off: Plain = {"name": "rds.force_ssl", "value": "0"}
    return with_property(graph, group, "parameters", [*others, off])


def _tolerant_redis(graph: Graph) -> Graph:
    cache = _first(graph, "aws:elasticache/replicationGroup:ReplicationGroup")
    return with_property(graph, cache, "transitEncryptionMode", "preferred")


def _log_without_key(graph: Graph) -> Graph:
    return with_property(graph, _first(graph, "aws:cloudwatch/logGroup:LogGroup"), "kmsKeyId", None)


def _everything_allowed(graph: Graph) -> Graph:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    holder = _first(graph, "aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy")
    return with_property(graph, holder, "policy", document)


def _pod_on_the_host(graph: Graph) -> Graph:
    deployment = _first(graph, "kubernetes:apps/v1:Deployment")
    spec, template, pod = (deployment.get(*path) for path in (("spec",), ("spec", "template"), _POD))
    assert isinstance(spec, Mapping)
    assert isinstance(template, Mapping)
    assert isinstance(pod, Mapping)
    changed: Plain = {**spec, "template": {**template, "spec": {**pod, "hostNetwork": True}}}
    return with_property(graph, deployment, "spec", changed)


_POD: Final = ("spec", "template", "spec")

MUTATIONS: Final[tuple[Mutation, ...]] = (
    Mutation("data-admits-groups-only", "a second port of the data is opened", _wider_port),
    Mutation("data-three-hops-from-internet", f"the group open to the {INTERNET} reaches the data", _balancer_to_data),
    Mutation("data-subnets-no-way-out", "a data subnet falls back on the main route table", _main_route_table),
    Mutation("listeners-tls", "a listener speaks an old TLS policy", _old_tls),
    Mutation("target-groups-tls", "health is checked in plaintext", _plain_health_check),
    Mutation("postgres-forces-tls", "PostgreSQL answers plaintext", _plaintext_postgres),
    Mutation("redis-tls-and-token", "Redis answers plaintext too", _tolerant_redis),
    Mutation("storage-customer-key", "a log group has no key", _log_without_key),
    Mutation("iam-no-wildcards", "a role may do everything", _everything_allowed),
    Mutation("pods-restricted", "a pod joins its host's network", _pod_on_the_host),
)
