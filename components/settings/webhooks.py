"""Webhooks: whether TMI calls others, whom, and what they have to reckon with."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from components.settings.choices import Delivery
from components.settings.constraints import listing
from components.settings.model import Section
from components.settings.vocabulary import Domain


class NoWebhooks(Section):
    """TMI calls no receiver but that of `alerting`. Its workers cannot be turned off, so other addresses are refused.

    Subscriptions can still be asked for; none is ever confirmed, and TMI deletes it after three attempts.
    """

    kind: Literal["none"]
    """Nothing is delivered."""


class PublicReceivers(Section):
    """Any address of the internet, as far as `network.egress` lets TMI out; TMI refuses private ones."""

    kind: Literal["public"]
    """Whoever a subscription names."""


class ListedReceivers(Section):
    """These hosts and no other."""

    kind: Literal["listed"]
    """Only those that are named here."""
    hosts: Annotated[
        tuple[Domain, ...],
        listing(1, 50, "must name at least one host, each once; to call nobody do without webhooks instead"),
    ]
    """Host names. TMI takes each for itself and for the names one level below it, wherever their addresses are."""


Receivers: TypeAlias = Annotated[PublicReceivers | ListedReceivers, Field(discriminator="kind")]
"""Whom TMI may call."""


class EnabledWebhooks(Section):
    """TMI delivers events to subscriptions, over https alone."""

    kind: Literal["enabled"]
    """Events are delivered."""
    delivery: Delivery
    """How often receivers get an event. It is a promise of theirs, and changes nothing in TMI."""
    receivers: Receivers
    """Whom TMI may call."""


Webhooks: TypeAlias = Annotated[NoWebhooks | EnabledWebhooks, Field(discriminator="kind")]
"""Whether TMI calls others."""
