"""Keys at work: of their users' region, and open to CloudWatch Logs where it needs them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from policy.facts.replicas import DATABASE
from policy.graph import PROVIDER, Resource
from policy.rules.identity.key_users import KEYS_IN_REGION, KEYS_SERVE_LOGS
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource, undecided, violations

KEY = "aws:kms/key:Key"
GROUP = "aws:cloudwatch/logGroup:LogGroup"
SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 -- a type token
HOME = Resource(
    urn="urn:pulumi:test::tmi::pulumi:providers:aws::main",
    type=f"{PROVIDER}aws",
    name="main",
    properties={"region": "eu-west-1"},
)
HERE = resource(KEY, "here")
AWAY = resource(KEY, "away", {"region": "eu-central-1"})
SOMEWHERE = resource(KEY, "somewhere", {"region": UNKNOWN})
ALIAS = resource("aws:kms/alias:Alias", "alias", {"region": "eu-central-1"}, targetKeyId=AWAY)
AROUND = (HOME, HERE, AWAY, SOMEWHERE, ALIAS)


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("aws:backup/vault:Vault", "kmsKeyArn"),
        (GROUP, "kmsKeyId"),
        (DATABASE, "kmsKeyId"),
        (DATABASE, "performanceInsightsKmsKeyId"),
        ("aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication", "kmsKeyId"),
        ("aws:ecr/repository:Repository", "encryptionConfigurations"),
        ("aws:synthetics/canary:Canary", "artifactConfig"),
        ("aws:sns/topic:Topic", "kmsMasterKeyId"),
        (SECRET, "kmsKeyId"),
    ],
)
def test_a_key_is_of_its_users_region(token: str, name: str) -> None:
    def found(key: Resource) -> list[tuple[str, str]]:
        return violations(KEYS_IN_REGION, *AROUND, made_from(resource(token, "it", {name: UNKNOWN}), name, key))

    wrong = [("it", f"{name} names a key of another region, where its service cannot use it")]
    assert [found(key) for key in (HERE, SOMEWHERE, AWAY, ALIAS)] == [[], [], wrong, wrong]
    assert violations(KEYS_IN_REGION, *AROUND, resource(token, "it", {name: "x\ny"}), resource(token, "bare")) == []


@pytest.mark.parametrize(
    ("replicas", "key", "passes"),
    [
        ([{"region": "eu-central-1"}], AWAY, True),
        ([{"region": "eu-central-1"}], HERE, False),
        ([{"region": "eu-central-1"}], SOMEWHERE, True),
        ([{"region": UNKNOWN}], HERE, True),
        (UNKNOWN, HERE, True),
        ([7], AWAY, True),
        ([], AWAY, False),
    ],
)
def test_a_replicas_key_is_of_the_replicas_region(replicas: Plain, key: Resource, *, passes: bool) -> None:
    secret = resource(SECRET, "it", {"replicas": replicas}, replicas=key)
    message = "replicas names a key of a region that none of them is in"
    assert violations(KEYS_IN_REGION, *AROUND, secret) == ([] if passes else [("it", message)])


def allowing(service: Plain, *actions: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


LOGS = "logs.eu-west-1.amazonaws.com"
ACTIONS = ("kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*")


@pytest.mark.parametrize(
    ("policy", "passes"),
    [
        (allowing(LOGS, *ACTIONS), True),
        (allowing(["s3.amazonaws.com", LOGS], "kms:*"), True),
        (allowing("logs.amazonaws.com", *ACTIONS), True),
        (allowing("logs.eu-central-1.amazonaws.com", *ACTIONS), False),
        (allowing("s3.amazonaws.com", *ACTIONS), False),
        (allowing(LOGS, *ACTIONS[:2]), False),
        (allowing(LOGS, *ACTIONS).replace("Allow", "Deny"), False),
        ("{", False),
        (None, False),
        (7, False),
    ],
)
def test_cloudwatch_logs_may_use_the_key(policy: Plain, *, passes: bool) -> None:
    key = resource(KEY, "key", {"policy": policy})
    group = resource(GROUP, "it", kmsKeyId=key)
    expected = [] if passes else [("it", "the policy of key, its key, lets no CloudWatch Logs use it")]
    assert violations(KEYS_SERVE_LOGS, HOME, key, group) == expected
    closed = replace(key, properties={"policy": allowing("s3.amazonaws.com", "kms:*")})
    apart = resource("aws:kms/keyPolicy:KeyPolicy", "apart", {"policy": policy}, keyId=key)
    assert violations(KEYS_SERVE_LOGS, HOME, closed, apart, group) == expected


def test_where_no_region_is_known_any_will_do() -> None:
    key = resource(KEY, "key", {"policy": allowing("logs.eu-central-1.amazonaws.com", *ACTIONS)})
    assert violations(KEYS_SERVE_LOGS, key, resource(GROUP, "it", kmsKeyId=key)) == []


def test_what_is_not_known_is_judged_later() -> None:
    key = resource(KEY, "key", {"policy": UNKNOWN})
    group = resource(GROUP, "it", kmsKeyId=key)
    assert undecided(KEYS_SERVE_LOGS, HOME, key, group) == ["key"]
    assert violations(KEYS_SERVE_LOGS, HOME, resource(GROUP, "it", {"kmsKeyId": "arn:aws:kms:x"})) == []
