"""The keys that encrypt copies in the recovery region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi

from components.encryption import EncryptionArgs, KeyClass, encryption_key


@dataclass(frozen=True, kw_only=True, slots=True)
class RecoveryKeysArgs(EncryptionArgs):
    """What :class:`RecoveryKeys` needs from its caller: the same as `Encryption`, for the region of the copies."""


class RecoveryKeys(pulumi.ComponentResource):
    """A key for backups and images there, one for secrets, one for messages; made before whatever is copied.

    Not replicas of the home region's keys: what those protect stays apart from the copies. A server restored there
    keeps the data key of its backups, so the key outlives a failover, and the stack that made it must not be destroyed
    while such a server lives.
    """

    TYPE: Final = "tmi:recovery:RecoveryKeys"

    data_key_arn: pulumi.Output[str]
    secrets_key_arn: pulumi.Output[str]
    notifications_key_arn: pulumi.Output[str]

    def __init__(self, name: str, args: RecoveryKeysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self.data_key_arn = encryption_key(self, KeyClass.DATA, args).arn
        self.secrets_key_arn = encryption_key(self, KeyClass.SECRETS, args).arn
        self.notifications_key_arn = encryption_key(self, KeyClass.NOTIFICATIONS, args).arn
        self.register_outputs(
            {
                "data_key_arn": self.data_key_arn,
                "secrets_key_arn": self.secrets_key_arn,
                "notifications_key_arn": self.notifications_key_arn,
            }
        )
