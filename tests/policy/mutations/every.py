"""For each rule, changes to a sound graph that this rule must report."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from policy.facts.pods import NAMESPACE
from policy.graph import Graph, Resource
from policy.network.group_roles import Role, assignments, data_groups
from policy.network.security_groups import Opening, admissions, departures
from policy.values import Plain, elements
from tests.policy.mutations.alarms import ALARMS
from tests.policy.mutations.changing import (
    Mutation,
    first,
    referring_to,
    with_property,
    with_resource,
    with_value,
    without,
)
from tests.policy.mutations.cluster import CLUSTERS
from tests.policy.mutations.data import DATA
from tests.policy.mutations.edge import EDGE
from tests.policy.mutations.identity import IDENTITIES
from tests.policy.mutations.inventory import INVENTORY
from tests.policy.mutations.isolation import ISOLATION
from tests.policy.mutations.locks import LOCKS
from tests.policy.mutations.logs import LOGS
from tests.policy.mutations.network import NETWORK
from tests.policy.mutations.nodes import NODES
from tests.policy.mutations.production import PRODUCTION
from tests.policy.mutations.replication import REPLICATION
from tests.policy.mutations.subnets import SUBNETS
from tests.policy.mutations.watchers import WATCHERS
from tests.policy.mutations.workload import WORKLOAD


def _door_to_data(graph: Graph) -> Resource:
    data = {group.urn for _, group, _ in data_groups(graph)}
    doors = [door.declared_by for door in admissions(graph) if door.group.urn in data]
    assert doors, "nothing is admitted to the data"
    return doors[0]


def _group(graph: Graph, role: Role) -> Resource:
    found = [urn for urn, roles in assignments(graph)[0].items() if role in roles]
    assert found, f"no group is attached as {role}"
    return graph.resources[found[0]]


def _opening(openings: tuple[Opening, ...], group: Resource) -> Resource:
    """What declares the first opening of a group."""
    found = [opening.declared_by for opening in openings if opening.group == group]
    assert found, f"{group.name} has no such rule"
    return found[0]


def _open_to_all(role: Role) -> Callable[[Graph], Graph]:
    def apply(graph: Graph) -> Graph:
        rule = _opening(admissions(graph), _group(graph, role))
        left = {name: urns for name, urns in rule.dependencies.items() if name != "referencedSecurityGroupId"}
        properties = {**rule.properties, "referencedSecurityGroupId": None, "cidrIpv4": "0.0.0.0/0"}
        return with_resource(graph, replace(rule, properties=properties, dependencies=left))

    return apply


def _attached_nowhere(graph: Graph) -> Graph:
    endpoint = first(graph, "aws:ec2/vpcEndpoint:VpcEndpoint", vpcEndpointType="Interface")
    spare = replace(
        _group(graph, Role.ENDPOINTS), urn=f"{endpoint.urn}-spare", name="spare", properties={"description": "spare"}
    )
    return with_resource(graph, spare)


def _data_to_internet(graph: Graph) -> Graph:
    out = next(opening.declared_by for opening in departures(graph) if isinstance(opening.peer, str))
    return referring_to(graph, out, "securityGroupId", _group(graph, Role.DATABASE))


def _every_protocol(graph: Graph) -> Graph:
    out = _opening(departures(graph), _group(graph, Role.BALANCER))
    return with_property(graph, out, "ipProtocol", "-1")


def _wider_port(graph: Graph) -> Graph:
    door = _door_to_data(graph)
    last = door.get("toPort")
    assert isinstance(last, int)
    return with_property(graph, door, "toPort", last + 1)


def _balancer_to_data(graph: Graph) -> Graph:
    return referring_to(graph, _door_to_data(graph), "referencedSecurityGroupId", _group(graph, Role.BALANCER))


def _main_route_table(graph: Graph) -> Graph:
    group = first(graph, "aws:rds/subnetGroup:SubnetGroup")
    subnet = graph.references(group, "subnetIds", {"aws:ec2/subnet:Subnet"})[0]
    association = graph.referring(subnet, "subnetId", "aws:ec2/routeTableAssociation:RouteTableAssociation")[0]
    return without(graph, association)


def _old_tls(graph: Graph) -> Graph:
    listener = first(graph, "aws:lb/listener:Listener", protocol="HTTPS")
    return with_property(graph, listener, "sslPolicy", "ELBSecurityPolicy-2016-08")


def _plain_health_check(graph: Graph) -> Graph:
    group = first(graph, "aws:lb/targetGroup:TargetGroup")
    check = group.get("healthCheck")
    assert isinstance(check, Mapping)
    return with_property(graph, group, "healthCheck", {**check, "protocol": "HTTP"})


def _plaintext_postgres(graph: Graph) -> Graph:
    group = first(graph, "aws:rds/parameterGroup:ParameterGroup")
    others = [each for each in elements(group.get("parameters")) if each != {"name": "rds.force_ssl", "value": "1"}]
    off: Plain = {"name": "rds.force_ssl", "value": "0"}
    return with_property(graph, group, "parameters", [*others, off])


def _tolerant_redis(graph: Graph) -> Graph:
    cache = first(graph, "aws:elasticache/replicationGroup:ReplicationGroup")
    return with_property(graph, cache, "transitEncryptionMode", "preferred")


def _log_without_key(graph: Graph) -> Graph:
    return with_property(graph, first(graph, "aws:cloudwatch/logGroup:LogGroup"), "kmsKeyId", None)


def _everything_allowed(graph: Graph) -> Graph:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    holder = first(graph, "aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy")
    return with_property(graph, holder, "policy", document)


def _any_pod(graph: Graph) -> Graph:
    label = "pod-security.kubernetes.io/enforce"
    found = [each for each in graph.of_type(NAMESPACE) if each.get("metadata", "labels", label) == "restricted"]
    assert found, "no namespace is restricted"
    return with_value(graph, found[0], ("metadata", "labels", label), "privileged")


def _pod_on_the_host(graph: Graph) -> Graph:
    deployment = first(graph, "kubernetes:apps/v1:Deployment")
    spec, template, pod = (deployment.get(*path) for path in (("spec",), ("spec", "template"), _POD))
    assert isinstance(spec, Mapping)
    assert isinstance(template, Mapping)
    assert isinstance(pod, Mapping)
    changed: Plain = {**spec, "template": {**template, "spec": {**pod, "hostNetwork": True}}}
    return with_property(graph, deployment, "spec", changed)


_POD: Final = ("spec", "template", "spec")

_PEERS: Final = frozenset({"groups-admit-known-peers"})

MUTATIONS: Final[tuple[Mutation, ...]] = (
    Mutation("groups-admit-known-peers", "the endpoints admit the internet", _open_to_all(Role.ENDPOINTS)),
    Mutation("groups-admit-known-peers", "a group is attached to nothing", _attached_nowhere),
    Mutation("groups-reach-known-peers", "the database reaches the internet", _data_to_internet),
    Mutation("groups-reach-known-peers", "the balancer reaches the pods by every protocol", _every_protocol),
    Mutation("data-admits-groups-only", "a second port of the data is opened", _wider_port, _PEERS),
    Mutation("data-three-hops-from-internet", "the balancer reaches the data", _balancer_to_data, _PEERS),
    Mutation(
        "data-subnets-no-way-out",
        "a data subnet falls back on the main route table",
        _main_route_table,
        frozenset({"subnets-apart"}),
    ),
    *NETWORK,
    *LOCKS,
    Mutation("listeners-tls", "a listener speaks an old TLS policy", _old_tls),
    Mutation("target-groups-tls", "health is checked in plaintext", _plain_health_check),
    Mutation("postgres-forces-tls", "PostgreSQL answers plaintext", _plaintext_postgres),
    Mutation("redis-tls-and-token", "Redis answers plaintext too", _tolerant_redis),
    *EDGE,
    Mutation("storage-customer-key", "a log group has no key", _log_without_key),
    *LOGS,
    *DATA,
    *IDENTITIES,
    *CLUSTERS,
    Mutation("iam-no-wildcards", "a role may do everything", _everything_allowed),
    Mutation("pods-off-the-host", "a pod joins its host's network", _pod_on_the_host),
    Mutation("namespaces-restricted", "any pod is let in", _any_pod),
    *WORKLOAD,
    *ISOLATION,
    *REPLICATION,
    *PRODUCTION,
    *ALARMS,
    *SUBNETS,
    *NODES,
    *INVENTORY,
    *WATCHERS,
)
