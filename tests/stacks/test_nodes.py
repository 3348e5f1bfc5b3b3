"""The nodes of whole stacks: found in the bill, and chosen by the pods that need them."""

from __future__ import annotations

import json
import re
from typing import Any

import pulumi_kubernetes as kubernetes
import pytest

from tests.cloud import Cloud
from tests.manifests import manifest
from tests.stack_files import STACKS
from tests.stacks.program import recorded

WORKLOADS = (kubernetes.apps.v1.Deployment, kubernetes.batch.v1.Job, kubernetes.batch.v1.CronJob)


def object_of(cloud: Cloud, kind: str) -> dict[str, Any]:
    found = [manifest(each) for each in cloud.resources if re.fullmatch(rf"kubernetes:.*:{kind}", each.type)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("stack", STACKS)
def test_nodes_carry_the_tags_of_everything_else(stack: str) -> None:
    cloud = recorded(stack)
    provider = next(each for each in cloud.resources if each.type == "pulumi:providers:aws" and each.name == "aws")
    tags = json.loads(provider.inputs["defaultTags"])["tags"]
    assert "tmi:stack" in tags
    assert object_of(cloud, "NodeClass")["spec"]["tags"] == tags


@pytest.mark.parametrize("stack", STACKS)
def test_pods_ask_for_nodes_of_the_pool_that_stay(stack: str) -> None:
    cloud = recorded(stack)
    pool = object_of(cloud, "NodePool")
    offered = {each["key"]: each["values"] for each in pool["spec"]["template"]["spec"]["requirements"]}
    selectors = [_pod(manifest(each))["nodeSelector"] for kind in WORKLOADS for each in cloud.of(kind)]
    assert len(selectors) >= 4
    for selector in selectors:
        assert selector["karpenter.sh/nodepool"] == pool["metadata"]["name"]
        assert selector["karpenter.sh/capacity-type"] == "on-demand"
        assert {selector["kubernetes.io/arch"]} == set(offered["kubernetes.io/arch"])
        assert selector["karpenter.sh/capacity-type"] in offered["karpenter.sh/capacity-type"]


def _pod(workload: dict[str, Any]) -> dict[str, Any]:
    spec = workload["spec"]
    return spec.get("jobTemplate", {}).get("spec", spec)["template"]["spec"]
