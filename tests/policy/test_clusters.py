"""Clusters: closed, recorded, entered by entries, current, and open to their own nodes."""

from __future__ import annotations

import pytest

from policy.graph import Resource
from policy.rules.cluster.clusters import (
    CLUSTERS_BY_ENTRIES,
    CLUSTERS_CLOSED,
    CLUSTERS_RECORDED,
    CLUSTERS_SUPPORTED,
    NODES_MAY_JOIN,
)
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

CLUSTER = "aws:eks/cluster:Cluster"
NAMED: Plain = ["203.0.113.0/24", "2001:db8::/32"]
ABSENT = "vpcConfig.publicAccessCidrs is absent, so the whole internet reaches its API"
TOO_WIDE = "it must be a network of /8 or narrower"


def cluster(**properties: Plain) -> Resource:
    return resource(CLUSTER, "it", properties)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"endpointPrivateAccess": True, "endpointPublicAccess": False}, []),
        ({"endpointPrivateAccess": True, "endpointPublicAccess": True, "publicAccessCidrs": NAMED}, []),
        ({"endpointPrivateAccess": True, "publicAccessCidrs": NAMED}, []),
        ({"endpointPrivateAccess": True}, [ABSENT]),
        ({"endpointPrivateAccess": True, "endpointPublicAccess": UNKNOWN}, [ABSENT]),
        ({"endpointPublicAccess": False}, ["vpcConfig.endpointPrivateAccess is absent; it must be true"]),
        (
            {"endpointPrivateAccess": UNKNOWN, "endpointPublicAccess": False},
            ["vpcConfig.endpointPrivateAccess is unknown until it is deployed; it must be true"],
        ),
        (
            {"endpointPrivateAccess": True, "publicAccessCidrs": ["0.0.0.0/0"]},
            [f"vpcConfig.publicAccessCidrs holds 0.0.0.0/0; {TOO_WIDE}"],
        ),
        (
            {"endpointPrivateAccess": True, "publicAccessCidrs": ["0.0.0.0/1", "128.0.0.0/1"]},
            [f"vpcConfig.publicAccessCidrs holds {half}; {TOO_WIDE}" for half in ("0.0.0.0/1", "128.0.0.0/1")],
        ),
        (
            {"endpointPrivateAccess": True, "publicAccessCidrs": [UNKNOWN]},
            [f"vpcConfig.publicAccessCidrs holds unknown until it is deployed; {TOO_WIDE}"],
        ),
        (
            {"endpointPrivateAccess": True, "publicAccessCidrs": "203.0.113.0/24"},
            [f"vpcConfig.publicAccessCidrs holds unknown until it is deployed; {TOO_WIDE}"],
        ),
    ],
)
def test_the_api_is_for_the_vpc_and_listed_networks(config: dict[str, Plain], expected: list[str]) -> None:
    assert violations(CLUSTERS_CLOSED, cluster(vpcConfig=config)) == [("it", line) for line in expected]


def test_a_cluster_without_a_network_configuration_is_refused() -> None:
    assert len(violations(CLUSTERS_CLOSED, cluster())) == 2


LOGS: Plain = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
GROUP = resource("aws:cloudwatch/logGroup:LogGroup", "logs", {"name": "/aws/eks/tmi/cluster"})
NO_GROUP = "no LogGroup is declared for its logs, so EKS makes one that keeps them for ever"


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"name": "tmi", "enabledClusterLogTypes": LOGS}, []),
        ({"name": UNKNOWN, "enabledClusterLogTypes": LOGS}, []),
        ({"name": "tmi", "enabledClusterLogTypes": ["audit"]}, ["api, authenticator, controllerManager, scheduler"]),
        ({"name": "tmi"}, ["api, audit, authenticator, controllerManager, scheduler"]),
        (
            {"name": "tmi", "enabledClusterLogTypes": UNKNOWN},
            ["api, audit, authenticator, controllerManager, scheduler"],
        ),
        ({"name": "other", "enabledClusterLogTypes": LOGS}, [NO_GROUP]),
        ({"enabledClusterLogTypes": LOGS}, [NO_GROUP]),
    ],
)
def test_every_log_has_a_group_of_the_stack(properties: dict[str, Plain], expected: list[str]) -> None:
    lines = [line if line == NO_GROUP else f"enabledClusterLogTypes lacks {line}" for line in expected]
    assert violations(CLUSTERS_RECORDED, cluster(**properties), GROUP) == [("it", line) for line in lines]


MODE = "accessConfig.authenticationMode must be API"
CREATOR = "accessConfig.bootstrapClusterCreatorAdminPermissions is {}; it must be false"


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}, []),
        (None, [MODE, CREATOR.format("absent")]),
        ({"authenticationMode": "API"}, [CREATOR.format("absent")]),
        ({"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True}, [CREATOR.format("true")]),
        ({"authenticationMode": "API_AND_CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": False}, [MODE]),
        ({"authenticationMode": UNKNOWN, "bootstrapClusterCreatorAdminPermissions": False}, [MODE]),
    ],
)
def test_access_comes_by_entries(config: Plain, expected: list[str]) -> None:
    assert violations(CLUSTERS_BY_ENTRIES, cluster(accessConfig=config)) == [("it", line) for line in expected]


NO_VERSION = "version must be a minor version of Kubernetes; without one EKS never upgrades it"
OLD = "version is out of standard support; it must be 1.34 or later"


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.34", []),
        ("1.40", []),
        ("1.33", [OLD]),
        ("1.9", [OLD]),
        (None, [NO_VERSION]),
        (UNKNOWN, [NO_VERSION]),
        ("1.35.2", [NO_VERSION]),
        ("latest", [NO_VERSION]),
        (1.35, [NO_VERSION]),
    ],
)
def test_the_version_is_supported(version: Plain, expected: list[str]) -> None:
    assert violations(CLUSTERS_SUPPORTED, cluster(version=version)) == [("it", line) for line in expected]


NODE_CLASS = "kubernetes:eks.amazonaws.com/v1:NodeClass"
POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy"
ROLE = resource("aws:iam/role:Role", "role")
OTHER = resource("aws:iam/role:Role", "other")
NODES = resource(NODE_CLASS, "nodes", {"spec": {"role": UNKNOWN}}, spec=ROLE)
NO_ENTRY = [("nodes", "its role has no AccessEntry of type EC2: no node of it joins the cluster")]
NO_POLICY = [("nodes", "its role's AccessEntry lacks AmazonEKSAutoNodePolicy: its nodes never get ready")]


def entry(kind: Plain = "EC2", role: Resource = ROLE) -> Resource:
    return resource("aws:eks/accessEntry:AccessEntry", "entry", {"type": kind}, principalArn=role)


def policy(arn: Plain = POLICY, role: Resource = ROLE) -> Resource:
    token = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"  # noqa: S105 -- a type token
    return resource(token, "policy", {"policyArn": arn}, principalArn=role)


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        ([entry(), policy()], []),
        ([policy()], NO_ENTRY),
        ([entry("STANDARD"), policy()], NO_ENTRY),
        ([entry("EC2_LINUX"), policy()], NO_ENTRY),
        ([entry(UNKNOWN), policy()], NO_ENTRY),
        ([entry(role=OTHER), policy(role=OTHER)], NO_ENTRY),
        ([entry()], NO_POLICY),
        ([entry(), policy(role=OTHER)], NO_POLICY),
        ([entry(), policy("arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy")], NO_POLICY),
        ([entry(), policy(UNKNOWN)], NO_POLICY),
    ],
)
def test_nodes_join_by_an_entry_of_their_role(present: list[Resource], expected: list[tuple[str, str]]) -> None:
    assert violations(NODES_MAY_JOIN, NODES, ROLE, OTHER, *present) == expected


@pytest.mark.parametrize(("role", "expected"), [("nodes", []), ("node", NO_ENTRY), ("", NO_ENTRY), (None, NO_ENTRY)])
def test_a_role_that_is_written_out_is_known_by_its_name(role: Plain, expected: list[tuple[str, str]]) -> None:
    arn = "arn:aws:iam::111111111111:role/path/nodes"
    nodes = resource(NODE_CLASS, "nodes", {"spec": {"role": role}})
    token = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"  # noqa: S105 -- a type token
    given = resource("aws:eks/accessEntry:AccessEntry", "entry", {"type": "EC2", "principalArn": arn})
    right = resource(token, "policy", {"policyArn": POLICY, "principalArn": arn})
    assert violations(NODES_MAY_JOIN, nodes, given, right) == expected


def test_the_role_of_an_instance_profile_is_not_in_the_stack() -> None:
    profiled = resource(NODE_CLASS, "nodes", {"spec": {"instanceProfile": "profile"}})
    assert violations(NODES_MAY_JOIN, profiled) == []
