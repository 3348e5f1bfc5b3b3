"""Both stacks as a whole: what they hold, what they share, and what they must not share."""

from __future__ import annotations

import ipaddress
from itertools import combinations
from typing import Any, cast

import pulumi_aws as aws
import pytest
from inline_snapshot import external_file

from tests.cloud import Cloud, Declared
from tests.stack_files import STACKS, stack_file
from tests.stacks.program import recorded


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
    assert [pair for pair in combinations(networks, 2) if pair[0].overlaps(pair[1])] == []
    assert len({(document["account"], document["name"]) for document in documents}) == len(STACKS)


def test_the_recovery_stack_is_production_elsewhere() -> None:
    home, there = stack_file("prod")["config"]["tmi:stack"], stack_file("recovery")["config"]["tmi:stack"]
    assert (home["recovery"]["region"], there["recovery"]["region"]) == (there["region"], home["region"])
    assert home["account"] == there["account"]
    differing = {section for section in home if home[section] != there[section]}
    assert differing == {
        "name", "region", "network", "secrets", "database", "recovery", "registry", "load_balancer",
    }  # fmt: skip
    assert home["load_balancer"]["domain"] == there["load_balancer"]["domain"]
    assert there["registry"]["tmi_images"] == {"kind": "replicated", "stack": home["name"]}


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
        "topic_arns",
    } | ({"recovery"} if stack != "dev" else set())


def test_production_says_what_a_stack_in_the_recovery_region_has_to_name() -> None:
    copies = recorded("prod").exports["recovery"]
    assert set(copies) == {"region", "certificate_arn", "automated_backup_arns", "settings_key"}
    assert copies["region"] == "eu-central-1"
    assert set(copies["automated_backup_arns"]) == {"main"}
    # As the file of that stack has it.
    named = stack_file("recovery")["config"]["tmi:stack"]["secrets"]["settings_key"]
    assert set(copies["settings_key"]) == set(named) - {"kind"}
    assert copies["settings_key"]["secret_arn"].startswith("arn:aws:secretsmanager:eu-central-1:")


def test_every_secret_of_production_is_kept_in_the_recovery_region() -> None:
    cloud = recorded("prod")
    key = next(key for key in cloud.of(aws.kms.Key) if key.name == "recovery-keys-secrets")
    for secret in cloud.of(aws.secretsmanager.Secret):
        assert secret.inputs["replicas"] == [{"region": "eu-central-1", "kmsKeyId": key.inputs["arn"]}]
    assert "secretsmanager.eu-central-1.amazonaws.com" in key.inputs["policy"]
    assert not any("replicas" in secret.inputs for secret in recorded("dev").of(aws.secretsmanager.Secret))


def test_every_primary_and_image_of_production_is_copied() -> None:
    cloud = recorded("prod")
    primaries = {each.inputs["arn"] for each in cloud.of(aws.rds.Instance) if "replicateSourceDb" not in each.inputs}
    replicated = cloud.of(aws.rds.InstanceAutomatedBackupsReplication)
    assert {each.inputs["sourceDbInstanceArn"] for each in replicated} == primaries
    configuration = cloud.one(aws.ecr.ReplicationConfiguration)
    assert configuration.provider == "aws"
    # A repository there takes its key from the template at its first image.
    (replication,) = [resource for resource in cloud.resources if resource.name == configuration.parent]
    template = cloud.one(aws.ecr.RepositoryCreationTemplate, "recovery-images-template")
    assert template.name in replication.dependencies


def test_a_copied_key_is_not_copied_on() -> None:
    assert "settings_key" not in recorded("recovery").exports["recovery"]


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
