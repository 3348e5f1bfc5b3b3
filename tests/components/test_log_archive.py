"""Every line of every log group goes on to a bucket in which it is locked."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.log_archive import LogArchive, LogArchiveArgs
from components.log_sink import LogClass, LogSink, log_group
from components.settings.log_archive import BucketArchive
from tests.cloud import Cloud, run
from tests.iam import findings
from tests.stacks.program import recorded

KEY = "arn:aws:kms:eu-west-1:111111111111:key/logs"
SETTINGS: dict[str, Any] = {
    "kind": "bucket",
    "lock": {"kind": "governance", "days": 365},
    "retention_days": {"application": 730, "database": 731, "network": 365, "control_plane": 1095},
    "cold_after_days": 90,
}


def archive(*, deletion_protection: bool = True, **changed: Any) -> Cloud:  # noqa: ANN401 -- fields of the settings
    args = LogArchiveArgs(
        stack_name="tmi-test",
        account="111111111111",
        region="eu-west-1",
        settings=BucketArchive.model_validate({**SETTINGS, **changed}),
        key_arn=KEY,
        logs=LogSink(key_arn=KEY, retention_days=365),
        deletion_protection=deletion_protection,
    )

    def program() -> None:
        made = LogArchive("archive", args)
        sink = LogSink(key_arn=KEY, retention_days=365, subscriber=made.subscriber(LogClass.DATABASE))
        parent = pulumi.ComponentResource("tmi:test:Producer", "producer")
        log_group("producer-log", "/producer", sink, pulumi.ResourceOptions(parent=parent))

    return run(program)


@pytest.mark.parametrize("mode", ["governance", "compliance"])
def test_nothing_in_it_can_be_deleted_for_a_while(mode: str) -> None:
    cloud = archive(lock={"kind": mode, "days": 30})
    bucket = cloud.one(aws.s3.Bucket)
    assert (bucket.inputs["objectLockEnabled"], bucket.inputs["forceDestroy"], bucket.protect) == (True, False, True)
    lock = cloud.one(aws.s3.BucketObjectLockConfiguration)
    assert lock.inputs["rule"] == {"defaultRetention": {"mode": mode.upper(), "days": 30}}
    assert "archive-versioning" in lock.dependencies


def test_without_lock_a_stack_that_is_thrown_away_takes_its_archive_with_it() -> None:
    cloud = archive(lock={"kind": "none"}, deletion_protection=False)
    bucket = cloud.one(aws.s3.Bucket)
    assert (bucket.inputs["forceDestroy"], bucket.protect) == (True, False)
    assert "objectLockEnabled" not in bucket.inputs
    assert not [each for each in cloud.resources if "ObjectLock" in each.type]
    kept = archive(lock={"kind": "none"}).one(aws.s3.Bucket)
    locked = archive(deletion_protection=False).one(aws.s3.Bucket)
    assert (kept.inputs["forceDestroy"], kept.protect) == (False, True)
    assert (locked.inputs["forceDestroy"], locked.protect) == (False, False)


def test_it_encrypts_with_the_key_of_logs() -> None:
    (rule,) = archive().one(aws.s3.BucketServerSideEncryptionConfiguration).inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY}


def test_each_class_grows_cold_and_goes_when_its_days_are_over() -> None:
    *rules, _ = archive().one(aws.s3.BucketLifecycleConfiguration).inputs["rules"]
    found = {rule["filter"]["prefix"]: rule["expiration"]["days"] for rule in rules}
    assert found == {"application/": 730, "database/": 731, "network/": 365, "control_plane/": 1095}
    assert [rule["transitions"] for rule in rules] == [[{"days": 90, "storageClass": "GLACIER_IR"}]] * 4


@pytest.mark.parametrize("log_class", LogClass)
def test_each_class_has_a_stream_into_its_folder(log_class: LogClass) -> None:
    cloud = archive()
    stream = cloud.one(aws.kinesis.FirehoseDeliveryStream, f"archive-{log_class.replace('_', '-')}")
    written = stream.inputs["extendedS3Configuration"]
    assert written["prefix"] == f"{log_class}/"
    # The records come compressed: once more, and no one could read them.
    assert (written["compressionFormat"], written["fileExtension"]) == ("UNCOMPRESSED", ".gz")
    assert written["cloudwatchLoggingOptions"] == {
        "enabled": True,
        "logGroupName": "/aws/kinesisfirehose/tmi-test",
        "logStreamName": log_class.value,
    }
    assert stream.inputs["serverSideEncryption"]["enabled"] is True
    assert {"archive-lock", "archive-policy", "archive-writer-policy"} <= stream.dependencies


def documents(cloud: Cloud, role: str) -> tuple[dict[str, Any], list[dict[str, Any]], str]:
    trust = json.loads(cloud.one(aws.iam.Role, f"archive-{role}-role").inputs["assumeRolePolicy"])
    policy = cloud.one(aws.iam.RolePolicy, f"archive-{role}-policy").inputs["policy"]
    (statement,) = trust["Statement"]
    return statement, json.loads(policy)["Statement"], policy


def test_firehose_of_this_account_writes_and_does_no_more() -> None:
    trust, statements, policy = documents(archive(), "writer")
    assert trust["Principal"] == {"Service": "firehose.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": "111111111111"}}
    actions = {
        action
        for each in statements
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
    }
    assert actions == {
        "s3:AbortMultipartUpload", "s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket",
        "s3:ListBucketMultipartUploads", "s3:PutObject", "kms:Decrypt", "kms:GenerateDataKey", "logs:PutLogEvents",
    }  # fmt: skip
    assert all(each["Resource"] != "*" for each in statements)
    (key,) = [each for each in statements if each["Resource"] == KEY]
    assert key["Condition"] == {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}
    assert findings(policy) == []


def test_logs_of_this_account_alone_are_sent_and_to_these_streams_alone() -> None:
    cloud = archive()
    trust, (statement,), policy = documents(cloud, "sender")
    assert trust["Principal"] == {"Service": "logs.amazonaws.com"}
    assert trust["Condition"] == {"StringLike": {"aws:SourceArn": "arn:aws:logs:eu-west-1:111111111111:*"}}
    assert statement["Action"] == ["firehose:PutRecord", "firehose:PutRecordBatch"]
    streams = cloud.of(aws.kinesis.FirehoseDeliveryStream)
    assert statement["Resource"] == [stream.inputs["arn"] for stream in streams]
    assert findings(policy) == []


def test_a_group_is_subscribed_once_the_archive_stands() -> None:
    cloud = archive()
    subscription = cloud.one(aws.cloudwatch.LogSubscriptionFilter)
    assert (subscription.inputs["logGroup"], subscription.inputs["filterPattern"]) == ("/producer", "")
    stream = cloud.one(aws.kinesis.FirehoseDeliveryStream, "archive-database")
    assert subscription.inputs["destinationArn"] == stream.inputs["arn"]
    assert subscription.inputs["name"] == "tmi-test-archive"
    assert subscription.parent == "producer"
    assert {"archive-sender-policy", "producer-log"} <= subscription.dependencies


def test_a_group_without_archive_has_no_subscription() -> None:
    cloud = run(lambda: log_group("log", "/log", LogSink(key_arn=KEY, retention_days=30)) and None)
    assert [resource.type for resource in cloud.resources] == [pulumi.get_type_token(aws.cloudwatch.LogGroup)]


def test_production_archives_every_group_but_the_archives_own() -> None:
    cloud = recorded("prod")
    groups = {group.inputs["name"] for group in cloud.of(aws.cloudwatch.LogGroup)}
    archived = [each.inputs["logGroup"] for each in cloud.of(aws.cloudwatch.LogSubscriptionFilter)]
    assert groups - set(archived) == {"/aws/kinesisfirehose/tmi-prod"}
    assert len(archived) == len(set(archived))


def test_a_group_goes_to_the_stream_of_its_class() -> None:
    cloud = recorded("prod")
    streams = {each.inputs["arn"]: each.name for each in cloud.of(aws.kinesis.FirehoseDeliveryStream)}
    found = {
        each.inputs["logGroup"]: streams[each.inputs["destinationArn"]]
        for each in cloud.of(aws.cloudwatch.LogSubscriptionFilter)
    }
    assert found["/aws/containerinsights/tmi-prod/application"] == "log-archive-application"
    assert found["/aws/eks/tmi-prod/cluster"] == "log-archive-control-plane"
    assert found["/aws/rds/instance/tmi-prod-main/postgresql"] == "log-archive-database"
    assert found["aws-waf-logs-tmi-prod"] == found["/aws/vpc/flow-logs/tmi-prod"] == "log-archive-network"


def test_dev_has_no_archive() -> None:
    cloud = recorded("dev")
    types = {resource.type for resource in cloud.resources}
    archiving = {
        pulumi.get_type_token(kind)
        for kind in (aws.kinesis.FirehoseDeliveryStream, aws.cloudwatch.LogSubscriptionFilter)
    }
    assert cloud.of(aws.cloudwatch.LogGroup)
    assert not types & archiving
