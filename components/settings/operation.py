"""The part of the stack file that says how TMI is run: retention, alerts, hosts it may fetch from, whom to ask."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from components.settings.constraints import between, listing, matching
from components.settings.model import Section
from components.settings.vocabulary import EgressDomain, ProviderUrl

Words: TypeAlias = Annotated[
    str, matching(r"\S(.{0,198}\S)?", "must be 1 to 200 characters without blanks around", "Example Ltd")
]
VariableName: TypeAlias = Annotated[
    str,
    matching(
        "(TMI|OTEL|OAUTH_PROVIDERS|SAML_PROVIDERS)(_[A-Z0-9]+)+",
        "must be the name of a variable of TMI, which would ignore any other without a word",
        "TMI_NEW_SETTING",
    ),
]
VariableValue: TypeAlias = Annotated[
    str, matching(r"\S(.*\S)?", "must be text without blanks around; TMI takes an empty variable for none", "true")
]


class RetentionSettings(Section):
    """How long TMI keeps what it records in its database. It prunes once a day; triggers keep what is younger."""

    audit_days: Annotated[int, between(30, 3650, "days")]
    """Who changed which object."""
    system_audit_days: Annotated[int, between(90, 3650, "days")]
    """What administrators changed. TMI takes 90 instead of less."""
    version_days: Annotated[int, between(1, 3650, "days")]
    """Earlier versions of objects."""
    version_count: Annotated[int, between(1, 1000, "versions")]
    """How many earlier versions of an object stay at most."""
    tombstone_days: Annotated[int, between(1, 3650, "days")]
    """How long what was deleted can be restored."""


class OperatorSettings(Section):
    """Who runs this TMI; everybody sees it, on the start page and in `/config`."""

    name: Words
    """The organization."""
    contact: Words
    """Where users ask, an address of any kind."""
    jurisdiction: Words
    """Whose law applies."""


class NoAlerting(Section):
    """What administrators do is recorded in TMI's database alone."""

    kind: Literal["none"]
    """No alert."""


class AlertingWebhook(Section):
    """What administrators change is told to a receiver outside at once, signed with the secret of `tmi:alertSecrets`.

    TMI delivers it as it delivers webhooks, whether these are enabled or not, and with their defects: behind a pool the
    receiver gets most alerts more than once.
    """

    kind: Literal["webhook"]
    """A receiver of TMI's webhooks."""
    url: ProviderUrl
    """The receiver."""


Alerting: TypeAlias = Annotated[NoAlerting | AlertingWebhook, Field(discriminator="kind")]
"""Who hears of what administrators do."""


class PublicHosts(Section):
    """Every host with a public address."""

    kind: Literal["public"]
    """TMI refuses loopback, private and link-local addresses by itself."""


class ListedHosts(Section):
    """These hosts and no other. TMI does not look at the addresses of a listed host; the network still does."""

    kind: Literal["listed"]
    """The list below."""
    hosts: Annotated[
        tuple[EgressDomain, ...], listing(1, 100, "must name at least one host, each once; add one, or write `public`")
    ]
    """`example.com` is that host and the names right below it, `*.example.com` every name below it as well."""


Hosts: TypeAlias = Annotated[PublicHosts | ListedHosts, Field(discriminator="kind")]
"""Which hosts an address may name."""


class OutboundSettings(Section):
    """Which hosts TMI accepts in addresses that users give it."""

    issues: Hosts
    """Of issues; TMI stores these addresses and never fetches them."""
    documents: Hosts
    """Of documents."""
    repositories: Hosts
    """Of source code."""
    timmy: Hosts
    """Of what Timmy reads, its models included."""
