"""Whom TMI calls when something happens."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from components.settings.operation import Alerting, AlertingWebhook
from components.settings.variables.variable import Situation, Variable
from components.settings.webhooks import ListedReceivers, NoWebhooks, Webhooks

_NOBODY: Final = "no-webhooks.invalid"
"""A host that never exists. Source: RFC 2606, reserved top level names."""


def allowed_receivers(webhooks: Webhooks, alerting: Alerting) -> str | None:
    """TMI's list of receivers; none where every public host may be one.

    TMI starts its workers whatever it is told, and its setting `features.webhooks_enabled` changes only what `/config`
    says. The one thing that stops them is a list of allowed hosts in which no receiver is. Alerts are delivered by the
    same workers, so that their receiver has to be on the list too. Source: TMI 1.8.22, cmd/server/main.go,
    startWebhookWorkers; api/ssrf_validator.go; api/webhook_pinned_bootstrap.go.
    """
    alerted = [urlsplit(alerting.url).hostname or ""] if isinstance(alerting, AlertingWebhook) else []
    if isinstance(webhooks, NoWebhooks):
        return ",".join(alerted) or _NOBODY
    if isinstance(webhooks.receivers, ListedReceivers):
        return ",".join(dict.fromkeys([*webhooks.receivers.hosts, *alerted]))
    return None


WEBHOOKS: Final[tuple[Variable[Situation], ...]] = (
    Variable(
        "TMI_SSRF_WEBHOOK_ALLOWLIST",
        "webhooks.kind",
        "1.4.0",
        "The hosts that TMI calls, that of `alerting.url` among them, and no other; where there is none one that never "
        "exists, since TMI has no other switch",
        lambda of: allowed_receivers(of.server.webhooks, of.server.alerting),
    ),
)
"""Receivers of webhooks."""
