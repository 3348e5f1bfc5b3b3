"""Access: roles, by EKS's policies, and pods as roles of the stack."""

from __future__ import annotations

import pytest

from policy.graph import Resource
from policy.rules.cluster.access import ACCESS_NARROW, IDENTITIES_PAIRED
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, undecided, violations
from tests.policy.pods import NAMESPACE, faults, named

ROLE = resource("aws:iam/role:Role", "role")
ARN = "arn:aws:iam::111111111111:role/operators"
POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKS{}Policy"
SYSTEM = "kubernetesGroups must hold no group of the system"
USER = "principalArn must be a role: a user has a key that never ends"


def entry(*roles: Resource, **properties: Plain) -> Resource:
    return resource("aws:eks/accessEntry:AccessEntry", "entry", {"principalArn": ARN, **properties}, principalArn=roles)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, []),
        ({"kubernetesGroups": []}, []),
        ({"kubernetesGroups": ["viewers"]}, []),
        ({"kubernetesGroups": ["viewers", "system:masters"]}, [SYSTEM]),
        ({"kubernetesGroups": [UNKNOWN]}, [SYSTEM]),
        ({"kubernetesGroups": "system:masters"}, [SYSTEM]),
        ({"principalArn": "arn:aws:iam::111111111111:user/somebody"}, [USER]),
        ({"principalArn": None}, [USER]),
        ({"principalArn": UNKNOWN}, [USER]),
    ],
)
def test_people_enter_as_roles(properties: dict[str, Plain], expected: list[str]) -> None:
    assert faults(ACCESS_NARROW, entry(**properties)) == expected


def test_a_role_of_the_stack_is_known_by_reference() -> None:
    assert faults(ACCESS_NARROW, ROLE, entry(ROLE, principalArn=UNKNOWN)) == []


NO_POLICY = "policyArn must be an access policy of EKS"
NO_SCOPE = "accessScope.type must be cluster or namespace"
OWN = "a role of this stack, which a workload may have, would rule over the cluster"


@pytest.mark.parametrize(
    ("policy", "scope", "ours", "expected"),
    [
        (POLICY.format("ClusterAdmin"), "cluster", False, []),
        (POLICY.format("AutoNode"), "cluster", True, []),
        (POLICY.format("View"), "namespace", True, []),
        (POLICY.format("ClusterAdmin"), "cluster", True, [OWN]),
        (POLICY.format("Edit"), "namespace", True, [OWN]),
        ("arn:aws:iam::aws:policy/AdministratorAccess", "cluster", False, [NO_POLICY]),
        (None, None, False, [NO_POLICY, NO_SCOPE]),
        (UNKNOWN, UNKNOWN, False, [NO_POLICY, NO_SCOPE]),
        (7, "everywhere", False, [NO_POLICY, NO_SCOPE]),
    ],
)
def test_what_they_may_is_a_policy_of_eks(policy: Plain, scope: Plain, *, ours: bool, expected: list[str]) -> None:
    token = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"  # noqa: S105 -- a type token
    given = {"policyArn": policy, "accessScope": {"type": scope}}
    association = resource(token, "policy", given, principalArn=[ROLE] if ours else [])
    assert faults(ACCESS_NARROW, ROLE, association) == expected


ACCOUNT = resource("kubernetes:core/v1:ServiceAccount", "account", named("tmi"))
NOBODY = "no ServiceAccount of this stack has that name in that namespace"
DEFAULT = "serviceAccount is every pod's that names none; name one of its own"
FOREIGN = "roleArn must be a role of this stack, whose rights are judged here"


def identity(name: str = "it", role: Resource | None = ROLE, /, **properties: Plain) -> Resource:
    given: dict[str, Plain] = {"namespace": "tmi", "serviceAccount": "tmi", **properties}
    token = "aws:eks/podIdentityAssociation:PodIdentityAssociation"  # noqa: S105 -- a type token
    return resource(token, name, given, roleArn=[role] if role else [])


@pytest.mark.parametrize("space", [[NAMESPACE], []])
@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, []),
        ({"serviceAccount": "other"}, [NOBODY]),
        ({"serviceAccount": None}, [NOBODY]),
        ({"serviceAccount": ["tmi"]}, [NOBODY]),
        ({"namespace": "other"}, [NOBODY]),
        ({"namespace": "kube-system", "serviceAccount": "driver"}, []),
        ({"serviceAccount": "default"}, [DEFAULT]),
    ],
)
def test_an_identity_is_for_an_account_that_is_there(
    space: list[Resource], properties: dict[str, Plain], expected: list[str]
) -> None:
    assert faults(IDENTITIES_PAIRED, ROLE, ACCOUNT, *space, identity(**properties)) == expected


@pytest.mark.parametrize("name", ["namespace", "serviceAccount"])
def test_what_is_not_known_yet_is_judged_later(name: str) -> None:
    pending = identity(**{name: UNKNOWN})
    assert faults(IDENTITIES_PAIRED, ROLE, ACCOUNT, pending) == []
    assert undecided(IDENTITIES_PAIRED, ROLE, ACCOUNT, pending) == ["it"]


def test_a_role_of_elsewhere_is_refused() -> None:
    assert faults(IDENTITIES_PAIRED, ACCOUNT, identity("it", None)) == [FOREIGN]


def test_an_account_has_one_role() -> None:
    found = violations(IDENTITIES_PAIRED, ROLE, ACCOUNT, identity("one"), identity("two"))
    assert found == [("two", "its ServiceAccount has another role already")]
