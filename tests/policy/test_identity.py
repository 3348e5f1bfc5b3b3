from __future__ import annotations

import json

import pytest

from policy.rules.identity.wildcards import NO_WILDCARDS
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, undecided, violations

POLICIES = (
    "iam/policy:Policy",
    "iam/rolePolicy:RolePolicy",
    "iam/userPolicy:UserPolicy",
    "iam/groupPolicy:GroupPolicy",
)
EVERY_ACTION = "it grants every action of a service, or of all; name the actions"
NAMED = "NotAction and NotResource grant all that is not named; name what is granted"
KEY = "arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000000"


def document(**statement: object) -> str:
    whole = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": KEY} | statement
    return json.dumps({"Version": "2012-10-17", "Statement": [whole]})


def faults(policy: Plain, token: str = "aws:iam/rolePolicy:RolePolicy") -> list[str]:  # noqa: S107 -- a type token
    return [message for _, message in violations(NO_WILDCARDS, resource(token, "it", {"policy": policy}))]


@pytest.mark.parametrize("token", POLICIES)
def test_each_way_to_write_a_policy(token: str) -> None:
    assert faults(document(), f"aws:{token}") == []
    assert faults(document(Action="*"), f"aws:{token}") == [f"policy, statement 1: {EVERY_ACTION}"]


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Deny", "Action": "*", "Resource": "*"},
        {"Action": ["ecr:GetAuthorizationToken", "ec2:Describe*", "logs:PutLogEvents"], "Resource": "*"},
        {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"},
        {"Action": "secretsmanager:GetSecretValue", "Resource": "arn:aws:secretsmanager:eu-west-1:1:secret:tmi-*"},
        {"Action": "kms:DescribeKey", "Resource": "*"},
        {"Action": "s3:Get[]Object", "Resource": "*"},
    ],
)
def test_what_is_granted_in_name_is_granted(statement: dict[str, object]) -> None:
    assert faults(document(**statement)) == []


@pytest.mark.parametrize(
    "action", ["*", "*:*", "s3:*", "s3:**", "*:Get", "s?:GetObject", ["logs:PutLogEvents", "iam:*"]]
)
def test_no_action_is_a_wildcard(action: object) -> None:
    assert faults(document(Action=action)) == [f"policy, statement 1: {EVERY_ACTION}"]


@pytest.mark.parametrize(
    ("action", "resources", "named"),
    [
        ("kms:Decrypt", "*", "kms:Decrypt"),
        ("KMS:decrypt", ["*"], "kms:Decrypt"),
        ("kms:*crypt", "arn:aws:kms:*:*:key/*", "kms:Decrypt"),
        ("s3:Get*", "arn:aws:s3:::*", "s3:GetObject, s3:GetObjectVersion"),
        ("s3:GetObjec?", "arn:aws:s3:::*/*", "s3:GetObject"),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:*", "secretsmanager:GetSecretValue"),
        ("ssm:GetParameter", "arn:aws:ssm:*:*:parameter/*", "ssm:GetParameter"),
        ("iam:PassRole", "arn:aws:iam::111111111111:role/*", "iam:PassRole"),
        ("sts:AssumeRole", [KEY, "*"], "sts:AssumeRole"),
        ("sts:AssumeRole", 7, None),
    ],
)
def test_nothing_is_read_everywhere(action: str, resources: object, named: str | None) -> None:
    expected = [f"policy, statement 1: it grants {named} on every resource; name the resources"] if named else []
    assert faults(document(Action=action, Resource=resources)) == expected


@pytest.mark.parametrize("statement", [{"Action": None, "NotAction": "iam:*"}, {"Resource": None, "NotResource": KEY}])
def test_what_is_not_named_is_not_granted(statement: dict[str, object]) -> None:
    assert faults(document(**statement)) == [f"policy, statement 1: {NAMED}"]


def test_a_statement_may_stand_alone_and_an_effect_that_is_not_deny_allows() -> None:
    single = {"Statement": {"Effect": "allow?", "Action": "*", "Resource": "*"}}
    assert f"policy, statement 1: {EVERY_ACTION}" in faults(json.dumps(single))


@pytest.mark.parametrize("policy", [None, "", "{", "[]", "{}", '{"Statement": []}', '{"Statement": ["x"]}', 7, ["x"]])
def test_a_document_that_cannot_be_read_is_refused(policy: Plain) -> None:
    assert faults(policy) == ["policy is not an IAM policy document that can be read"]


def test_a_hostile_pattern_ends() -> None:
    assert faults(document(Action="s3:" + "*a" * 3000, Resource="*")) == []


def test_a_document_that_is_not_known_yet_is_undecided() -> None:
    policy = resource("aws:iam/policy:Policy", "it", {"policy": UNKNOWN})
    assert violations(NO_WILDCARDS, policy) == []
    assert undecided(NO_WILDCARDS, policy) == ["it"]
    statement: Plain = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": [UNKNOWN]}
    partly = resource("aws:iam/policy:Policy", "it", {"policy": {"Statement": [statement]}})
    assert violations(NO_WILDCARDS, partly) == []
    assert undecided(NO_WILDCARDS, partly) == ["it"]


ATTACHMENTS = (
    "iam/rolePolicyAttachment:RolePolicyAttachment",
    "iam/userPolicyAttachment:UserPolicyAttachment",
    "iam/groupPolicyAttachment:GroupPolicyAttachment",
    "iam/policyAttachment:PolicyAttachment",
)


@pytest.mark.parametrize("token", ATTACHMENTS)
@pytest.mark.parametrize("name", ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"])
@pytest.mark.parametrize("partition", ["aws", "aws-us-gov", "aws-cn"])
def test_no_administrator_is_attached(token: str, name: str, partition: str) -> None:
    attachment = resource(f"aws:{token}", "it", {"policyArn": f"arn:{partition}:iam::aws:policy/{name}"})
    message = f"AWS's {name} is attached; grant the actions that are used"
    assert violations(NO_WILDCARDS, attachment) == [("it", message)]


@pytest.mark.parametrize(
    ("arn", "open_questions"),
    [("arn:aws:iam::aws:policy/AmazonEKSClusterPolicy", 0), (None, 0), (7, 0), (UNKNOWN, 1)],
)
def test_other_policies_may_be_attached(arn: Plain, open_questions: int) -> None:
    attachment = resource(f"aws:{ATTACHMENTS[0]}", "it", {"policyArn": arn})
    assert violations(NO_WILDCARDS, attachment) == []
    assert len(undecided(NO_WILDCARDS, attachment)) == open_questions


def test_a_roles_own_policies() -> None:
    token = "aws:iam/role:Role"  # noqa: S105 -- a type token
    inline: Plain = [{"name": "none"}, {"name": "a", "policy": document(Action="*")}, {"name": "b", "policy": UNKNOWN}]
    arns: Plain = ["arn:aws:iam::aws:policy/IAMFullAccess", UNKNOWN]
    role = resource(token, "it", {"inlinePolicies": inline, "managedPolicyArns": arns, "assumeRolePolicy": "{}"})
    assert [message for _, message in violations(NO_WILDCARDS, role)] == [
        "AWS's IAMFullAccess is attached; grant the actions that are used",
        f"inlinePolicies, statement 1: {EVERY_ACTION}",
    ]
    assert undecided(NO_WILDCARDS, role) == ["it", "it"]
    assert violations(NO_WILDCARDS, resource(token, "it", {"assumeRolePolicy": "{}"})) == []


@pytest.mark.parametrize(
    ("name", "banned"),
    [
        ("AdministratorAccess", True),
        ("AdministratorAccess-Amplify", True),
        ("job-function/SystemAdministrator", True),
        ("AmazonS3FullAccess", True),
        ("ReadOnlyAccess", True),
        ("CloudWatchReadOnlyAccess", False),
        ("AmazonEKSClusterPolicy", False),
        ("service-role/AmazonRDSEnhancedMonitoringRole", False),
        ("x\nFullAccess", False),
    ],
)
def test_wide_policies_of_aws_are_attached_in_none_of_the_ways(name: str, banned: bool) -> None:  # noqa: FBT001
    arn = f"arn:aws:iam::aws:policy/{name}"
    ways: dict[str, dict[str, Plain]] = {
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {"policyArn": arn},
        "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": {"policyArns": [arn]},
        "aws:iam/role:Role": {"managedPolicyArns": [arn]},
    }
    for token, properties in ways.items():
        assert [each for each, _ in violations(NO_WILDCARDS, resource(token, "it", properties))] == ["it"] * banned
