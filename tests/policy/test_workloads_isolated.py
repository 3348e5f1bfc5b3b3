"""Network policies: that each pod is behind one, and that the cluster enforces it."""

from __future__ import annotations

import json

import pytest

from policy.graph import Resource
from policy.rules.cluster.network_policies import POLICIES_ENFORCED, WORKLOADS_ISOLATED
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource, undecided, violations
from tests.policy.pods import HUB, NAMESPACE, deployment, faults, named

POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
BY_NAME = "kubernetes:networking.k8s.aws/v1alpha1:ApplicationNetworkPolicy"
BOTH: Plain = ["Ingress", "Egress"]


def policy(name: str = "policy", namespace: Plain = "tmi", /, token: str = POLICY, **spec: Plain) -> Resource:
    return resource(token, name, {**named(name, namespace), "spec": spec})


CLOSED = policy("closed", podSelector={}, policyTypes=BOTH)
OWN = policy("own", podSelector={"matchLabels": HUB}, policyTypes=BOTH)
OPEN_IN = "its namespace denies no ingress by default"
OPEN_OUT = "its namespace denies no egress by default"
UNSELECTED = "no network policy of its own selects it"


@pytest.mark.parametrize(
    ("closed", "expected"),
    [
        (CLOSED, []),
        (policy("closed", podSelector=None, policyTypes=BOTH), []),
        (policy("closed", podSelector={"matchLabels": {}}, policyTypes=BOTH, ingress=[], egress=[]), []),
        (policy("closed", podSelector={}, policyTypes=["Ingress"]), [OPEN_OUT]),
        (policy("closed", podSelector={}, policyTypes=["Egress"]), [OPEN_IN]),
        (policy("closed", podSelector={}, policyTypes=BOTH, egress=[{}]), [OPEN_OUT]),
        (policy("closed", podSelector={}, policyTypes=BOTH, ingress=UNKNOWN), [OPEN_IN]),
        (policy("closed", podSelector={}, policyTypes=None), [OPEN_IN, OPEN_OUT]),
        (policy("closed", podSelector={}, policyTypes=UNKNOWN), [OPEN_IN, OPEN_OUT]),
        (policy("closed", podSelector=UNKNOWN, policyTypes=BOTH), [OPEN_IN, OPEN_OUT]),
        (policy("closed", podSelector={"matchLabels": HUB}, policyTypes=BOTH), [OPEN_IN, OPEN_OUT]),
        (policy("closed", "other", podSelector={}, policyTypes=BOTH), [OPEN_IN, OPEN_OUT]),
        (policy("closed", podSelector={}, policyTypes=BOTH, token=BY_NAME), [OPEN_IN, OPEN_OUT]),
    ],
)
def test_a_namespace_is_closed(closed: Resource, expected: list[str]) -> None:
    assert faults(WORKLOADS_ISOLATED, NAMESPACE, deployment(), OWN, closed) == expected


@pytest.mark.parametrize(
    ("selector", "passes"),
    [
        ({"matchLabels": HUB}, True),
        ({"matchLabels": {"app.kubernetes.io/name": "tmi"}}, True),
        (
            {"matchExpressions": [{"key": "app.kubernetes.io/component", "operator": "In", "values": ["hub", "x"]}]},
            True,
        ),
        ({"matchExpressions": [{"key": "app.kubernetes.io/component", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "other", "operator": "DoesNotExist"}]}, True),
        ({"matchExpressions": [{"key": "other", "operator": "NotIn", "values": ["x"]}]}, True),
        ({"matchExpressions": [{"key": "app.kubernetes.io/name", "operator": "NotIn", "values": ["tmi"]}]}, False),
        ({"matchExpressions": [{"key": "app.kubernetes.io/name", "operator": UNKNOWN}]}, False),
        ({"matchLabels": {**HUB, "other": "x"}}, False),
        ({"matchLabels": {"app.kubernetes.io/component": "pool"}}, False),
        ({"matchLabels": UNKNOWN}, False),
        ({}, False),
        (None, False),
        (UNKNOWN, False),
        ("tmi", False),
    ],
)
def test_a_policy_of_its_own(selector: Plain, *, passes: bool) -> None:
    own = policy("own", podSelector=selector, policyTypes=BOTH)
    assert faults(WORKLOADS_ISOLATED, NAMESPACE, deployment(), CLOSED, own) == ([] if passes else [UNSELECTED])


@pytest.mark.parametrize("labels", [None, UNKNOWN, {}, "hub"])
def test_pods_without_labels_are_selected_by_none(labels: Plain) -> None:
    assert faults(WORKLOADS_ISOLATED, NAMESPACE, deployment(labels), CLOSED, OWN) == [UNSELECTED]


def test_a_namespace_of_another_stack_is_judged_by_what_is_known_of_it() -> None:
    assert undecided(WORKLOADS_ISOLATED, deployment()) == ["it", "it"]
    assert faults(WORKLOADS_ISOLATED, deployment()) == [UNSELECTED]
    assert faults(WORKLOADS_ISOLATED, deployment(), OWN) == [OPEN_IN, OPEN_OUT]
    assert faults(WORKLOADS_ISOLATED, deployment(), OWN, CLOSED) == []


def test_a_namespace_without_a_known_name_is_followed_by_reference() -> None:
    space = resource(NAMESPACE.type, "space", {"metadata": {"name": UNKNOWN}})
    around = [
        made_from(resource(each.type, each.name, {**each.properties, **named(each.name, UNKNOWN)}), "metadata", space)
        for each in (deployment(), OWN, CLOSED)
    ]
    assert faults(WORKLOADS_ISOLATED, space, *around) == []
    assert faults(WORKLOADS_ISOLATED, space, *around[:2]) == [OPEN_IN, OPEN_OUT]


CLUSTER = resource("aws:eks/cluster:Cluster", "cluster", {"computeConfig": {"enabled": True}})
OLDER = resource("aws:eks/cluster:Cluster", "cluster", {})


def turned_on(value: Plain = "true", name: str = "amazon-vpc-cni", namespace: str = "kube-system") -> Resource:
    properties: dict[str, Plain] = {**named(name, namespace), "data": {"enable-network-policy-controller": value}}
    return resource("kubernetes:core/v1:ConfigMap", "enforcement", properties)


def add_on(values: Plain, name: str = "vpc-cni") -> Resource:
    return resource("aws:eks/addon:Addon", "cni", {"addonName": name, "configurationValues": values})


BY_MAP = "nothing enforces its network policies: ConfigMap amazon-vpc-cni of kube-system"
BY_ADD_ON = "nothing enforces its network policies: add-on vpc-cni, enableNetworkPolicy"


@pytest.mark.parametrize(
    ("cluster", "enforcement", "expected"),
    [
        (CLUSTER, [turned_on()], []),
        (CLUSTER, [], [BY_MAP]),
        (CLUSTER, [turned_on("false")], [BY_MAP]),
        (CLUSTER, [turned_on(UNKNOWN)], [BY_MAP]),
        (CLUSTER, [turned_on(value=True)], [BY_MAP]),
        (CLUSTER, [turned_on(name="other")], [BY_MAP]),
        (CLUSTER, [turned_on(namespace="tmi")], [BY_MAP]),
        (OLDER, [add_on(json.dumps({"enableNetworkPolicy": "true"}))], []),
        (OLDER, [turned_on()], [BY_ADD_ON]),
        (OLDER, [add_on(json.dumps({"enableNetworkPolicy": "false"}))], [BY_ADD_ON]),
        (OLDER, [add_on("[]")], [BY_ADD_ON]),
        (OLDER, [add_on("{")], [BY_ADD_ON]),
        (OLDER, [add_on(UNKNOWN)], [BY_ADD_ON]),
        (OLDER, [add_on(json.dumps({"enableNetworkPolicy": "true"}), "other")], [BY_ADD_ON]),
    ],
)
def test_policies_are_enforced(cluster: Resource, enforcement: list[Resource], expected: list[str]) -> None:
    assert faults(POLICIES_ENFORCED, cluster, CLOSED, *enforcement) == expected
    assert faults(POLICIES_ENFORCED, cluster, *enforcement) == []


@pytest.mark.parametrize(
    ("value", "passes"),
    [("DefaultDeny", True), ("DefaultAllow", False), (None, False), (UNKNOWN, False), (7, False)],
)
def test_nodes_deny_first(value: Plain, *, passes: bool) -> None:
    nodes = resource("kubernetes:eks.amazonaws.com/v1:NodeClass", "nodes", {"spec": {"networkPolicy": value}})
    found = violations(POLICIES_ENFORCED, nodes)
    assert found == ([] if passes else [("nodes", "spec.networkPolicy must be DefaultDeny")])
