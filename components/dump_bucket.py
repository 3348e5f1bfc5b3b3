"""The bucket of logical dumps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.private_bucket import Expiry, PrivateBucketArgs, private_bucket

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
    in the vault of AWS Backup, and a dump has to be removable where a law asks for it.
    """

    TYPE: Final = "tmi:data:DumpBucket"

    bucket: pulumi.Output[str]

    def __init__(self, name: str, args: DumpBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self.bucket = private_bucket(
            self,
            PrivateBucketArgs(
                encryption=encrypted(args.key_arn),
                expiries=(
                    _expiry("expire-dumps", DUMPS, args.retention_days),
                    _expiry("expire-incoming", INCOMING, _INCOMING_DAYS),
                ),
                statements=lambda _: (),
                deletion_protection=args.deletion_protection,
                force_destroy=not args.deletion_protection,
            ),
        )
        self.register_outputs({"bucket": self.bucket})


def encrypted(key_arn: pulumi.Input[str]) -> aws.s3.BucketServerSideEncryptionConfigurationRuleArgs:
    """By this key unless a request names another. The bucket key spares a call to KMS for each part of an upload."""
    return aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
        apply_server_side_encryption_by_default=aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="aws:kms", kms_master_key_id=key_arn
        ),
        bucket_key_enabled=True,
    )


def _expiry(role: str, folder: str, days: int) -> Expiry:
    return Expiry(id=role, prefix=f"{folder}/", days=days, noncurrent_days=min(days, _NONCURRENT_DAYS))
