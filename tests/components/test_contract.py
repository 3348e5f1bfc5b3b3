"""What holds for every component alike, seen on those of both stacks."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
import re
import typing
from collections import Counter
from typing import Any

import pulumi
import pytest

import components
from tests.cloud import Declared
from tests.stack_files import STACKS
from tests.stacks.program import recorded


def classes() -> list[type[pulumi.ComponentResource]]:
    found: set[type[pulumi.ComponentResource]] = set()
    for module in pkgutil.walk_packages(components.__path__, "components."):
        for _, member in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(member, pulumi.ComponentResource) and member.__module__ == module.name:
                found.add(member)
    return sorted(found, key=lambda member: member.__name__)


COMPONENTS = classes()
BY_TOKEN = {vars(component)["TYPE"]: component for component in COMPONENTS}


def outputs(component: type[Any]) -> set[str]:
    return {name for name, text in component.__annotations__.items() if text.startswith("pulumi.Output[")}


def instances(component: type[pulumi.ComponentResource]) -> list[Declared]:
    token = vars(component)["TYPE"]
    return [resource for stack in STACKS for resource in recorded(stack).resources if resource.type == token]


def test_there_are_components() -> None:
    assert len(COMPONENTS) > 12


@pytest.mark.parametrize("component", COMPONENTS)
def test_its_token_is_a_constant_of_three_parts(component: type[pulumi.ComponentResource]) -> None:
    assert re.fullmatch(rf"tmi:[a-z]+:{component.__name__}", vars(component)["TYPE"])
    assert BY_TOKEN[vars(component)["TYPE"]] is component


@pytest.mark.parametrize("component", COMPONENTS)
def test_it_stands_in_a_stack(component: type[pulumi.ComponentResource]) -> None:
    assert instances(component)


@pytest.mark.parametrize("component", COMPONENTS)
def test_it_takes_a_name_frozen_arguments_and_options(component: type[pulumi.ComponentResource]) -> None:
    parameters = list(inspect.signature(component.__init__).parameters)
    assert parameters == ["self", "name", "args", "opts"]
    arguments = typing.get_type_hints(component.__init__)["args"]
    assert arguments.__name__ == f"{component.__name__}Args"
    assert arguments.__dataclass_params__.frozen
    assert all(field.kw_only for field in dataclasses.fields(arguments))


@pytest.mark.parametrize("component", COMPONENTS)
def test_it_registers_exactly_its_outputs(component: type[pulumi.ComponentResource]) -> None:
    for stack in STACKS:
        cloud = recorded(stack)
        for resource in cloud.resources:
            if resource.type == vars(component)["TYPE"]:
                assert set(cloud.registered[resource.name]) == outputs(component)


@pytest.mark.parametrize("stack", STACKS)
def test_every_resource_belongs_to_a_component(stack: str) -> None:
    names = {resource.name for resource in recorded(stack).resources if resource.type in BY_TOKEN}
    orphans = {
        resource.name
        for resource in recorded(stack).resources
        if resource.type not in BY_TOKEN and not resource.type.startswith("pulumi:providers:")
        if resource.parent not in names
    }
    assert orphans == set()


@pytest.mark.parametrize("stack", STACKS)
def test_every_name_begins_with_its_component(stack: str) -> None:
    for resource in recorded(stack).resources:
        if resource.type not in BY_TOKEN and not resource.type.startswith("pulumi:providers:"):
            assert resource.name.startswith(f"{resource.parent}-"), resource


@pytest.mark.parametrize("stack", STACKS)
def test_no_two_resources_share_a_name(stack: str) -> None:
    names = Counter(resource.name for resource in recorded(stack).resources)
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("stack", STACKS)
def test_no_name_ends_in_an_index(stack: str) -> None:
    indexed = {r.name for r in recorded(stack).resources if re.search(r"-[0-9]{1,2}$", r.name)}
    assert indexed == set()


@pytest.mark.parametrize("stack", STACKS)
def test_no_name_holds_the_stack_or_the_account(stack: str) -> None:
    for resource in recorded(stack).resources:
        assert not re.search(r"(^|-)(dev|prod|[0-9]{12})(-|$)", resource.name), resource


@pytest.mark.parametrize("stack", STACKS)
def test_every_resource_has_an_explicit_provider(stack: str) -> None:
    elsewhere = {
        r"(recovery|recovery-keys)-": "aws-recovery",
        r"(health-checks|outside-key|outside-notification)-": "aws-health-checks",
    }
    for resource in recorded(stack).resources:
        package = resource.type.partition(":")[0]
        if package in ("aws", "kubernetes"):
            there = [provider for names, provider in elsewhere.items() if re.match(names, resource.name)]
            assert resource.provider == (there[0] if there and package == "aws" else package), resource


def test_copies_are_made_in_the_recovery_region_and_health_checks_beside_their_metrics() -> None:
    regions = {
        resource.name: resource.inputs["region"]
        for resource in recorded("prod").resources
        if resource.type == "pulumi:providers:aws"
    }
    assert regions == {"aws": "eu-west-1", "aws-recovery": "eu-central-1", "aws-health-checks": "us-east-1"}
    assert regions.keys() <= {resource.provider for resource in recorded("prod").resources}


OWN_TAGS = {"Name", "eks:eks-cluster-name", "tmi:backup", "tmi:disposable", "tmi:retiring"}
"""What a resource says of itself alone: to people, to EKS, to AWS Backup, to the policies."""


@pytest.mark.parametrize("stack", STACKS)
def test_tags_come_by_the_provider(stack: str) -> None:
    providers = [r for r in recorded(stack).resources if r.type == "pulumi:providers:aws"]
    assert providers
    assert all("tmi:tier" in str(provider.inputs["defaultTags"]) for provider in providers)
    for resource in recorded(stack).resources:
        if resource.type.startswith("aws:"):
            assert set(resource.inputs.get("tags", {})) <= OWN_TAGS, resource
