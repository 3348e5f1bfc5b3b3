"""Buckets: every satellite, each saying what it must."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from policy.graph import Resource
from policy.rules.data.buckets import (
    BUCKETS,
    BUCKETS_CLOSED,
    BUCKETS_OWNED,
    BUCKETS_REFUSE_PLAINTEXT,
    BUCKETS_TIDIED,
    BUCKETS_VERSIONED,
)
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, undecided, violations

BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
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


UPLOADS: dict[str, Plain] = {"abortIncompleteMultipartUpload": {"daysAfterInitiation": 1}}
ENDS: dict[str, Plain] = {"status": "Enabled", "noncurrentVersionExpiration": {"noncurrentDays": 1}}
WHOLE: Mapping[str, Mapping[str, Plain]] = {
    BLOCK: CLOSED,
    OWNERSHIP: {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
    VERSIONING: {"versioningConfiguration": {"status": "Enabled"}},
    LIFECYCLE: {"rules": [{"status": "Disabled"}, ENDS, {"status": "Enabled", **UPLOADS}]},
    POLICY: {"policy": document()},
}


SAID_BY = {
    BLOCK: BUCKETS_CLOSED,
    OWNERSHIP: BUCKETS_OWNED,
    VERSIONING: BUCKETS_VERSIONED,
    LIFECYCLE: BUCKETS_TIDIED,
    POLICY: BUCKETS_REFUSE_PLAINTEXT,
}


def bucket(satellites: Mapping[str, Mapping[str, Plain]] = WHOLE, token: str = BUCKETS[0]) -> list[Resource]:
    made = resource(token, "archive")
    around = [resource(kind, "it", known, bucket=made) for kind, known in satellites.items()]
    return [made, *around]


@pytest.mark.parametrize("token", BUCKETS)
def test_a_whole_bucket_passes(token: str) -> None:
    assert [found for rule in SAID_BY.values() for found in violations(rule, *bucket(token=token))] == []


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        (BLOCK, "it has no public access block"),
        (OWNERSHIP, "it has no ownership controls"),
        (VERSIONING, "it has no versioning"),
        (LIFECYCLE, "it has no lifecycle"),
        (POLICY, "it has no policy, so it answers plaintext"),
    ],
)
@pytest.mark.parametrize("token", BUCKETS)
def test_no_satellite_may_be_missing(token: str, kind: str, missing: str) -> None:
    rest = {each: known for each, known in WHOLE.items() if each != kind}
    for each, rule in SAID_BY.items():
        assert violations(rule, *bucket(rest, token)) == ([("archive", missing)] if each == kind else [])


FLAGS = "blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets must be true, for archive"


OWNED = "rule.objectOwnership must be BucketOwnerEnforced, for archive"
VERSIONED = "versioningConfiguration.status must be Enabled, for archive"
TIDIED = "rules that are Enabled must end earlier versions and given-up uploads, for archive"


@pytest.mark.parametrize(
    ("kind", "name", "value", "message"),
    [
        *((BLOCK, flag, value, FLAGS) for flag in CLOSED for value in (False, None, UNKNOWN)),
        (OWNERSHIP, "rule", {"objectOwnership": "ObjectWriter"}, OWNED),
        (OWNERSHIP, "rule", None, OWNED),
        (OWNERSHIP, "rule", UNKNOWN, OWNED),
        (VERSIONING, "versioningConfiguration", {"status": "Suspended"}, VERSIONED),
        (VERSIONING, "versioningConfiguration", None, VERSIONED),
        (VERSIONING, "versioningConfiguration", UNKNOWN, VERSIONED),
        (LIFECYCLE, "rules", [], TIDIED),
        (LIFECYCLE, "rules", None, TIDIED),
        (LIFECYCLE, "rules", UNKNOWN, TIDIED),
        (LIFECYCLE, "rules", [{**ENDS, **UPLOADS, "status": "Disabled"}], TIDIED),
        (LIFECYCLE, "rules", [ENDS], TIDIED),
        (LIFECYCLE, "rules", [{"status": "Enabled", **UPLOADS}, UNKNOWN], TIDIED),
    ],
)
def test_satellites_say_what_they_must(kind: str, name: str, value: Plain, message: str) -> None:
    changed = {**WHOLE, kind: {**WHOLE[kind], name: value}}
    for each, rule in SAID_BY.items():
        assert violations(rule, *bucket(changed)) == ([("it", message)] if each == kind else [])


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
    assert violations(BUCKETS_REFUSE_PLAINTEXT, *bucket({**WHOLE, POLICY: {"policy": document(**change)}})) == []


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
    found = violations(BUCKETS_REFUSE_PLAINTEXT, *bucket({**WHOLE, POLICY: {"policy": document(**change)}}))
    assert found == [("it", message)]


@pytest.mark.parametrize("policy", [None, "", "{", "[]", 7])
def test_a_policy_that_cannot_be_read_refuses_nothing(policy: Plain) -> None:
    assert len(violations(BUCKETS_REFUSE_PLAINTEXT, *bucket({**WHOLE, POLICY: {"policy": policy}}))) == 1


def test_an_unknown_policy_is_undecided() -> None:
    resources = bucket({**WHOLE, POLICY: {"policy": UNKNOWN}})
    assert violations(BUCKETS_REFUSE_PLAINTEXT, *resources) == []
    assert undecided(BUCKETS_REFUSE_PLAINTEXT, *resources) == ["it"]


@pytest.mark.parametrize(
    ("acl", "passes"),
    [
        (None, True),
        ("private", True),
        ("log-delivery-write", True),
        ("public-read", False),
        ("authenticated-read", False),
        (UNKNOWN, False),
        ("x\ny", True),
    ],
)
def test_no_acl_publishes_a_bucket(acl: Plain, *, passes: bool) -> None:
    message = "acl must be known, and none of public-read, public-read-write, authenticated-read"
    found = violations(BUCKETS_CLOSED, *bucket(), resource("aws:s3/bucketAcl:BucketAcl", "acl", {"acl": acl}))
    assert found == ([] if passes else [("acl", message)])


@pytest.mark.parametrize("flag", [*CLOSED, None])
def test_the_accounts_own_block_closes_all(flag: str | None) -> None:
    flags: dict[str, Plain] = {**CLOSED, flag: False} if flag else CLOSED
    block = resource("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", "all", flags)
    message = f"{', '.join(CLOSED)} must be true, for the account"
    assert violations(BUCKETS_CLOSED, block) == ([("all", message)] if flag else [])
