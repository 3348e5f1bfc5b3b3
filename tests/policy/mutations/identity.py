"""Changes that break the rules of who may do what: identities, keys, and the policies of resources."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from policy.facts.documents import statements
from policy.graph import Graph, Resource
from policy.rules.data.encryption import keys_behind
from policy.values import Plain
from tests.policy.mutations.changing import Mutation, first, setting, with_property, with_resource

_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
_KEY: Final = "aws:kms/key:Key"
_ROLE_POLICIES: Final = ("aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy")
_ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


def _document(**statement: Plain) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", **statement}]})


def _granting(action: str) -> Callable[[Graph], Graph]:
    def apply(graph: Graph) -> Graph:
        return with_property(graph, first(graph, *_ROLE_POLICIES), "policy", _document(Action=action))

    return apply


def _letting_everybody_in(token: str, action: str) -> Callable[[Graph], Graph]:
    """A policy grants everybody something, beside all that it says already."""

    def apply(graph: Graph) -> Graph:
        holder = first(graph, token)
        held = holder.get("policy")
        everybody: Plain = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}
        kept = statements(held) or ()
        return with_property(graph, holder, "policy", {"Version": "2012-10-17", "Statement": [*kept, everybody]})

    return apply


def _another_user(graph: Graph) -> Graph:
    sample = first(graph, "aws:iam/role:Role")
    user = Resource(
        urn=f"{sample.urn}-person", type="aws:iam/user:User", name="person", properties={}, provider=sample.provider
    )
    return with_resource(graph, user)


def _logs_shut_out(graph: Graph) -> Graph:
    """The key of a log group serves everything but CloudWatch Logs."""
    key = keys_behind(graph, first(graph, _GROUP), "kmsKeyId")[0]
    held = key.get("policy")
    assert isinstance(held, str)
    return with_property(graph, key, "policy", held.replace('"logs.', '"nothing.'))


def _unguarded_chat(graph: Graph) -> Graph:
    chat = Resource(
        urn="urn:pulumi:test::tmi::aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration::talk",
        type="aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
        name="talk",
    )
    return with_resource(graph, replace(chat, properties={"guardrailPolicyArns": None}))


def _given_away(graph: Graph) -> Graph:
    """Another account may write the policy of a bucket that this stack does not make."""
    statement: Plain = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
        "Action": "s3:PutBucketPolicy",
        "Resource": "*",
    }
    given = Resource(
        urn="urn:pulumi:test::tmi::aws:s3/bucketPolicy:BucketPolicy::given",
        type="aws:s3/bucketPolicy:BucketPolicy",
        name="given",
        properties={"bucket": "elsewhere", "policy": {"Version": "2012-10-17", "Statement": [statement]}},
    )
    return with_resource(graph, given)


IDENTITIES: Final = (
    Mutation("buckets-administered-at-home", "another account may write a bucket's policy", _given_away),
    Mutation("iam-rights-not-raised", "a role may write policies", _granting("iam:PutRolePolicy")),
    Mutation("iam-guards-kept", "a role may delete logs", _granting("logs:DeleteLogGroup")),
    Mutation(
        "iam-no-wildcards",
        "AWS's administrator's policy is attached",
        setting(_ATTACHMENT, "policyArn", to="arn:aws:iam::aws:policy/AdministratorAccess"),
    ),
    Mutation("identities-federated", "a user of IAM is declared", _another_user),
    Mutation("chats-guarded", "a chat may do everything", _unguarded_chat),
    Mutation(
        "resource-policies-closed",
        "everybody may read a secret",
        _letting_everybody_in("aws:secretsmanager/secretPolicy:SecretPolicy", "secretsmanager:GetSecretValue"),
    ),
    Mutation("keys-wait", "a key is gone in a week", setting(_KEY, "deletionWindowInDays", to=7)),
    Mutation("keys-wait", "a key is disabled", setting(_KEY, "isEnabled", to=False)),
    Mutation("keys-rotate", "a key rotates every other year", setting(_KEY, "rotationPeriodInDays", to=730)),
    Mutation("keys-serve-logs", "a key shuts CloudWatch Logs out", _logs_shut_out),
)
