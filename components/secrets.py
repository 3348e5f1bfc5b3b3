"""Every secret of the stack: generated, given in its configuration, or kept here by another region's stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_random as random

from components.secret import (
    MountableSecret,
    Replica,
    Secret,
    SecretArgs,
    StoredSecret,
    value_version,
)
from components.settings.given_secrets import GivenSecret
from components.settings.safekeeping import ExistingKey, RotatingKey, SecretsSettings

_PASSWORD_LENGTH: Final = 48
"""Characters of a password or token. Redis AUTH takes 16 to 128, RDS for PostgreSQL 8 to 128."""
_JWT_LENGTH: Final = 64
"""Characters of the key that signs TMI's tokens: more than the 256 bits of its HMAC."""
_KEY_BYTES: Final = 32
"""Of a key that TMI encrypts with: it takes 64 hexadecimal characters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretsArgs:
    """What :class:`Secrets` needs from its caller."""

    account: str
    """The AWS account whose principals may ever read them."""
    key_arn: pulumi.Input[str]
    """The key that encrypts them."""
    settings: SecretsSettings
    """Recovery window, rotation labels and the key of TMI's settings."""
    database_instances: tuple[str, ...]
    """The primaries by name; each has a master password of its own."""
    given: Mapping[GivenSecret, pulumi.Output[str]]
    """Values from the configuration, by what asks for them."""
    linked_accounts: bool
    """Whether TMI keeps tokens of accounts that users link, which it encrypts with a key of their own."""
    replica: Replica | None
    """The copy of each secret in the recovery region, if there is one."""
    deletion_protection: bool
    """Whether the settings key refuses to be deleted."""


class Secrets(pulumi.ComponentResource):
    """The secrets of a stack.

    A generated value changes when its rotation label in the stack file does: the label is its keeper. Passwords are
    alphanumeric, because TMI takes its database's as part of a URL. The settings key differs: each label is a key of
    its own, so that a rotation makes a second one and what the first encrypted stays readable.

    With a recovery region every secret has a copy there. A stack that starts there needs the settings key alone and
    makes its own passwords; but a restored server still has the old ones, and a list of secrets that may be lost is one
    more thing to be wrong on the day it matters.
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
    settings_key: MountableSecret
    """The key that encrypts TMI's settings inside the database."""
    previous_settings_key: MountableSecret | None
    """The key before it, while what it encrypted is being encrypted anew."""
    content_token_key: StoredSecret | None
    """The key that encrypts tokens of linked accounts in the database. With another one users link them anew."""
    given: Mapping[str, StoredSecret]
    """What the configuration holds, by name."""

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
        self.settings_key, self.previous_settings_key = self._settings_keys()
        self.content_token_key = self._content_token_key() if args.linked_accounts else None
        self.given = {
            given.name: self._store(given.name, value, given.description)
            for given, value in sorted(args.given.items(), key=lambda item: item[0].name)
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

    def _settings_keys(self) -> tuple[MountableSecret, MountableSecret | None]:
        key = self._args.settings.settings_key
        if isinstance(key, ExistingKey):
            return existing(key), None
        # Protected, since nothing makes it again and TMI cannot read its settings without it. The one before it is not,
        # or the last step of a rotation could never drop it.
        current = self._settings_key(key.label, protect=self._args.deletion_protection)
        return current, self._settings_key(key.previous, protect=False) if isinstance(key, RotatingKey) else None

    def _settings_key(self, label: str, *, protect: bool) -> StoredSecret:
        return self._key(f"settings-{label}-key", f"TMI: key of {label} that encrypts its settings", protect=protect)

    def _content_token_key(self) -> StoredSecret:
        return self._key("content-token-key", "TMI: key that encrypts tokens of linked accounts", protect=False)

    def _key(self, role: str, description: str, *, protect: bool) -> StoredSecret:
        generated = random.RandomBytes(
            f"{self.pulumi_resource_name}-{role}-value",
            length=_KEY_BYTES,
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        return self._store(role, generated.hex, description)

    def _store(self, role: str, value: pulumi.Output[str], description: str) -> StoredSecret:
        args = SecretArgs(
            account=self._args.account,
            key_arn=self._args.key_arn,
            recovery_window_days=self._args.settings.recovery_window_days,
            description=description,
            value=value,
            replica=self._args.replica,
        )
        return Secret(f"{self.pulumi_resource_name}-{role}", args, pulumi.ResourceOptions(parent=self)).stored


def existing(key: ExistingKey) -> MountableSecret:
    """A settings key that another stack made: the pods mount it, and its value never comes near this program.

    So nothing here changes with its value, and its version follows its ARN: a key that is rotated over there is
    another secret, with another ARN.
    """
    return MountableSecret(
        arn=pulumi.Output.from_input(key.secret_arn),
        version=pulumi.Output.secret(value_version(key.secret_arn)),
        key_arn=key.key_arn,
    )
