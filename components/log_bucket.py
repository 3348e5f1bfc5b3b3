"""The bucket of the load balancer's logs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

ACCESS_PREFIX: Final = "access"
"""Where access logs go: one line a request."""
CONNECTION_PREFIX: Final = "connection"
"""Where connection logs go: one line a TLS handshake, failed ones too."""

_NONCURRENT_DAYS: Final = 30
"""How long an overwritten or deleted log can be brought back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogBucketArgs:
    """What a :class:`LogBucket` needs from its caller."""

    account: str
    """The stack's account: log delivery writes for its load balancers alone."""
    retention_days: int
    """How long a log is kept."""
    deletion_protection: bool
    """Whether Pulumi refuses to delete the bucket."""


class LogBucket(pulumi.ComponentResource):
    """A private bucket that log delivery alone can write to. Depend on the component: delivery is tried at once.

    No object lock, since logs expire by age and no rule asks for more; no access logs of its own, which would have to
    go to yet another bucket.
    """

    TYPE: Final = "tmi:edge:LogBucket"

    bucket: pulumi.Output[str]

    def __init__(self, name: str, args: LogBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        # Protected: the logs are the evidence of what happened.
        kept = pulumi.ResourceOptions(parent=self, protect=args.deletion_protection)
        bucket = aws.s3.Bucket(f"{name}-bucket", opts=kept)
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
        # SSE-S3: log delivery cannot use a KMS key. Source: Application Load Balancer guide, enable access logs.
        default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="AES256"
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption",
            bucket=bucket.bucket,
            rules=[
                aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(apply_server_side_encryption_by_default=default)
            ],
            opts=child,
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
        aws.s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.bucket,
            policy=pulumi.Output.json_dumps(bucket_policy(args.account, bucket.arn)),
            opts=child,
        )

        self.bucket = bucket.bucket
        self.register_outputs({"bucket": self.bucket})


def lifecycle(retention_days: int) -> list[aws.s3.BucketLifecycleConfigurationRuleArgs]:
    """What happens to logs with age. AWS refuses to expire objects and lone delete markers in one rule."""
    everything = aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix="")
    return [
        aws.s3.BucketLifecycleConfigurationRuleArgs(
            id="expire",
            status="Enabled",
            filter=everything,
            expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=retention_days),
            noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                noncurrent_days=_NONCURRENT_DAYS
            ),
            abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                days_after_initiation=1
            ),
        ),
        aws.s3.BucketLifecycleConfigurationRuleArgs(
            id="remove-delete-markers",
            status="Enabled",
            filter=everything,
            expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(expired_object_delete_marker=True),
        ),
    ]


def bucket_policy(account: str, bucket_arn: pulumi.Input[str]) -> dict[str, Any]:
    """Log delivery may write below its prefixes for this account; nobody may do anything without TLS.

    The path alone keeps other accounts' balancers out, as in AWS's own example: whether the service sends the source of
    a delivery is not documented, and a condition on it that never held would lose every log in silence.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "LogDelivery",
                "Effect": "Allow",
                "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
                "Action": "s3:PutObject",
                "Resource": [
                    pulumi.Output.concat(bucket_arn, f"/{prefix}/AWSLogs/{account}/*")
                    for prefix in (ACCESS_PREFIX, CONNECTION_PREFIX)
                ],
            },
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
