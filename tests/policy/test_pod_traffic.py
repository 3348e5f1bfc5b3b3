"""What network policies let a pod do, rule by rule."""

from __future__ import annotations

import pytest

from policy.facts.pods import Pod, workloads
from policy.graph import Graph, Resource
from policy.network.addresses import internet
from policy.network.group_roles import Role
from policy.network.places import Place
from policy.network.pod_traffic import enters, leaves
from policy.network.verdicts import Verdict
from policy.values import UNKNOWN, Plain, network
from tests.policy.making import made_from, resource
from tests.policy.pods import HUB, NAMESPACE, OTHER, POD, POOL, deployment, named

OPEN, CLOSED, NOBODY_KNOWS = Verdict.OPEN, Verdict.CLOSED, Verdict.UNKNOWN
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
BY_NAME = "kubernetes:networking.k8s.aws/v1alpha1:ApplicationNetworkPolicy"
SELECTOR: Plain = {"matchLabels": HUB}
STORE = resource("aws:rds/instance:Instance", "store", {"address": "main.example.com"})
HUBS, POOLS = deployment(HUB, POD, "hub"), deployment(POOL, POD, "pool")


def at(cidr: str, role: Role = Role.DATABASE, declared_by: Resource | None = STORE) -> Place:
    found = network(cidr)
    assert found is not None
    return Place(role, "it", declared_by, ranges=(found,))


DATA = at("10.0.20.0/24")
INTERNET = Place(Role.INTERNET, "internet", None, ranges=internet([]))


def policy(*rules: Plain, token: str = POLICY, selector: Plain = SELECTOR, **spec: Plain) -> Resource:
    stated: Plain = {"podSelector": selector, "policyTypes": ["Egress"], "egress": rules, **spec}
    return resource(token, "policy", {**named("policy"), "spec": stated})


def pod_of(graph: Graph, declared: Resource) -> Pod:
    return next(each for each in workloads(graph) if each.holder == declared)


def outward(*policies: Resource, to: Place = DATA, port: int = 5432) -> Verdict:
    graph = Graph.of(NAMESPACE, HUBS, POOLS, STORE, *policies)
    return leaves(graph, pod_of(graph, HUBS), to, port)


def rule(*peers: Plain, port: Plain = 5432, **more: Plain) -> Plain:
    return {"to": peers, "ports": [{"protocol": "TCP", "port": port, **more}]}


BLOCK: Plain = {"ipBlock": {"cidr": "10.0.20.0/24"}}


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ([], OPEN),  # nothing closes anything
        ([policy()], CLOSED),
        ([policy(selector={})], CLOSED),
        ([policy(selector={"matchLabels": OTHER})], OPEN),
        ([policy(policyTypes=["Ingress"])], OPEN),
        ([policy(policyTypes=None)], OPEN),  # it names no egress, so it closes none
        ([policy(rule(BLOCK, port=443), policyTypes=None)], CLOSED),
        ([policy(rule(BLOCK))], OPEN),
        ([policy(), resource(POLICY, "more", policy(rule(BLOCK)).properties)], OPEN),  # they add up
        ([policy(rule(BLOCK), token=BY_NAME)], OPEN),
        ([policy(rule(BLOCK, port=6379))], CLOSED),
        ([policy(rule(BLOCK, port=5000, endPort=6000))], OPEN),
        ([policy(rule(BLOCK, port=6000, endPort=7000))], CLOSED),
        ([policy(rule(BLOCK, port="postgres"))], NOBODY_KNOWS),
        ([policy(rule(BLOCK, port=UNKNOWN))], NOBODY_KNOWS),
        ([policy(rule(BLOCK, protocol="UDP"))], CLOSED),
        ([policy({"to": [BLOCK]})], OPEN),  # every port
        ([policy({})], OPEN),  # everything
        ([policy(UNKNOWN)], NOBODY_KNOWS),
        ([policy(rule({"ipBlock": {"cidr": "10.0.20.128/25"}}))], OPEN),  # a part of it is enough
        ([policy(rule({"ipBlock": {"cidr": "10.0.30.0/24"}}))], CLOSED),
        ([policy(rule({"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}))], CLOSED),
        ([policy(rule({"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.20.0/25"]}}))], OPEN),
        ([policy(rule({"ipBlock": {"cidr": "0.0.0.0/0", "except": [UNKNOWN]}}))], OPEN),
        ([policy(rule({"ipBlock": {"cidr": UNKNOWN}}))], NOBODY_KNOWS),
        ([policy(rule({"ipBlock": {"cidr": "a\nb"}}))], NOBODY_KNOWS),
        ([policy(rule("10.0.20.0/24"))], NOBODY_KNOWS),
        ([policy(rule({"podSelector": {}}))], CLOSED),  # a store is no pod
        ([policy(rule({"domainNames": ["main.example.com"]}), token=BY_NAME)], OPEN),
        ([policy(rule({"domainNames": ["*.example.com"]}), token=BY_NAME)], OPEN),
        ([policy(rule({"domainNames": ["*"]}), token=BY_NAME)], OPEN),
        ([policy(rule({"domainNames": ["login.example.com"]}), token=BY_NAME)], CLOSED),
        ([policy(rule({"domainNames": [UNKNOWN]}), token=BY_NAME)], NOBODY_KNOWS),
        ([made_from(policy(rule({"domainNames": [UNKNOWN]}), token=BY_NAME), "spec", STORE)], OPEN),
        ([policy(), policy(rule(BLOCK), selector=UNKNOWN, token=BY_NAME)], NOBODY_KNOWS),
        ([policy(selector=UNKNOWN)], OPEN),  # it may select others
        ([resource(POLICY, "policy", {**policy().properties, **named("policy", "elsewhere")})], OPEN),
    ],
)
def test_a_pod_opens_what_its_policies_open(policies: list[Resource], expected: Verdict) -> None:
    assert outward(*policies) is expected


@pytest.mark.parametrize(
    ("to", "names", "expected"),
    [
        (INTERNET, ["login.example.com"], OPEN),
        (INTERNET, [], CLOSED),
        (at("10.0.1.0/24", Role.ENDPOINTS), ["logs.eu-west-1.amazonaws.com"], OPEN),
        (at("10.0.1.0/24", Role.ENDPOINTS), ["*.amazonaws.com"], OPEN),
        (at("10.0.1.0/24", Role.ENDPOINTS), ["login.example.com"], CLOSED),
        (at("10.0.1.0/24", Role.ENDPOINTS), [UNKNOWN], NOBODY_KNOWS),
        (at("10.0.1.0/24", Role.CONTROL_PLANE), ["logs.eu-west-1.amazonaws.com"], CLOSED),
        (at("10.0.1.0/24", Role.BALANCER), ["login.example.com"], NOBODY_KNOWS),
        (at("10.0.1.0/24", Role.NODES), ["login.example.com"], CLOSED),
    ],
)
def test_names_lead_to_whatever_bears_them(to: Place, names: list[Plain], expected: Verdict) -> None:
    assert outward(policy(rule({"domainNames": names}, port=443), token=BY_NAME), to=to, port=443) is expected


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ({"podSelector": {"matchLabels": POOL}}, OPEN),
        ({"podSelector": {"matchLabels": OTHER}}, CLOSED),
        ({"podSelector": {}}, OPEN),
        ({"podSelector": {"matchLabels": UNKNOWN}}, CLOSED),
        ({"namespaceSelector": {}}, OPEN),
        ({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "tmi"}}}, OPEN),
        ({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "other"}}}, CLOSED),
        ({"namespaceSelector": {}, "podSelector": {"matchLabels": OTHER}}, CLOSED),
        ({}, CLOSED),
    ],
)
def test_pods_come_in_by_their_labels(peer: Plain, expected: Verdict) -> None:
    graph = Graph.of(NAMESPACE, HUBS, POOLS, policy(policyTypes=None, egress=None, ingress=[{"from": [peer]}]))
    source = Place(Role.PODS, "pool", POOLS, pod=pod_of(graph, POOLS))
    assert enters(graph, pod_of(graph, HUBS), source, 8443) is expected


def test_what_is_no_pod_comes_in_by_its_address() -> None:
    rules: Plain = [{"from": [{"ipBlock": {"cidr": "10.0.0.0/24"}}], "ports": [{"port": 8443}]}]
    graph = Graph.of(NAMESPACE, HUBS, policy(policyTypes=None, egress=None, ingress=rules))
    hub = pod_of(graph, HUBS)
    edge, elsewhere = at("10.0.0.0/24", Role.BALANCER), at("10.0.1.0/24", Role.CANARY)
    assert (enters(graph, hub, edge, 8443), enters(graph, hub, elsewhere, 8443)) == (OPEN, CLOSED)
    assert enters(graph, hub, edge, 22) is CLOSED
    assert enters(graph, hub, INTERNET, 8443) is CLOSED


def test_labels_without_a_namespace_are_those_of_the_policys_own() -> None:
    stranger = resource(POOLS.type, "stranger", {**POOLS.properties, **named("stranger", "elsewhere")})
    rules: Plain = [{"from": [{"podSelector": {}}]}]
    graph = Graph.of(NAMESPACE, HUBS, POOLS, stranger, policy(policyTypes=None, egress=None, ingress=rules))
    sources = [Place(Role.PODS, each.name, each, pod=pod_of(graph, each)) for each in (POOLS, stranger)]
    assert [enters(graph, pod_of(graph, HUBS), source, 8443) for source in sources] == [OPEN, CLOSED]
