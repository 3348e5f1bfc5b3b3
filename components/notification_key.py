"""The key of messages in a region that has no other keys of the stack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi

from components.encryption import EncryptionArgs, KeyClass, encryption_key


@dataclass(frozen=True, kw_only=True, slots=True)
class NotificationKeyArgs(EncryptionArgs):
    """What :class:`NotificationKey` needs from its caller: the same as `Encryption`, for the region of the topic."""


class NotificationKey(pulumi.ComponentResource):
    """The key that encrypts a topic there, with the policy that the home region's has."""

    TYPE: Final = "tmi:security:NotificationKey"

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: NotificationKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self.arn = encryption_key(self, KeyClass.NOTIFICATIONS, args).arn
        self.register_outputs({"arn": self.arn})
