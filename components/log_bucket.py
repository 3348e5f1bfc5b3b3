"""The bucket of the load balancer's logs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.private_bucket import Expiry, PrivateBucketArgs, private_bucket

ACCESS_PREFIX: Final = "access"
"""Where access logs go: one line a request."""
CONNECTION_PREFIX: Final = "connection"
"""Where connection logs go: one line a TLS handshake, failed ones too."""

_NONCURRENT_DAYS: Final = 30
"""How long an overwritten or deleted log can be brought back."""
_ENCRYPTION: Final = aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
    apply_server_side_encryption_by_default=aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
        sse_algorithm="AES256"
    )
)
"""SSE-S3: log delivery cannot use a KMS key. Source: Application Load Balancer guide, enable access logs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogBucketArgs:
    """What a :class:`LogBucket` needs from its caller."""

    account: str
    """The stack's account: log delivery writes for its load balancers alone."""
    retention_days: int
    """How long a log is kept."""
    cold_after_days: int | None
    """When it moves to cheaper storage; never where logs are not archived."""
    deletion_protection: bool
    """Whether Pulumi refuses to delete the bucket."""


class LogBucket(pulumi.ComponentResource):
    """A private bucket that log delivery alone can write to. Depend on the component: delivery is tried at once.

    No object lock: whether log delivery writes to a bucket that locks by default is not documented.
    """

    TYPE: Final = "tmi:edge:LogBucket"

    bucket: pulumi.Output[str]

    def __init__(self, name: str, args: LogBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        expiry = Expiry(
            id="expire",
            prefix="",
            days=args.retention_days,
            noncurrent_days=_NONCURRENT_DAYS,
            cold_after_days=args.cold_after_days,
        )
        self.bucket = private_bucket(
            self,
            PrivateBucketArgs(
                encryption=_ENCRYPTION,
                expiries=(expiry,),
                statements=lambda arn: [delivery_statement(args.account, arn)],
                deletion_protection=args.deletion_protection,
                force_destroy=False,
            ),
        )
        self.register_outputs({"bucket": self.bucket})


def delivery_statement(account: str, bucket_arn: pulumi.Input[str]) -> dict[str, Any]:
    """Log delivery may write below its prefixes for this account.

    The path alone keeps other accounts' balancers out, as in AWS's own example: whether the service sends the source of
    a delivery is not documented, and a condition on it that never held would lose every log in silence.
    """
    return {
        "Sid": "LogDelivery",
        "Effect": "Allow",
        "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": [
            pulumi.Output.concat(bucket_arn, f"/{prefix}/AWSLogs/{account}/*")
            for prefix in (ACCESS_PREFIX, CONNECTION_PREFIX)
        ],
    }
