"""Inventory: what would hide is refused with its way out, what is merely unknown is left alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pulumi_aws
import pytest

from policy.graph import Resource
from policy.rule import ResourceRule
from policy.rules.inventory.patches import MANIFESTS_WHOLE
from policy.rules.inventory.types import (
    COMPUTE,
    COMPUTE_JUDGED,
    NOTHING_OPAQUE,
    OPAQUE,
    SPELLINGS,
    SPELLINGS_READ,
    STORES,
    STORES_JUDGED,
)
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, undecided
from tests.policy.pods import faults

TABLES = ((SPELLINGS_READ, SPELLINGS), (COMPUTE_JUDGED, COMPUTE), (STORES_JUDGED, STORES))
CHART = "kubernetes:helm.sh/v4:Chart"


@pytest.mark.parametrize(("rule", "token"), [(rule, token) for rule, table in TABLES for token in table])
def test_what_no_rule_reads_is_refused_with_its_way_out(rule: ResourceRule, token: str) -> None:
    ways = dict(TABLES)[rule]
    [message] = faults(rule, resource(token, properties={"anything": UNKNOWN}))
    assert message.endswith(f": {ways[token]}")


@pytest.mark.parametrize("table", [*(table for _, table in TABLES), OPAQUE])
def test_the_types_exist(table: Mapping[str, str]) -> None:
    for token in table:
        if token.startswith("aws:"):
            module, name = re.fullmatch(r"aws:(\w+)/\w+:(\w+)", token).groups()  # type: ignore[union-attr]
            source = Path(pulumi_aws.__file__).parent / module
            assert any(f"'{token}'" in each.read_text() for each in source.glob("*.py")), name


def test_all_else_is_left_alone() -> None:
    others = ("aws:rds/instance:Instance", "aws:lambda/function:Function", "aws:dynamodb/table:Table", "gcp:sql:It")
    found = [resource(token, token) for token in (*others, "aws-native:dynamodb:Table", "kubernetes:core/v1:Service")]
    assert [faults(rule, *found) for rule in (SPELLINGS_READ, COMPUTE_JUDGED, STORES_JUDGED, NOTHING_OPAQUE)] == [
        []
    ] * 4


@pytest.mark.parametrize(
    "token",
    [
        *OPAQUE,
        "aws-native:rds:DBInstance",
        "pulumi-python:dynamic:Resource",
        "pulumi-python:dynamic/made.here:Thing",
        "kubernetes:argoproj.io/v1alpha1:Application",
        "kubernetes:argoproj.io/v1alpha1:ApplicationSet",
        "kubernetes:helm.toolkit.fluxcd.io/v2:HelmRelease",
    ],
)
def test_what_makes_things_unseen_is_refused(token: str) -> None:
    [message] = faults(NOTHING_OPAQUE, resource(token))
    assert message.startswith("what it makes is not in the stack: ")


@pytest.mark.parametrize(
    "token", [CHART, "kubernetes:helm.sh/v3:Chart", "kubernetes:yaml/v2:ConfigGroup", "kubernetes:kustomize:Directory"]
)
def test_what_is_rendered_is_in_the_stack(token: str) -> None:
    chart, service = resource(token), resource("kubernetes:core/v1:Service", "part")
    part = replace(service, urn=f"urn:pulumi:test::tmi::{token}${service.type}::part")
    assert faults(NOTHING_OPAQUE, chart, part) == []
    assert len(faults(NOTHING_OPAQUE, chart, service)) == 1


def test_a_chart_of_unknown_values_is_judged_later() -> None:
    chart = resource(CHART, "it", {"values": {"deep": [{"er": UNKNOWN}]}})
    assert faults(NOTHING_OPAQUE, chart) == []
    assert undecided(NOTHING_OPAQUE, chart) == ["it"]


CONTAINERS: Plain = {"containers": [{"image": "other"}]}


@pytest.mark.parametrize(
    ("token", "properties", "passes"),
    [
        ("kubernetes:example.com/v1:Rollout", {"spec": {"template": {"spec": CONTAINERS}}}, False),
        ("kubernetes:example.com/v1:RolloutList", {"items": [{"spec": CONTAINERS}]}, False),
        ("kubernetes:example.com/v1:Rollout", {"spec": {"containers": "all"}}, True),
        ("kubernetes:example.com/v1:Rollout", {"spec": {"containers": [{"name": "other"}, UNKNOWN]}}, True),
        ("kubernetes:example.com/v1:Rollout", {"spec": UNKNOWN}, True),
        ("kubernetes:apps/v1:Deployment", {"spec": {"template": {"spec": CONTAINERS}}}, True),
        ("kubernetes:apps/v1:DeploymentPatch", {"spec": {"template": {"spec": CONTAINERS}}}, True),
        ("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", {"spec": CONTAINERS}, True),
        ("tmi:server:Server", {"spec": CONTAINERS}, True),
    ],
)
def test_pods_are_in_kinds_that_are_read(token: str, properties: dict[str, Plain], *, passes: bool) -> None:
    assert (faults(NOTHING_OPAQUE, resource(token, "it", properties)) == []) is passes


def test_depth_is_no_hiding_place() -> None:
    spec: Plain = CONTAINERS
    for _ in range(5_000):
        spec = {"spec": [spec]}
    assert len(faults(NOTHING_OPAQUE, resource("kubernetes:example.com/v1:Rollout", "a\nname", {"spec": spec}))) == 1


@pytest.mark.parametrize(
    ("kind", "passes"),
    [
        ("networking.k8s.io/v1:NetworkPolicyPatch", False),
        ("rbac.authorization.k8s.io/v1:ClusterRoleBindingPatch", False),
        ("karpenter.sh/v1:NodePoolPatch", False),
        ("eks.amazonaws.com/v1:NodeClassList", False),
        ("core/v1:NamespaceList", False),
        ("networking.k8s.io/v1:NetworkPolicy", True),
        ("networking.k8s.io/v1:NetworkPolicyList", True),
        ("core/v1:ServiceAccountPatch", True),
        ("core/v1:NamespacePatch", True),
    ],
)
def test_objects_are_declared_whole(kind: str, *, passes: bool) -> None:
    found: list[Resource] = [resource(f"kubernetes:{kind}", "it", {"spec": UNKNOWN})]
    assert (faults(MANIFESTS_WHOLE, *found) == []) is passes
