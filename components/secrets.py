"""Secrets Manager: every secret of the stack, made here or given in its configuration."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components.settings.sections import SecretsSettings

_PASSWORD_LENGTH: Final = 48
"""Characters of a password or token. Redis AUTH takes 16 to 128, RDS for PostgreSQL 8 to 128."""
_JWT_LENGTH: Final = 64
"""Characters of the key that signs TMI's tokens: more than the 256 bits of its HMAC."""
_SETTINGS_KEY_BYTES: Final = 32
"""TMI takes 64 hexadecimal characters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredSecret:
    """A secret, where it is stored, and how to tell that it changed."""

    arn: pulumi.Output[str]
    """Of the secret in Secrets Manager; known once its value is stored."""
    value: pulumi.Output[str]
    """The value itself, a secret."""
    version: pulumi.Output[int]
    """For the version argument beside a write-only one: another number when the value is another. A secret."""


def value_version(value: str) -> int:
    """A number from 1 to 2**31 - 1 that follows `value`.

    A provider sends a write-only argument again when its version changes. A counter in the stack file could be
    forgotten; a digest cannot. Zero is left out, since providers read it as absent.
    """
    digest = int.from_bytes(hashlib.sha256(value.encode()).digest()[:8], "big")
    return digest % (2**31 - 1) + 1


def access_policy(account: str) -> str:
    """A resource policy that allows nothing by itself and refuses plain HTTP and whoever is not of the account.

    Access inside the account goes by IAM alone. `Resource: *` in a secret's policy means that secret. The condition
    on the account is the one of AWS's data-perimeter examples; it lets services act that have no account.
    """
    refused = {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:*", "Resource": "*"}
    outside = {
        "StringNotEqualsIfExists": {"aws:PrincipalAccount": account},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Sid": "RefusePlainHttp", **refused, "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
                {"Sid": "RefuseOtherAccounts", **refused, "Condition": outside},
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


class Secret(pulumi.ComponentResource):
    """One secret of Secrets Manager with its value and its policy.

    Its name is made by Pulumi: a deleted secret keeps its name until its recovery window is over, and a fixed name
    would keep the stack from being made again in that time.
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

        secret = aws.secretsmanager.Secret(
            f"{name}-secret",
            description=args.description,
            kms_key_id=args.key_arn,
            recovery_window_in_days=args.recovery_window_days,
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


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretsArgs:
    """What :class:`Secrets` needs from its caller."""

    account: str
    """The AWS account whose principals may ever read them."""
    key_arn: pulumi.Input[str]
    """The key that encrypts them."""
    settings: SecretsSettings
    """Recovery window and rotation labels."""
    database_instances: tuple[str, ...]
    """The primaries by name; each has a master password of its own."""
    oauth_client_secrets: Mapping[str, pulumi.Output[str]]
    """Client secrets from the configuration, by identity provider."""
    deletion_protection: bool
    """Whether the settings key refuses to be deleted."""


class Secrets(pulumi.ComponentResource):
    """The secrets of a stack.

    A generated value changes when its rotation label in the stack file does: the label is its keeper. Passwords are
    alphanumeric, because TMI takes its database's as part of a URL.
    """

    TYPE: Final = "tmi:security:Secrets"

    database_master: Mapping[str, StoredSecret]
    """The master password of each primary, for the job that prepares the database; TMI never has it."""
    database_owner: StoredSecret
    """The password of the role that TMI uses."""
    redis: StoredSecret
    """The AUTH token of Redis."""
    jwt: StoredSecret
    """The key that signs TMI's tokens."""
    settings_key: StoredSecret
    """The key that encrypts TMI's settings inside the database."""
    oauth: Mapping[str, StoredSecret]
    """Client secrets by identity provider."""

    def __init__(self, name: str, args: SecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._args = args
        rotation = args.settings.rotation

        self.database_master = {
            instance: self._password(
                f"database-master-{instance}", rotation.database, f"PostgreSQL {instance}: master password"
            )
            for instance in args.database_instances
        }
        self.database_owner = self._password("database-owner", rotation.database, "PostgreSQL: password of TMI's role")
        self.redis = self._password("redis", rotation.redis, "Redis: AUTH token")
        self.jwt = self._password("jwt", rotation.jwt, "TMI: key that signs its tokens", length=_JWT_LENGTH)
        self.settings_key = self._settings_key()
        self.oauth = {
            provider: self._store(f"oauth-{provider}", value, f"Identity provider {provider}: client secret")
            for provider, value in sorted(args.oauth_client_secrets.items())
        }
        self.register_outputs({})

    def _password(self, role: str, label: str, description: str, length: int = _PASSWORD_LENGTH) -> StoredSecret:
        generated = random.RandomPassword(
            f"{self.pulumi_resource_name}-{role}-value",
            length=length,
            special=False,
            keepers={"rotation": label},
            opts=pulumi.ResourceOptions(parent=self),
        )
        return self._store(role, generated.result, description)

    def _settings_key(self) -> StoredSecret:
        # Without a keeper: with another key TMI could not read what it encrypted under this one. Protected, because
        # nothing makes it again.
        generated = random.RandomBytes(
            f"{self.pulumi_resource_name}-settings-key-value",
            length=_SETTINGS_KEY_BYTES,
            opts=pulumi.ResourceOptions(parent=self, protect=self._args.deletion_protection),
        )
        return self._store("settings-key", generated.hex, "TMI: key that encrypts its settings")

    def _store(self, role: str, value: pulumi.Output[str], description: str) -> StoredSecret:
        args = SecretArgs(
            account=self._args.account,
            key_arn=self._args.key_arn,
            recovery_window_days=self._args.settings.recovery_window_days,
            description=description,
            value=value,
        )
        return Secret(f"{self.pulumi_resource_name}-{role}", args, pulumi.ResourceOptions(parent=self)).stored
