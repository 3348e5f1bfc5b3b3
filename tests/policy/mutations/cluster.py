"""Changes that break the rules of the cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from policy.graph import Graph
from policy.network.security_groups import CLUSTER
from policy.values import Plain
from tests.policy.mutations.changing import Mutation, first, with_property, without

_ENTRY: Final = "aws:eks/accessEntry:AccessEntry"
_ASSOCIATION: Final = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"


def _with(graph: Graph, name: str, **values: Plain) -> Graph:
    """The cluster with other values within one of its properties."""
    cluster = first(graph, CLUSTER)
    whole = cluster.get(name)
    assert isinstance(whole, Mapping)
    return with_property(graph, cluster, name, {**whole, **values})


def _open_to_all(graph: Graph) -> Graph:
    return _with(graph, "vpcConfig", endpointPublicAccess=True, publicAccessCidrs=["0.0.0.0/0"])


def _public_alone(graph: Graph) -> Graph:
    return _with(graph, "vpcConfig", endpointPrivateAccess=False)


def _unheard(graph: Graph) -> Graph:
    return with_property(graph, first(graph, CLUSTER), "enabledClusterLogTypes", ["api"])


def _kept_for_ever(graph: Graph) -> Graph:
    name = first(graph, CLUSTER).get("name")
    return without(graph, first(graph, "aws:cloudwatch/logGroup:LogGroup", name=f"/aws/eks/{name}/cluster"))


def _by_config_map(graph: Graph) -> Graph:
    return _with(graph, "accessConfig", authenticationMode="API_AND_CONFIG_MAP")


def _creator(graph: Graph) -> Graph:
    return _with(graph, "accessConfig", bootstrapClusterCreatorAdminPermissions=True)


def _old(graph: Graph) -> Graph:
    return with_property(graph, first(graph, CLUSTER), "version", "1.33")


def _no_entry(graph: Graph) -> Graph:
    return without(graph, first(graph, _ENTRY, type="EC2"))


def _entry_of_people(graph: Graph) -> Graph:
    return with_property(graph, first(graph, _ENTRY, type="EC2"), "type", "STANDARD")


def _no_right(graph: Graph) -> Graph:
    right = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy"
    return without(graph, first(graph, _ASSOCIATION, policyArn=right))


CLUSTERS: Final = (
    Mutation("clusters-closed", "the whole internet reaches the API", _open_to_all),
    Mutation("clusters-closed", "the API is not reached inside the VPC", _public_alone),
    Mutation("clusters-recorded", "no audit log is kept", _unheard),
    Mutation("clusters-recorded", "EKS makes the log group itself", _kept_for_ever),
    Mutation("clusters-by-entries", "a ConfigMap gives access too", _by_config_map),
    Mutation("clusters-by-entries", "whoever made the cluster administers it", _creator),
    Mutation("clusters-supported", "the version is out of standard support", _old),
    Mutation("nodes-may-join", "the role of the nodes has no access entry", _no_entry),
    Mutation("nodes-may-join", "the entry of the nodes is one for people", _entry_of_people),
    Mutation("nodes-may-join", "the entry of the nodes gives no right", _no_right),
)
