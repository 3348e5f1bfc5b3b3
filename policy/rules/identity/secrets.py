"""Secrets: their values stay out of the state, and nobody loses or publishes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policy.facts.replicas import DATABASE
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, ResourceRule, Severity, Violation
from policy.values import elements, present, show

_SECRET: Final = "aws:secretsmanager/secret:Secret"  # noqa: S105 -- a type token
_VERSION: Final = "aws:secretsmanager/secretVersion:SecretVersion"
_POLICY: Final = "aws:secretsmanager/secretPolicy:SecretPolicy"
_IN_STATE: Final[Mapping[str, Mapping[tuple[str, ...], str]]] = {
    DATABASE: {("password",): "passwordWo"},
    "aws:rds/cluster:Cluster": {("masterPassword",): "masterPasswordWo"},
    "aws:elasticache/replicationGroup:ReplicationGroup": {("authToken",): "authTokenWo"},
    "aws:elasticache/user:User": {
        ("passwords",): "passwordsWo",
        ("authenticationMode", "passwords"): "passwordsWo",
    },
    _VERSION: {("secretString",): "secretStringWo", ("secretBinary",): "secretStringWo"},
}
"""Where a type takes a credential that Pulumi keeps, and the write-only argument that it does not keep."""
_RECOVERY_DAYS: Final = 7
"""The least that Secrets Manager offers, short of none at all. Source: AWS Secrets Manager API Reference, DeleteSecret.
"""


def credentials_not_in_state(resource: Resource) -> Iterator[Violation]:
    """No credential is given by an argument that ends in the state, not even one that is marked as a secret."""
    for path, instead in _IN_STATE[resource.type].items():
        if present(resource.get(*path)):
            yield Violation(resource, f"{'.'.join(path)} is kept in the state; give {instead}")


def secrets_guarded(graph: Graph) -> Iterator[Violation]:
    """Each secret has a value and a policy that cannot make it public, can be restored, and is replicated if any is."""
    secrets = graph.of_type(_SECRET)
    replicated = any(present(secret.get("replicas")) for secret in secrets)
    for secret in secrets:
        if not graph.referring(secret, "secretId", _VERSION):
            yield Violation(secret, "it has no SecretVersion, so whoever reads it finds nothing")
        yield from _unguarded(graph, secret)
        days = secret.get("recoveryWindowInDays")
        if days is not None and not (isinstance(days, int) and days >= _RECOVERY_DAYS):  # absent: 30
            yield Violation(secret, f"recoveryWindowInDays is {show(days)}; it must be {_RECOVERY_DAYS} or more")
        if replicated and not elements(secret.get("replicas")):
            yield Violation(secret, "replicas must name the region that other secrets of the stack are replicated to")


def _unguarded(graph: Graph, secret: Resource) -> Iterator[Violation]:
    policies = graph.referring(secret, "secretArn", _POLICY)
    if not policies:
        yield Violation(secret, "it has no SecretPolicy, so nothing keeps it from being shared")
    for policy in policies:
        blocked = policy.get("blockPublicPolicy")
        if blocked is not True:  # absent: Secrets Manager does not look
            yield Violation(policy, f"blockPublicPolicy is {show(blocked)}; it must be true, for {secret.name}")


CREDENTIALS_NOT_IN_STATE: Final = ResourceRule(
    about=Description(
        id="credentials-not-in-state",
        title="Passwords and tokens are given by write-only arguments",
        severity=Severity.HIGH,
        frameworks=("WA SEC02",),
        why="Whoever may read the state, or an old copy of it, would hold the keys to the data.",
        remediation="Give the write-only argument and its version instead.",
    ),
    types=frozenset(_IN_STATE),
    check=credentials_not_in_state,
)
SECRETS_GUARDED: Final = GraphRule(
    about=Description(
        id="secrets-guarded",
        title="Secrets have a value, a policy, a way back, and a copy wherever the others have one",
        severity=Severity.HIGH,
        frameworks=("WA SEC02", "WA SEC08", "WA REL13"),
        why="A secret that is deleted by mistake, or is missing where the stack is recovered, is an outage; one that "
        "is public is worse.",
        remediation="Declare a SecretVersion and a SecretPolicy with blockPublicPolicy, leave recoveryWindowInDays at "
        f"{_RECOVERY_DAYS} or more, and replicate all secrets or none.",
    ),
    check=secrets_guarded,
)
