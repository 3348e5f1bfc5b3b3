"""Who hears of alarms, events and costs: by severity, by e-mail, over HTTPS and in a chat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field

from components.settings.constraints import listing, matching
from components.settings.model import Section
from components.settings.vocabulary import Email, Name

_UUID: Final = "[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}"

SlackWorkspaceId: TypeAlias = Annotated[
    str, matching("T[A-Z0-9]{5,20}", "must be the id of a workspace of Slack, not its name", "T0000EXAMPLE")
]
SlackChannelId: TypeAlias = Annotated[
    str, matching("[CG][A-Z0-9]{5,20}", "must be the id of a channel of Slack, not its name", "C0000EXAMPLE")
]
MicrosoftId: TypeAlias = Annotated[
    str,
    matching(_UUID, "must be the id that Microsoft Teams shows, a UUID", "00000000-0000-0000-0000-000000000000"),
]
TeamsChannelId: TypeAlias = Annotated[
    str,
    matching(
        r"[\w=+/.,-]*%3[aA][\w=+/.,-]*%40[\w=+/.,-]*",
        "must be the id of a channel as its link has it, percent-encoded",
        "19%3aexample%40thread.tacv2",
    ),
]
"""Source: TeamsChannelConfiguration, AWS Chatbot API Reference."""


class Subscribers(Section):
    """Who hears of messages of one severity."""

    emails: Annotated[
        tuple[Email, ...], listing(0, 20, "must name each address once, and 20 at most; use a mailing list instead")
    ]
    """E-mail addresses. Each has to confirm its subscription once; until then it hears of nothing."""
    endpoints: Annotated[
        tuple[Name, ...], listing(0, 5, "must name each endpoint once, and 5 at most; remove what is too much")
    ]
    """HTTPS endpoints by a name of yours, such as that of a pager, which confirms its subscription itself.

    The address is `tmi:notificationEndpoints`, never in here: with most pagers whoever knows it may raise alarms.
    """
    chat: bool
    """Whether they appear in the channel of `chat`."""


class NoChat(Section):
    """Nothing is written into a chat."""

    kind: Literal["none"]
    """No channel."""


class SlackChat(Section):
    """A channel of Slack, by Amazon Q Developer in chat applications (AWS Chatbot until 2025)."""

    kind: Literal["slack"]
    """The workspace has to be authorized in the console once, before the first deployment."""
    workspace_id: SlackWorkspaceId
    """The workspace, as the console shows it once it is authorized."""
    channel_id: SlackChannelId
    """The channel, as the end of its link has it."""


class TeamsChat(Section):
    """A channel of Microsoft Teams, by Amazon Q Developer in chat applications (AWS Chatbot until 2025).

    One of an account for each team: the provider finds a configuration again by its team alone.
    """

    kind: Literal["teams"]
    """The team has to be authorized in the console once, before the first deployment."""
    tenant_id: MicrosoftId
    """The tenant, as the console shows it once the team is authorized."""
    team_id: MicrosoftId
    """The team, as the console shows it too."""
    channel_id: TeamsChannelId
    """The channel, as its link has it."""


Chat: TypeAlias = Annotated[NoChat | SlackChat | TeamsChat, Field(discriminator="kind")]
"""Where else messages are read."""


class NotificationSettings(Section):
    """Who hears of what, by how soon they have to look."""

    page: Subscribers
    """Now, at any hour: users notice, or will within the hour."""
    ticket: Subscribers
    """On the next working day."""
    info: Subscribers
    """When somebody looks into something else."""
    chat: Chat
    """The channel for those that have `chat: true`."""


def by_severity(notifications: NotificationSettings) -> Mapping[str, Subscribers]:
    """Who hears of each severity, by its name in the stack file."""
    return {"page": notifications.page, "ticket": notifications.ticket, "info": notifications.info}
