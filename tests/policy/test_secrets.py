"""Secrets: out of the state, guarded, replicated together."""

from __future__ import annotations

import pytest

from policy.graph import Resource
from policy.rules.identity.secrets import CREDENTIALS_NOT_IN_STATE, SECRETS_GUARDED
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
USER = "aws:elasticache/user:User"


@pytest.mark.parametrize(
    ("token", "name", "instead"),
    [
        ("aws:rds/instance:Instance", "password", "passwordWo"),
        ("aws:rds/cluster:Cluster", "masterPassword", "masterPasswordWo"),
        (CACHE, "authToken", "authTokenWo"),
        (USER, "passwords", "passwordsWo"),
        (VERSION, "secretString", "secretStringWo"),
        (VERSION, "secretBinary", "secretStringWo"),
    ],
)
def test_no_credential_is_in_the_state(token: str, name: str, instead: str) -> None:
    for value in ("swordfish", UNKNOWN, ["swordfish"]):
        message = f"{name} is kept in the state; give {instead}"
        assert violations(CREDENTIALS_NOT_IN_STATE, resource(token, "it", {name: value})) == [("it", message)]
    for known in ({name: None}, {name: ""}, {instead: "swordfish"}, {instead: UNKNOWN}):
        assert violations(CREDENTIALS_NOT_IN_STATE, resource(token, "it", known)) == []


@pytest.mark.parametrize(
    ("mode", "passes"), [({"type": "iam"}, True), ({"passwords": ["swordfish"]}, False), (UNKNOWN, False)]
)
def test_a_users_authentication_mode_holds_none_either(mode: Plain, *, passes: bool) -> None:
    found = violations(CREDENTIALS_NOT_IN_STATE, resource(USER, "it", {"authenticationMode": mode}))
    message = "authenticationMode.passwords is kept in the state; give passwordsWo"
    assert found == ([] if passes else [("it", message)])


def guarded(
    name: str = "it", properties: dict[str, Plain] | None = None, *, blocked: Plain = True
) -> tuple[Resource, Resource, Resource]:
    secret = resource("aws:secretsmanager/secret:Secret", name, properties)
    token = "aws:secretsmanager/secretPolicy:SecretPolicy"  # noqa: S105 -- a type token
    policy = resource(token, f"{name}-policy", {"blockPublicPolicy": blocked}, secretArn=secret)
    return secret, policy, resource(VERSION, f"{name}-version", secretId=secret)


def test_a_guarded_secret_passes_and_needs_every_part() -> None:
    secret, policy, version = guarded()
    assert violations(SECRETS_GUARDED, secret, policy, version) == []
    assert violations(SECRETS_GUARDED, secret, policy) == [
        ("it", "it has no SecretVersion, so whoever reads it finds nothing")
    ]
    assert violations(SECRETS_GUARDED, secret, version) == [
        ("it", "it has no SecretPolicy, so nothing keeps it from being shared")
    ]


@pytest.mark.parametrize(
    ("blocked", "shown"), [(None, "absent"), (False, "false"), (UNKNOWN, "unknown until it is deployed")]
)
def test_a_policy_cannot_make_a_secret_public(blocked: Plain, shown: str) -> None:
    message = f"blockPublicPolicy is {shown}; it must be true, for it"
    assert violations(SECRETS_GUARDED, *guarded(blocked=blocked)) == [("it-policy", message)]


@pytest.mark.parametrize(
    ("days", "shown"),
    [(None, ""), (7, ""), (30, ""), (0, "0"), (6, "6"), (UNKNOWN, "unknown until it is deployed")],
)
def test_a_secret_can_be_restored(days: Plain, shown: str) -> None:
    expected = [("it", f"recoveryWindowInDays is {shown}; it must be 7 or more")] if shown else []
    assert violations(SECRETS_GUARDED, *guarded(properties={"recoveryWindowInDays": days})) == expected


REPLICAS: dict[str, Plain] = {"replicas": [{"region": "eu-central-1"}]}


@pytest.mark.parametrize("replicas", [None, []])
def test_all_secrets_are_replicated_or_none(replicas: Plain) -> None:
    alone: dict[str, Plain] = {"replicas": replicas}
    assert violations(SECRETS_GUARDED, *guarded("one", alone), *guarded("two", alone)) == []
    assert violations(SECRETS_GUARDED, *guarded("one", REPLICAS), *guarded("two", REPLICAS)) == []
    message = "replicas must name the region that other secrets of the stack are replicated to"
    assert violations(SECRETS_GUARDED, *guarded("one", REPLICAS), *guarded("two", alone)) == [("two", message)]
