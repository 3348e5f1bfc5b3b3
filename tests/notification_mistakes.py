"""Mistakes an operator can make in what a stack file says of who hears of alarms and costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

_SLACK: Final = {"kind": "slack", "workspace_id": "T0000EXAMPLE", "channel_id": "C0000EXAMPLE"}
_TENANT: Final = "00000000-0000-0000-0000-000000000000"

NOTIFICATION_MISTAKES: Final[Sequence[tuple[Mapping[str, object], str]]] = (
    (
        {"monitoring__notifications__page__emails": []},
        "monitoring.notifications.page.emails: [] must name an address where page.endpoints names none, or they would reach nobody; add one",
    ),
    (
        {"monitoring__notifications__ticket__emails": []},
        "monitoring.notifications.ticket.emails: [] must name an address where ticket.endpoints names none, or they would reach nobody; add one",
    ),
    (
        {"monitoring__notifications__info__emails": []},
        "monitoring.notifications.info.emails: [] must name an address where info has neither endpoint nor chat, or they would reach nobody; add one",
    ),
    (
        # A chat wakes nobody.
        {
            "monitoring__notifications__page": {"emails": [], "endpoints": [], "chat": True},
            "monitoring__notifications__chat": _SLACK,
        },
        "monitoring.notifications.page.emails: [] must name an address where page.endpoints names none, or they would reach nobody; add one",
    ),
    (
        {"monitoring__notifications__page__emails": ["one@example.com", "one@example.com"]},
        'monitoring.notifications.page.emails: ["one@example.com", "one@example.com"] must name each address once, and 20 at most; use a mailing list instead',
    ),
    (
        {"monitoring__notifications__page__emails": ["operators"]},
        "monitoring.notifications.page.emails.0: \"operators\" must be an e-mail address; write it like 'tmi-operators@example.com'",
    ),
    (
        {"monitoring__notifications__page__endpoints": ["https://pager.example.com"]},
        "monitoring.notifications.page.endpoints.0: \"https://pager.example.com\" must be 1 to 20 lower-case letters, digits and single hyphens, starting with a letter; write it like 'main'",
    ),
    (
        {"monitoring__notifications__ticket__chat": True},
        "monitoring.notifications.ticket.chat: true goes with a monitoring.notifications.chat of kind 'slack' or 'teams'; choose one, or write false",
    ),
    (
        {"monitoring__notifications__chat": _SLACK},
        "monitoring.notifications.chat.kind: \"slack\" gets no message; write chat: true for page, ticket or info, or choose 'none'",
    ),
    (
        {
            "monitoring__notifications__page__chat": True,
            "monitoring__notifications__chat": {**_SLACK, "workspace_id": "example"},
        },
        "monitoring.notifications.chat.workspace_id: \"example\" must be the id of a workspace of Slack, not its name; write it like 'T0000EXAMPLE'",
    ),
    (
        {
            "monitoring__notifications__page__chat": True,
            "monitoring__notifications__chat": {**_SLACK, "channel_id": "#alarms"},
        },
        "monitoring.notifications.chat.channel_id: \"#alarms\" must be the id of a channel of Slack, not its name; write it like 'C0000EXAMPLE'",
    ),
    (
        {
            "monitoring__notifications__page__chat": True,
            "monitoring__notifications__chat": {
                "kind": "teams",
                "tenant_id": "example.com",
                "team_id": _TENANT,
                "channel_id": "19%3aexample%40thread.tacv2",
            },
        },
        "monitoring.notifications.chat.tenant_id: \"example.com\" must be the id that Microsoft Teams shows, a UUID; write it like '00000000-0000-0000-0000-000000000000'",
    ),
    (
        {
            "monitoring__notifications__page__chat": True,
            "monitoring__notifications__chat": {
                "kind": "teams",
                "tenant_id": _TENANT,
                "team_id": _TENANT,
                "channel_id": "19:example@thread.tacv2",
            },
        },
        "monitoring.notifications.chat.channel_id: \"19:example@thread.tacv2\" must be the id of a channel as its link has it, percent-encoded; write it like '19%3aexample%40thread.tacv2'",
    ),
    (
        {"monitoring__budget": {"kind": "monthly", "usd": 0, "actual_percent": 80, "forecast_percent": 100}},
        "monitoring.budget.usd: 0 must be 1 to 10000000 USD; choose a number in that range",
    ),
    (
        {"monitoring__budget": {"kind": "monthly", "usd": 500, "actual_percent": 80, "forecast_percent": 0}},
        "monitoring.budget.forecast_percent: 0 must be 1 to 1000 % of the amount; choose a number in that range",
    ),
    (
        {"monitoring__cost_anomalies": {"kind": "below"}},
        "monitoring.cost_anomalies.kind: \"below\" is no choice; choose one of 'above' or 'none'",
    ),
)
"""In the dev stack."""
