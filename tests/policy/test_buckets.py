"""Buckets: every satellite, each saying what it must."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from policy.graph import Resource
from policy.rules.buckets import BUCKETS, BUCKETS_COMPLETE
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, undecided, violations

BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"

ARN = "arn:aws:s3:::archive"
DENY: dict[str, Plain] = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": [ARN, f"{ARN}/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
CLOSED: dict[str, Plain] = {
    "blockPublicAcls": True,
    "blockPublicPolicy": True,
    "ignorePublicAcls": True,
    "restrictPublicBuckets": True,
}


def document(**change: Plain) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [DENY | change]})


WHOLE: Mapping[str, Mapping[str, Plain]] = {
    BLOCK: CLOSED,
    OWNERSHIP: {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
    ENCRYPTION: {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]},
    VERSIONING: {"versioningConfiguration": {"status": "Enabled"}},
    LIFECYCLE: {"rules": [{"status": "Disabled"}, {"status": "Enabled"}]},
    POLICY: {"policy": document()},
}


def bucket(satellites: Mapping[str, Mapping[str, Plain]] = WHOLE, token: str = BUCKETS[0]) -> list[Resource]:
    made = resource(token, "archive")
    around = [resource(kind, "it", known, bucket=made) for kind, known in satellites.items()]
    return [made, *around]


@pytest.mark.parametrize("token", BUCKETS)
def test_a_whole_bucket_passes(token: str) -> None:
    assert violations(BUCKETS_COMPLETE, *bucket(token=token)) == []


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        (BLOCK, "it has no public access block"),
        (OWNERSHIP, "it has no ownership controls"),
        (ENCRYPTION, "it has no encryption"),
        (VERSIONING, "it has no versioning"),
        (LIFECYCLE, "it has no lifecycle"),
        (POLICY, "it has no policy, so it answers plaintext"),
    ],
)
@pytest.mark.parametrize("token", BUCKETS)
def test_no_satellite_may_be_missing(token: str, kind: str, missing: str) -> None:
    rest = {each: known for each, known in WHOLE.items() if each != kind}
    assert violations(BUCKETS_COMPLETE, *bucket(rest, token)) == [("archive", missing)]


FLAGS = "blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets must be true, for archive"


OWNED = "rule.objectOwnership must be BucketOwnerEnforced, for archive"
ENCRYPTED = "rules must say how objects are encrypted, for archive"
VERSIONED = "versioningConfiguration.status must be Enabled, for archive"
TIDIED = "one of rules must be Enabled, for archive"


@pytest.mark.parametrize(
    ("kind", "name", "value", "message"),
    [
        *((BLOCK, flag, value, FLAGS) for flag in CLOSED for value in (False, None, UNKNOWN)),
        (OWNERSHIP, "rule", {"objectOwnership": "ObjectWriter"}, OWNED),
        (OWNERSHIP, "rule", None, OWNED),
        (OWNERSHIP, "rule", UNKNOWN, OWNED),
        (ENCRYPTION, "rules", [], ENCRYPTED),
        (ENCRYPTION, "rules", None, ENCRYPTED),
        (VERSIONING, "versioningConfiguration", {"status": "Suspended"}, VERSIONED),
        (VERSIONING, "versioningConfiguration", None, VERSIONED),
        (VERSIONING, "versioningConfiguration", UNKNOWN, VERSIONED),
        (LIFECYCLE, "rules", [], TIDIED),
        (LIFECYCLE, "rules", None, TIDIED),
        (LIFECYCLE, "rules", UNKNOWN, TIDIED),
        (LIFECYCLE, "rules", [{"status": "Disabled"}], TIDIED),
    ],
)
def test_satellites_say_what_they_must(kind: str, name: str, value: Plain, message: str) -> None:
    changed = {**WHOLE, kind: {**WHOLE[kind], name: value}}
    assert violations(BUCKETS_COMPLETE, *bucket(changed)) == [("it", message)]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"Principal": {"AWS": "*"}},
        {"Principal": {"AWS": ["*"]}},
        {"Action": ["s3:*"]},
        {"Action": "*"},
        {"Resource": [f"{ARN}/*", ARN]},
        {"Condition": {"Bool": {"aws:SecureTransport": ["false"]}}},
        {"Condition": {"Bool": {"aws:SecureTransport": False}}},
    ],
)
def test_a_policy_that_refuses_plaintext(change: dict[str, Plain]) -> None:
    assert violations(BUCKETS_COMPLETE, *bucket({**WHOLE, POLICY: {"policy": document(**change)}})) == []


@pytest.mark.parametrize(
    "change",
    [
        {"Effect": "Allow"},
        {"Principal": {"AWS": "arn:aws:iam::111111111111:root"}},
        {"Principal": {"Service": "*"}},
        {"Action": "s3:GetObject"},
        {"Resource": ARN},
        {"Resource": f"{ARN}/*"},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": ["true", "false"]}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "false", "aws:ViaAWSService": "false"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:PrincipalAccount": "1"}}},
        {"Condition": {}},
    ],
)
def test_a_policy_that_lets_plaintext_in(change: dict[str, Plain]) -> None:
    message = "no statement denies everybody everything without TLS, for archive"
    found = violations(BUCKETS_COMPLETE, *bucket({**WHOLE, POLICY: {"policy": document(**change)}}))
    assert found == [("it", message)]


@pytest.mark.parametrize("policy", [None, "", "{", "[]", 7])
def test_a_policy_that_cannot_be_read_refuses_nothing(policy: Plain) -> None:
    assert len(violations(BUCKETS_COMPLETE, *bucket({**WHOLE, POLICY: {"policy": policy}}))) == 1


def test_an_unknown_policy_is_undecided() -> None:
    resources = bucket({**WHOLE, POLICY: {"policy": UNKNOWN}})
    assert violations(BUCKETS_COMPLETE, *resources) == []
    assert undecided(BUCKETS_COMPLETE, *resources) == ["it"]
