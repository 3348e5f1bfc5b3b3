"""The cluster's API: reached with a token of the caller's own, whether the cluster is there yet or not."""

from __future__ import annotations

import json

import pulumi
import pulumi_kubernetes as kubernetes
import pytest
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.providers import kubernetes_provider, stack_tags
from components.settings import parse
from tests.cloud import Cloud, run
from tests.stack_files import document


def provider(*, preview: bool = False) -> Cloud:
    def program() -> None:
        cluster = kubernetes.core.v1.ConfigMap("cluster", data={})  # whose outputs a preview does not know
        given = kubernetes_provider(
            region="eu-west-1",
            cluster_name="tmi-dev",
            endpoint=cluster.id.apply(lambda _: "https://cluster.example.com"),
            certificate_authority="authority",
        )
        metadata = ObjectMetaArgs(name="inside")
        kubernetes.core.v1.Namespace("inside", metadata=metadata, opts=pulumi.ResourceOptions(provider=given))

    return run(program, preview=preview)


def test_it_asks_for_a_token_at_each_call_and_leaves_no_file() -> None:
    inputs = provider().one(kubernetes.Provider).inputs
    config = json.loads(inputs["kubeconfig"])
    assert config["users"][0]["user"] == {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": "aws",
            "args": ["eks", "get-token", "--region", "eu-west-1", "--cluster-name", "tmi-dev"],
            "interactiveMode": "Never",
        }
    }
    assert config["clusters"][0]["cluster"] == {
        "server": "https://cluster.example.com",
        "certificate-authority-data": "authority",
    }
    assert config["current-context"] == config["contexts"][0]["name"]


def test_it_applies_on_the_server_so_that_who_owns_a_field_is_known() -> None:
    assert json.loads(provider().one(kubernetes.Provider).inputs["enableServerSideApply"]) is True


def test_a_preview_needs_no_cluster() -> None:
    cloud = provider(preview=True)
    assert isinstance(cloud.one(kubernetes.Provider).inputs["kubeconfig"], pulumi.output.Unknown)
    assert cloud.one(kubernetes.core.v1.Namespace).provider == "kubernetes"


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_costs_are_told_apart_by_stack_and_tier(stack: str) -> None:
    tags = stack_tags(parse(document(stack)))
    tier = {"dev": "development", "prod": "production"}[stack]
    assert tags == {"tmi:stack": f"tmi-{stack}", "tmi:tier": tier, "tmi:repository": tags["tmi:repository"]}
