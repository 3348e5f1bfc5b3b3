"""How a component keeps the logs of what it makes."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi


@dataclass(frozen=True, kw_only=True, slots=True)
class LogSink:
    """Encryption and retention of one class of log groups."""

    key_arn: pulumi.Input[str]
    """The customer key that encrypts events at rest."""
    retention_days: int
    """How long an event is kept; one of the values that CloudWatch Logs accepts."""
