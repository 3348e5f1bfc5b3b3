"""Both stacks as a whole: what they hold, what they share, and what they must not share."""

from __future__ import annotations

import ipaddress
from typing import Any, cast

import pytest
from inline_snapshot import external_file

from tests.cloud import Cloud, Declared
from tests.stack_files import stack_file
from tests.stacks.program import STACKS, recorded


def tree(cloud: Cloud) -> str:
    """Type, name and protection of every resource below its parent."""
    children: dict[str, list[Declared]] = {}
    for resource in cloud.resources:
        children.setdefault(resource.parent, []).append(resource)
    root = next(iter(set(children) - {resource.name for resource in cloud.resources}))

    def lines(parent: str, depth: int) -> list[str]:
        below = sorted(children.get(parent, []), key=lambda resource: (resource.type, resource.name))
        return [
            line
            for resource in below
            for line in (
                f"{'  ' * depth}{resource.type} {resource.name}{' (protected)' if resource.protect else ''}",
                *lines(resource.name, depth + 1),
            )
        ]

    return "\n".join([root, *lines(root, 1)]) + "\n"


@pytest.mark.parametrize("stack", STACKS)
def test_the_resource_tree_was_reviewed(stack: str) -> None:
    assert tree(recorded(stack)) == external_file(f"{stack}.txt")


@pytest.mark.parametrize("stack", STACKS)
def test_a_preview_declares_the_same(stack: str) -> None:
    assert tree(recorded(stack, preview=True)) == tree(recorded(stack))


@pytest.mark.parametrize("stack", STACKS)
def test_the_file_holds_nothing_but_the_stack(stack: str) -> None:
    whole = stack_file(stack)
    assert set(whole) == {"config"}
    assert set(whole["config"]) == {"tmi:stack"}


def test_the_stacks_never_meet() -> None:
    documents = [cast("dict[str, Any]", stack_file(stack)["config"]["tmi:stack"]) for stack in STACKS]
    networks = [ipaddress.IPv4Network(document["network"]["cidr"]) for document in documents]
    assert not networks[0].overlaps(networks[1])
    assert len({(document["account"], document["name"]) for document in documents}) == len(STACKS)
    assert len({document["load_balancer"]["domain"] for document in documents}) == len(STACKS)


@pytest.mark.parametrize("stack", STACKS)
def test_the_exports_are_what_an_operator_reads(stack: str) -> None:
    exports = recorded(stack).exports
    domain = stack_file(stack)["config"]["tmi:stack"]["load_balancer"]["domain"]
    assert exports["url"] == f"https://{domain}"
    assert set(exports) == {
        "url",
        "load_balancer_dns_name",
        "vpc_id",
        "edge_route_table_id",
        "cluster_name",
        "database_address",
        "redis_endpoint",
        "image_repository",
        "alarm_topic_arn",
    }


def test_production_protects_what_holds_data_and_development_nothing() -> None:
    protected = {resource.type for resource in recorded("prod").resources if resource.protect}
    assert {
        "aws:ecr/repository:Repository",
        "aws:eks/cluster:Cluster",
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "aws:kms/key:Key",
        "aws:rds/instance:Instance",
        "aws:s3/bucket:Bucket",
    } <= protected
    assert not any(resource.protect for resource in recorded("dev").resources)
