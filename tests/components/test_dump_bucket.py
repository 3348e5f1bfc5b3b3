"""The bucket of dumps is private, encrypted by the key of data, versioned, and forgets in time."""

from __future__ import annotations

import json
from typing import Any

import pulumi_aws as aws
import pytest

from components.dump_bucket import DumpBucket, DumpBucketArgs
from tests.cloud import Cloud, run
from tests.iam import findings

KEY = "arn:aws:kms:eu-west-1:111111111111:key/data"


def bucket(retention_days: int = 35, *, deletion_protection: bool = True) -> Cloud:
    args = DumpBucketArgs(key_arn=KEY, retention_days=retention_days, deletion_protection=deletion_protection)

    def program() -> None:
        aws.ssm.Parameter("reader", type="String", value=DumpBucket("dumps", args).bucket)

    return run(program)


def test_nothing_in_it_is_public() -> None:
    cloud = bucket()
    block = cloud.one(aws.s3.BucketPublicAccessBlock).inputs
    switches = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert [block[switch] for switch in switches] == [True] * 4
    assert cloud.one(aws.s3.BucketOwnershipControls).inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def test_it_encrypts_with_the_key_of_data() -> None:
    (rule,) = bucket().one(aws.s3.BucketServerSideEncryptionConfiguration).inputs["rules"]
    assert rule == {
        "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY},
        "bucketKeyEnabled": True,
    }


def rules(cloud: Cloud) -> dict[str, dict[str, Any]]:
    lifecycle = cloud.one(aws.s3.BucketLifecycleConfiguration)
    assert "dumps-versioning" in lifecycle.dependencies
    return {rule["id"]: rule for rule in lifecycle.inputs["rules"]}


def test_dumps_go_when_their_days_are_over_and_what_never_became_one_at_once() -> None:
    found = rules(bucket(90))
    dumps, incoming = found["expire-dumps"], found["expire-incoming"]
    assert (dumps["filter"], dumps["expiration"]) == ({"prefix": "dumps/"}, {"days": 90})
    assert (incoming["filter"], incoming["expiration"]) == ({"prefix": "incoming/"}, {"days": 1})
    assert {rule["abortIncompleteMultipartUpload"]["daysAfterInitiation"] for rule in (dumps, incoming)} == {1}
    assert found["remove-delete-markers"]["expiration"] == {"expiredObjectDeleteMarker": True}


@pytest.mark.parametrize(("retention_days", "noncurrent"), [(90, 7), (7, 7), (2, 2)])
def test_a_deleted_dump_comes_back_for_a_week_but_never_outlives_the_others(
    retention_days: int, noncurrent: int
) -> None:
    cloud = bucket(retention_days)
    assert cloud.one(aws.s3.BucketVersioning).inputs["versioningConfiguration"] == {"status": "Enabled"}
    assert rules(cloud)["expire-dumps"]["noncurrentVersionExpiration"] == {"noncurrentDays": noncurrent}


def test_it_refuses_plain_http() -> None:
    document = bucket().one(aws.s3.BucketPolicy).inputs["policy"]
    assert findings(document) == []
    (statement,) = json.loads(document)["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert statement["Resource"] == ["arn:aws:s3:::dumps-bucket", "arn:aws:s3:::dumps-bucket/*"]


@pytest.mark.parametrize("protected", [True, False])
def test_it_is_kept_where_data_is(protected: bool) -> None:  # noqa: FBT001 -- a case of the test
    made = bucket(deletion_protection=protected).one(aws.s3.Bucket)
    assert (made.protect, made.inputs["forceDestroy"]) == (protected, not protected)


def test_who_knows_it_finds_it_encrypted_and_closed() -> None:
    assert {"dumps-encryption", "dumps-policy"} <= bucket().one(aws.ssm.Parameter).dependencies
