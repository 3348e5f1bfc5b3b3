"""Every document in both stacks, read by the tools that know its language."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.cloud import Declared
from tests.iam import findings
from tests.manifests import validated
from tests.stack_files import STACKS
from tests.stacks.program import recorded

IDENTITY_POLICIES = {"aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"}
TRUST = "assumeRolePolicy"


def documents(stack: str, *, of_identities: bool) -> Iterator[tuple[Declared, str]]:
    """Every policy document there is, whatever type and property hold it; trusts of roles have a test of their own."""
    for resource in recorded(stack).resources:
        for name, value in resource.inputs.items():
            is_document = isinstance(value, str) and '"Statement"' in value and name != TRUST
            if is_document and (resource.type in IDENTITY_POLICIES) is of_identities:
                yield resource, value


@pytest.mark.parametrize("stack", STACKS)
def test_what_roles_may_do_is_valid_and_specific(stack: str) -> None:
    found = {resource.name: findings(document) for resource, document in documents(stack, of_identities=True)}
    assert len(found) >= 5
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize("stack", STACKS)
def test_what_resources_allow_is_valid(stack: str) -> None:
    """In the policy of a resource `*` means that resource, or, at an endpoint, whatever its other lines leave."""
    found = {resource.name: findings(document) for resource, document in documents(stack, of_identities=False)}
    assert len(found) >= 8
    serious = {name: [each for each in said if "RESOURCE_STAR" not in each] for name, said in found.items()}
    assert {name: said for name, said in serious.items() if said} == {}


@pytest.mark.parametrize("stack", STACKS)
def test_who_may_take_a_role_is_a_service_and_no_one_else(stack: str) -> None:
    roles = [resource for resource in recorded(stack).resources if resource.type == "aws:iam/role:Role"]
    assert len(roles) >= 6
    for role in roles:
        for statement in json.loads(role.inputs[TRUST])["Statement"]:
            assert statement["Effect"] == "Allow"
            assert set(statement["Principal"]) == {"Service"}, role.name


@pytest.mark.parametrize("stack", STACKS)
def test_every_object_is_valid_at_the_stacks_version(stack: str) -> None:
    kinds = validated(recorded(stack).resources)
    assert {"ConfigMap", "Deployment", "Job", "Namespace", "NetworkPolicy", "Service", "TargetGroupBinding"} <= set(
        kinds
    )
