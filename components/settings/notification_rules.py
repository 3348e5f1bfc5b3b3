"""Rules over who hears of what: no alarm without a reader, no chat that is asked for in vain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from components.settings.notification import NoChat, by_severity
from components.settings.problems import Problem, of_value
from components.settings.sections import MonitoringSettings

_PATH: Final = "monitoring.notifications"


def somebody_is_told(monitoring: MonitoringSettings) -> Iterator[Problem]:
    """A page and a ticket reach a mailbox or a pager, not a chat alone, which wakes and reminds nobody."""
    for severity, subscribers in by_severity(monitoring.notifications).items():
        if subscribers.emails or subscribers.endpoints:
            continue
        if severity != "info":
            rule = f"must name an address where {severity}.endpoints names none, or they would reach nobody; add one"
            yield of_value(f"{_PATH}.{severity}.emails", list(subscribers.emails), rule)
        elif not subscribers.chat:
            rule = "must name an address where info has neither endpoint nor chat, or they would reach nobody; add one"
            yield of_value(f"{_PATH}.info.emails", list(subscribers.emails), rule)


def chat_is_there(monitoring: MonitoringSettings) -> Iterator[Problem]:
    """Who asks for the chat has one."""
    if isinstance(monitoring.notifications.chat, NoChat):
        for severity, subscribers in by_severity(monitoring.notifications).items():
            if subscribers.chat:
                rule = f"goes with a {_PATH}.chat of kind 'slack' or 'teams'; choose one, or write false"
                yield of_value(f"{_PATH}.{severity}.chat", subscribers.chat, rule)


def chat_is_used(monitoring: MonitoringSettings) -> Iterator[Problem]:
    """A channel is read for something."""
    notifications = monitoring.notifications
    if not isinstance(notifications.chat, NoChat) and not any(
        subscribers.chat for subscribers in by_severity(notifications).values()
    ):
        rule = "gets no message; write chat: true for page, ticket or info, or choose 'none'"
        yield of_value(f"{_PATH}.chat.kind", notifications.chat.kind, rule)


RULES: Final = (somebody_is_told, chat_is_there, chat_is_used)
"""Every rule of this module."""
