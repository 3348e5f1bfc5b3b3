"""A bucket of S3 with everything that belongs to one: private, encrypted, versioned, forgetting, and over TLS alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True, slots=True)
class Expiry:
    """What happens to objects with age."""

    id: str
    """The rule's name."""
    prefix: str
    """Which objects; empty for all of them."""
    days: int
    """How long an object is kept."""
    noncurrent_days: int
    """How long it can be brought back after it was overwritten or deleted."""
    cold_after_days: int | None = None
    """When it moves to Glacier Instant Retrieval; never where none is given."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectLock:
    """How long no version of an object can be deleted."""

    mode: str
    """`GOVERNANCE` (a right of its own lifts it) or `COMPLIANCE` (nobody does)."""
    days: int
    """Since it was written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PrivateBucketArgs:
    """What one bucket has that another has not."""

    encryption: aws.s3.BucketServerSideEncryptionConfigurationRuleArgs
    """How objects are encrypted unless a request says otherwise."""
    expiries: tuple[Expiry, ...]
    """When objects go."""
    statements: Callable[[pulumi.Output[str]], Sequence[Mapping[str, Any]]]
    """Who may use it besides the account's identities: statements for the bucket's ARN."""
    deletion_protection: bool
    """Whether Pulumi refuses to delete the bucket."""
    force_destroy: bool
    """Whether S3 empties it when it is deleted."""
    disposable: bool = False
    """Whether what it holds can be made again. A tag says so: the policies refuse to empty another in production."""
    lock: ObjectLock | None = None
    """For evidence; none for what may have to be removed early."""


def private_bucket(parent: pulumi.ComponentResource, args: PrivateBucketArgs) -> pulumi.Output[str]:
    """The bucket and its satellites, below the component that hands it on; its name.

    Who knows the name may write to it, so the name is known once encryption, policy and lock stand. No access logs of
    its own, which would have to go to yet another bucket.
    """
    name = parent.pulumi_resource_name
    child = pulumi.ResourceOptions(parent=parent)
    # Protected: what is in it cannot be made again.
    kept = pulumi.ResourceOptions(parent=parent, protect=args.deletion_protection)
    bucket = aws.s3.Bucket(
        f"{name}-bucket",
        force_destroy=args.force_destroy,
        object_lock_enabled=True if args.lock else None,
        tags={"tmi:disposable": "true"} if args.disposable else None,
        opts=kept,
    )
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
        f"{name}-encryption", bucket=bucket.bucket, rules=[args.encryption], opts=child
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
        rules=lifecycle(args.expiries),
        # Rules for old versions are accepted only where there are versions.
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[versioning]),
    )
    policy = aws.s3.BucketPolicy(
        f"{name}-policy",
        bucket=bucket.bucket,
        policy=pulumi.Output.json_dumps(bucket_policy(bucket.arn, args.statements(bucket.arn))),
        opts=child,
    )
    ready: list[pulumi.Output[str]] = [encryption.id, policy.id]
    if args.lock:
        lock = aws.s3.BucketObjectLockConfiguration(
            f"{name}-lock",
            bucket=bucket.bucket,
            rule=aws.s3.BucketObjectLockConfigurationRuleArgs(
                default_retention=aws.s3.BucketObjectLockConfigurationRuleDefaultRetentionArgs(
                    mode=args.lock.mode, days=args.lock.days
                )
            ),
            # Versions are what is locked.
            opts=pulumi.ResourceOptions(parent=parent, depends_on=[versioning]),
        )
        ready.append(lock.id)
    known = pulumi.Output.all(bucket.bucket, *ready)
    return known.apply(lambda values: str(values[0]))


def lifecycle(expiries: Sequence[Expiry]) -> list[aws.s3.BucketLifecycleConfigurationRuleArgs]:
    """The rules of age. AWS refuses to expire objects and lone delete markers in one rule."""
    return [
        *map(_expiry, expiries),
        aws.s3.BucketLifecycleConfigurationRuleArgs(
            id="remove-delete-markers",
            status="Enabled",
            filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
            expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(expired_object_delete_marker=True),
        ),
    ]


def _expiry(expiry: Expiry) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
    return aws.s3.BucketLifecycleConfigurationRuleArgs(
        id=expiry.id,
        status="Enabled",
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=expiry.prefix),
        expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=expiry.days),
        noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
            noncurrent_days=expiry.noncurrent_days
        ),
        transitions=[
            aws.s3.BucketLifecycleConfigurationRuleTransitionArgs(
                days=expiry.cold_after_days, storage_class="GLACIER_IR"
            )
        ]
        if expiry.cold_after_days
        else None,
        abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
            days_after_initiation=1
        ),
    )


def bucket_policy(bucket_arn: pulumi.Input[str], statements: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """These statements, and nobody may do anything without TLS. The rest goes by IAM, and so for this account alone."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            *statements,
            {
                "Sid": "RefusePlainHttp",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [bucket_arn, pulumi.Output.concat(bucket_arn, "/*")],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }
