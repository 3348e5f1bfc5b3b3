"""One secret in Secrets Manager: its value, its policy, its copy in another region."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.perimeter import outside


@dataclass(frozen=True, kw_only=True, slots=True)
class MountableSecret:
    """A secret that pods can mount, whether or not this stack made it."""

    arn: pulumi.Output[str]
    """Of the secret in Secrets Manager; known once its value is stored."""
    version: pulumi.Output[int]
    """Another number when the value is another. A secret."""
    key_arn: pulumi.Input[str] | None = None
    """The key that encrypts it, where that is not the stack's own key for secrets."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredSecret(MountableSecret):
    """A secret whose value this stack knows. Its version is for the version argument beside a write-only one."""

    value: pulumi.Output[str]
    """The value itself, a secret."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Replica:
    """Where else a secret is kept."""

    region: str
    """The region of the copy."""
    key_arn: pulumi.Input[str]
    """The key that encrypts it there."""


def value_version(value: str) -> int:
    """A number from 1 to 2**31 - 1 that follows `value`.

    A provider sends a write-only argument again when its version changes. A counter in the stack file could be
    forgotten; a digest cannot. Zero is left out, since providers read it as absent.
    """
    digest = int.from_bytes(hashlib.sha256(value.encode()).digest()[:8], "big")
    return digest % (2**31 - 1) + 1


def access_policy(account: str) -> str:
    """A resource policy that allows nothing by itself and refuses plain HTTP and whoever is not of the account.

    Access inside the account goes by IAM alone. `Resource: *` in a secret's policy means that secret.
    """
    refused = {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:*", "Resource": "*"}
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Sid": "RefusePlainHttp", **refused, "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
                {"Sid": "RefuseOtherAccounts", **refused, "Condition": outside(account)},
            ],
        }
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretArgs:
    """What a :class:`Secret` needs from its caller."""

    account: str
    """The AWS account whose principals may ever read it."""
    key_arn: pulumi.Input[str]
    """The key that encrypts it."""
    recovery_window_days: int
    """How long it can be restored after its deletion."""
    description: str
    """What it is for."""
    value: pulumi.Output[str]
    """The value; marked as a secret here if it is not yet."""
    replica: Replica | None
    """Its copy in the recovery region, if there is one."""


class Secret(pulumi.ComponentResource):
    """One secret of Secrets Manager with its value and its policy.

    Its name is made by Pulumi: a deleted secret keeps its name until its recovery window is over, and a fixed name
    would keep the stack from being made again in that time. A copy in another region has the same name and follows
    value and policy. One that stands there under this name already is never overwritten: it is not ours.
    """

    TYPE: Final = "tmi:security:Secret"

    arn: pulumi.Output[str]
    stored: StoredSecret
    """What others need to use it."""

    def __init__(self, name: str, args: SecretArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        value = pulumi.Output.secret(args.value)
        version = value.apply(value_version)
        replicas = [args.replica] if args.replica else []

        secret = aws.secretsmanager.Secret(
            f"{name}-secret",
            description=args.description,
            kms_key_id=args.key_arn,
            recovery_window_in_days=args.recovery_window_days,
            replicas=[
                aws.secretsmanager.SecretReplicaArgs(region=replica.region, kms_key_id=replica.key_arn)
                for replica in replicas
            ]
            or None,
            opts=child,
        )
        aws.secretsmanager.SecretPolicy(
            f"{name}-policy",
            secret_arn=secret.arn,
            policy=access_policy(args.account),
            block_public_policy=True,
            opts=child,
        )
        stored = aws.secretsmanager.SecretVersion(
            f"{name}-version",
            secret_id=secret.id,
            secret_string_wo=value,
            secret_string_wo_version=version,
            opts=child,
        )

        # A reader that knows the ARN must find a value behind it, hence the look at the version's id.
        self.arn = pulumi.Output.all(secret.arn, stored.version_id).apply(lambda known: str(known[0]))
        self.stored = StoredSecret(arn=self.arn, value=value, version=version)
        self.register_outputs({"arn": self.arn})
