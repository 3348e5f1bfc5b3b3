"""The bucket of logical dumps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

INCOMING: Final = "incoming"
"""What is being uploaded, and what never became a whole dump."""
DUMPS: Final = "dumps"
"""Whole dumps."""

_INCOMING_DAYS: Final = 1
_NONCURRENT_DAYS: Final = 7
"""How long an overwritten or deleted dump can be brought back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DumpBucketArgs:
    """What a :class:`DumpBucket` needs from its caller."""

    key_arn: pulumi.Input[str]
    """The key of data; its policy has to let S3 use it."""
    retention_days: int
    """How long a dump is kept."""
    deletion_protection: bool
    """Whether Pulumi refuses to delete the bucket, and S3 to empty it."""


class DumpBucket(pulumi.ComponentResource):
    """A private bucket that holds the whole database, so under the same key as the database itself.

    Versioned, so that a dump that is overwritten or deleted comes back. Without object lock: what nobody may delete is
    in the vault of AWS Backup, and a dump has to be removable where a law asks for it. Without access logs, which would
    have to go to yet another bucket.
    """

    TYPE: Final = "tmi:data:DumpBucket"

    bucket: pulumi.Output[str]

    def __init__(self, name: str, args: DumpBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        # Protected: it holds the data.
        kept = pulumi.ResourceOptions(parent=self, protect=args.deletion_protection)
        bucket = aws.s3.Bucket(f"{name}-bucket", force_destroy=not args.deletion_protection, opts=kept)
        aws.s3.BucketPublicAccessBlock(
            f"{name}-public-access",
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        aws.s3.BucketOwnershipControls(
            f"{name}-ownership",
            bucket=bucket.bucket,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=child,
        )
        encryption = aws.s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption", bucket=bucket.bucket, rules=[encrypted(args.key_arn)], opts=child
        )
        versioning = aws.s3.BucketVersioning(
            f"{name}-versioning",
            bucket=bucket.bucket,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
            opts=child,
        )
        aws.s3.BucketLifecycleConfiguration(
            f"{name}-lifecycle",
            bucket=bucket.bucket,
            rules=lifecycle(args.retention_days),
            # Rules for old versions are accepted only where there are versions.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[versioning]),
        )
        policy = aws.s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.bucket,
            policy=pulumi.Output.json_dumps(bucket_policy(bucket.arn)),
            opts=child,
        )

        # Who knows the name may write to it, hence the look at what has to be there before the first dump.
        known = pulumi.Output.all(bucket.bucket, encryption.id, policy.id)
        self.bucket = known.apply(lambda values: str(values[0]))
        self.register_outputs({"bucket": self.bucket})


def encrypted(key_arn: pulumi.Input[str]) -> aws.s3.BucketServerSideEncryptionConfigurationRuleArgs:
    """By this key unless a request names another. The bucket key spares a call to KMS for each part of an upload."""
    return aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
        apply_server_side_encryption_by_default=aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="aws:kms", kms_master_key_id=key_arn
        ),
        bucket_key_enabled=True,
    )


def _expiry(role: str, prefix: str, days: int) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
    return aws.s3.BucketLifecycleConfigurationRuleArgs(
        id=role,
        status="Enabled",
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=prefix),
        expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days),
        noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
            noncurrent_days=min(days, _NONCURRENT_DAYS)
        ),
        abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
            days_after_initiation=1
        ),
    )


def lifecycle(retention_days: int) -> list[aws.s3.BucketLifecycleConfigurationRuleArgs]:
    """What happens to dumps with age. AWS refuses to expire objects and lone delete markers in one rule."""
    everything = aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix="")
    return [
        _expiry("expire-dumps", f"{DUMPS}/", retention_days),
        _expiry("expire-incoming", f"{INCOMING}/", _INCOMING_DAYS),
        aws.s3.BucketLifecycleConfigurationRuleArgs(
            id="remove-delete-markers",
            status="Enabled",
            filter=everything,
            expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(expired_object_delete_marker=True),
        ),
    ]


def bucket_policy(bucket_arn: pulumi.Input[str]) -> dict[str, Any]:
    """Nobody may do anything without TLS. Everything else goes by IAM, and so for this account alone."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "RefusePlainHttp",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [bucket_arn, pulumi.Output.concat(bucket_arn, "/*")],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
