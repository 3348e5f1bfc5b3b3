"""The archive of logs: from CloudWatch by Firehose to a bucket in which they are locked for a while."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.dump_bucket import encrypted
from components.log_sink import LogClass, LogSink, Subscriber, log_group
from components.private_bucket import Expiry, ObjectLock, PrivateBucketArgs, private_bucket
from components.service_role import ServiceRole, ServiceRoleArgs
from components.settings.log_archive import BucketArchive, NoLock, RetentionLock

_BUFFER_MIB: Final = 64
BUFFER_SECONDS: Final = 900
"""How long Firehose gathers lines before it writes an object: the longest, for few and large ones."""
_NONCURRENT_DAYS: Final = 1
"""When an expired log is gone for good. Nobody overwrites one: Firehose gives each object a name of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogArchiveArgs:
    """What a :class:`LogArchive` needs from its caller."""

    stack_name: str
    """Part of the name of the group that Firehose reports errors to."""
    account: str
    """The stack's account."""
    region: str
    """Where it stands."""
    settings: BucketArchive
    """Lock, retention by class, and when logs grow cold."""
    key_arn: pulumi.Input[str]
    """The key of logs; its policy has to let S3 use it."""
    logs: LogSink
    """How Firehose's own errors are kept; they cannot be archived by the stream that fails."""
    deletion_protection: bool
    """Whether Pulumi refuses to delete the bucket."""


class LogArchive(pulumi.ComponentResource):
    """A bucket, and a delivery stream for each class of logs. Subscribe groups after the whole component."""

    TYPE: Final = "tmi:monitoring:LogArchive"

    bucket: pulumi.Output[str]
    subscription: str
    """The name that the subscriptions of all log groups have."""
    stream_names: Mapping[LogClass, pulumi.Output[str]]
    sender_role_arn: pulumi.Output[str]

    def __init__(self, name: str, args: LogArchiveArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        settings = args.settings
        self.bucket = private_bucket(
            self,
            PrivateBucketArgs(
                encryption=encrypted(args.key_arn),
                expiries=expiries(settings),
                statements=lambda _: (),
                deletion_protection=args.deletion_protection,
                # What is locked S3 could not empty.
                force_destroy=isinstance(settings.lock, NoLock) and not args.deletion_protection,
                lock=object_lock(settings.lock),
            ),
        )
        bucket_arn = pulumi.Output.concat("arn:aws:s3:::", self.bucket)
        errors = log_group(f"{name}-errors", f"/aws/kinesisfirehose/{args.stack_name}", args.logs, child)
        writer = ServiceRole(
            f"{name}-writer",
            ServiceRoleArgs(
                trust=firehose_trust(args.account),
                statements=writing(bucket_arn, args.key_arn, args.region, errors.arn),
            ),
            child,
        )
        streams = {each: self._stream(each, bucket_arn, errors, writer) for each in LogClass}
        sender = ServiceRole(
            f"{name}-sender",
            ServiceRoleArgs(
                trust=logs_trust(args.account, args.region),
                statements=[
                    {
                        "Effect": "Allow",
                        "Action": ["firehose:PutRecord", "firehose:PutRecordBatch"],
                        "Resource": [streams[each].arn for each in LogClass],
                    }
                ],
            ),
            child,
        )
        self._stream_arns = {each: stream.arn for each, stream in streams.items()}
        self.stream_names = {each: stream.name for each, stream in streams.items()}
        self.subscription = subscription_name(args.stack_name)
        self.sender_role_arn = sender.arn
        self.register_outputs({"bucket": self.bucket, "sender_role_arn": self.sender_role_arn})

    def subscriber(self, log_class: LogClass) -> Subscriber:
        """Where groups of a class send their lines."""
        return Subscriber(
            name=self.subscription,
            stream_arn=self._stream_arns[log_class],
            role_arn=self.sender_role_arn,
            ready=self,
        )

    def _stream(
        self,
        log_class: LogClass,
        bucket_arn: pulumi.Output[str],
        errors: aws.cloudwatch.LogGroup,
        writer: ServiceRole,
    ) -> aws.kinesis.FirehoseDeliveryStream:
        name = f"{self.pulumi_resource_name}-{log_class.replace('_', '-')}"
        stream = aws.cloudwatch.LogStream(
            f"{name}-errors", name=log_class.value, log_group_name=errors.name, opts=pulumi.ResourceOptions(parent=self)
        )
        return aws.kinesis.FirehoseDeliveryStream(
            name,
            destination="extended_s3",
            # What waits in Firehose for its quarter of an hour; in the bucket it is encrypted with the key of logs.
            server_side_encryption=aws.kinesis.FirehoseDeliveryStreamServerSideEncryptionArgs(
                enabled=True, key_type="AWS_OWNED_CMK"
            ),
            extended_s3_configuration=aws.kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationArgs(
                bucket_arn=bucket_arn,
                role_arn=writer.arn,
                # Firehose adds year, month, day and hour.
                prefix=f"{log_class}/",
                # CloudWatch Logs has compressed each record already; gzip reads several of them in one file.
                compression_format="UNCOMPRESSED",
                file_extension=".gz",
                buffering_size=_BUFFER_MIB,
                buffering_interval=BUFFER_SECONDS,
                cloudwatch_logging_options=aws.kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationCloudwatchLoggingOptionsArgs(
                    enabled=True, log_group_name=errors.name, log_stream_name=stream.name
                ),
            ),
            # Firehose tries what its role may do when it is made.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[writer]),
        )


def subscription_name(stack_name: str) -> str:
    """The name of the subscriptions of a stack: failures of the deliveries of all its groups are counted by it."""
    return f"{stack_name}-archive"


def object_lock(lock: RetentionLock) -> ObjectLock | None:
    """The lock as S3 knows it."""
    return None if isinstance(lock, NoLock) else ObjectLock(mode=lock.kind.upper(), days=lock.days)


def expiries(settings: BucketArchive) -> tuple[Expiry, ...]:
    """When the logs of each class grow cold, and when they go."""
    return tuple(
        Expiry(
            id=f"expire-{each}",
            prefix=f"{each}/",
            days=getattr(settings.retention_days, each),
            noncurrent_days=_NONCURRENT_DAYS,
            cold_after_days=settings.cold_after_days,
        )
        for each in LogClass
    )


def firehose_trust(account: str) -> dict[str, Any]:
    """Firehose, for streams of this account alone.

    Source: Amazon Data Firehose Developer Guide, allow Firehose to assume an IAM role.
    """
    return {
        "Effect": "Allow",
        "Principal": {"Service": "firehose.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": account}},
    }


def logs_trust(account: str, region: str) -> dict[str, Any]:
    """CloudWatch Logs, for groups of this account and region alone.

    Source: Amazon CloudWatch Logs User Guide, subscription filters with Amazon Data Firehose.
    """
    return {
        "Effect": "Allow",
        "Principal": {"Service": "logs.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringLike": {"aws:SourceArn": f"arn:aws:logs:{region}:{account}:*"}},
    }


def writing(
    bucket_arn: pulumi.Input[str], key_arn: pulumi.Input[str], region: str, errors_arn: pulumi.Input[str]
) -> list[Mapping[str, Any]]:
    """What Firehose does: it writes objects, encrypted, and reports its errors. It deletes and unlocks nothing.

    Source: Amazon Data Firehose Developer Guide, grant Firehose access to an Amazon S3 destination.
    """
    return [
        {
            "Effect": "Allow",
            "Action": ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
            "Resource": bucket_arn,
        },
        {
            "Effect": "Allow",
            "Action": ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
            "Resource": pulumi.Output.concat(bucket_arn, "/*"),
        },
        {
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": key_arn,
            "Condition": {"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}},
        },
        {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": pulumi.Output.concat(errors_arn, ":*")},
    ]
