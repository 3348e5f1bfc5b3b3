"""What the pods of TMI mount: files where TMI can read files, variables where it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from components.secret import MountableSecret, StoredSecret
from components.server.haproxy import REDIS_TOKEN_VARIABLE
from components.server.secret_files import SecretFile
from components.settings.given_secrets import given_secrets
from components.settings.server import ServerSettings
from components.settings.variables.content import CONTENT_TOKEN_KEY_VARIABLE
from components.settings.variables.process import PREVIOUS_SETTINGS_KEY_VARIABLE, SETTINGS_KEY_VARIABLE


class SecretHolder(Protocol):
    """Who knows the secrets of TMI."""

    @property
    def settings(self) -> ServerSettings:
        """TMI's own settings, which ask for them."""
        ...

    @property
    def database_url(self) -> StoredSecret:
        """How TMI reaches PostgreSQL, its password included."""
        ...

    @property
    def redis(self) -> StoredSecret:
        """The token of Redis."""
        ...

    @property
    def jwt(self) -> StoredSecret:
        """The key that signs TMI's tokens."""
        ...

    @property
    def settings_key(self) -> MountableSecret:
        """The key of TMI's own encryption; mounted only if the settings ask for it."""
        ...

    @property
    def previous_settings_key(self) -> MountableSecret | None:
        """The key before it, while it is being rotated."""
        ...

    @property
    def content_token_key(self) -> StoredSecret | None:
        """The key that encrypts tokens of linked accounts, where there are any."""
        ...

    @property
    def given_secrets(self) -> Mapping[str, StoredSecret]:
        """What the configuration holds, by name."""
        ...


def server_secrets(holder: SecretHolder) -> tuple[SecretFile, ...]:
    """What the pod of TMI mounts; hub and pool mount the same."""
    keys = {
        "settings-key": (SETTINGS_KEY_VARIABLE, holder.settings_key if holder.settings.settings_encryption else None),
        "previous-settings-key": (
            PREVIOUS_SETTINGS_KEY_VARIABLE,
            holder.previous_settings_key if holder.settings.settings_encryption else None,
        ),
        "content-token-key": (CONTENT_TOKEN_KEY_VARIABLE, holder.content_token_key),
    }
    return (
        SecretFile(name="database-url", secret=holder.database_url),
        SecretFile(name="redis-password", secret=holder.redis, variable=REDIS_TOKEN_VARIABLE),
        SecretFile(name="jwt-secret", secret=holder.jwt),
        *(
            SecretFile(name=name, secret=secret, variable=variable)
            for name, (variable, secret) in keys.items()
            if secret is not None
        ),
        *(
            SecretFile(name=given.name, secret=holder.given_secrets[given.name], variable=given.variable)
            for given in given_secrets(dict(holder.settings))
        ),
    )
