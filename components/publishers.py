"""The services of AWS that write to the stack's topics: one table for the policies of topics and of their key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, kw_only=True, slots=True)
class Publisher:
    """A service, and what it says of itself when it publishes."""

    sid: str
    """How its statements are called."""
    service: str
    """Its principal."""
    account_to_topic: bool
    """Whether it names the account it acts for to the topic."""
    account_to_key: bool
    """Whether it names it to the key of an encrypted topic as well."""
    source: str | None = None
    """What it acts for, as an ARN, where it names that to both."""

    def at_topic(self, account: str) -> dict[str, Any]:
        """The condition under which it may publish."""
        return self._condition(account, named=self.account_to_topic)

    def at_key(self, account: str) -> dict[str, Any]:
        """The condition under which it may encrypt what it publishes."""
        return self._condition(account, named=self.account_to_key)

    def _condition(self, account: str, *, named: bool) -> dict[str, Any]:
        if not named:
            return {}
        condition: dict[str, Any] = {"StringEquals": {"aws:SourceAccount": account}}
        if self.source is not None:
            condition["ArnLike"] = {"aws:SourceArn": self.source.format(account=account)}
        return {"Condition": condition}


ALARMS: Final = Publisher(sid="Alarms", service="cloudwatch.amazonaws.com", account_to_topic=True, account_to_key=True)
"""Alarms of CloudWatch. Source: Amazon SNS Developer Guide, encrypted topics and event sources."""
EVENTS: Final = Publisher(sid="Events", service="events.amazonaws.com", account_to_topic=False, account_to_key=False)
"""What rules of EventBridge match. It names no source to a topic that is encrypted, nor to its key. Source: Amazon
EventBridge User Guide, resource-based policies; awslabs/landing-zone-accelerator-on-aws#407."""
BUDGETS: Final = Publisher(
    sid="Budgets",
    service="budgets.amazonaws.com",
    account_to_topic=True,
    account_to_key=True,
    source="arn:aws:budgets::{account}:*",
)
"""AWS Budgets. Source: AWS Cost Management User Guide, creating an Amazon SNS topic for budget notifications."""
COST_ANOMALIES: Final = Publisher(
    sid="CostAnomalies", service="costalerts.amazonaws.com", account_to_topic=True, account_to_key=False
)
"""AWS Cost Anomaly Detection. Source: AWS Cost Management User Guide, creating an Amazon SNS topic for anomaly
notifications, which says of a topic that the account is named and of its key nothing: a condition there that is never
met would lose every message without a word, and without the topic's leave the key is of no use."""

PUBLISHERS: Final = (ALARMS, EVENTS, BUDGETS, COST_ANOMALIES)
"""All of them."""
