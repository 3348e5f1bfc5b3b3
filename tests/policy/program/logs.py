"""The logs of the small program: each group encrypted, kept for a year and handed on to an archive under lock."""

from __future__ import annotations

from typing import Any, Final

import pulumi
import pulumi_aws as aws

ARCHIVE: Final = "arn:aws:firehose:eu-west-1:111111111111:deliverystream/archive"
SENDER: Final = "arn:aws:iam::111111111111:role/sender"


def log(
    name: str,
    key: aws.kms.Key | aws.kms.ReplicaKey,
    opts: pulumi.ResourceOptions | None = None,
    group_name: str | None = None,
) -> aws.cloudwatch.LogGroup:
    """A group, and the subscription of the archive."""
    group = aws.cloudwatch.LogGroup(name, name=group_name, kms_key_id=key.arn, retention_in_days=365, opts=opts)
    aws.cloudwatch.LogSubscriptionFilter(
        name, log_group=group.name, filter_pattern="", destination_arn=ARCHIVE, role_arn=SENDER, opts=opts
    )
    return group


def archive(bucket: pulumi.Output[str], key: aws.kms.Key, opts: pulumi.ResourceOptions) -> None:
    """The delivery into a bucket, its lock, and the group of its errors."""
    retention: Any = {"default_retention": {"mode": "GOVERNANCE", "days": 365}}
    aws.s3.BucketObjectLockConfiguration("archive", bucket=bucket, rule=retention, opts=opts)
    errors = aws.cloudwatch.LogGroup("archive", kms_key_id=key.arn, retention_in_days=365, opts=opts)
    written: Any = {
        "bucket_arn": pulumi.Output.concat("arn:aws:s3:::", bucket),
        "role_arn": SENDER,
        "cloudwatch_logging_options": {"enabled": True, "log_group_name": errors.name, "log_stream_name": "archive"},
    }
    aws.kinesis.FirehoseDeliveryStream(
        "archive",
        name="archive",
        destination="extended_s3",
        extended_s3_configuration=written,
        server_side_encryption={"enabled": True},
        opts=opts,
    )
