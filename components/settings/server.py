"""The section of the stack file that describes TMI itself."""

from __future__ import annotations

from typing import Annotated

from components.settings.capacity import ExpectedLoadSettings, HubRestart
from components.settings.choices import LogLevel
from components.settings.constraints import between, listing, matching
from components.settings.content import ContentSettings
from components.settings.identity import AdministratorSettings, LoginSettings, OAuthProvider, ProviderId, SamlProvider
from components.settings.model import Section
from components.settings.operation import (
    Alerting,
    OperatorSettings,
    OutboundSettings,
    RetentionSettings,
    VariableName,
    VariableValue,
)
from components.settings.resources import ResourceSettings
from components.settings.telemetry import Telemetry
from components.settings.timmy import Timmy
from components.settings.topology import Topology
from components.settings.vocabulary import ImageTag, Origin
from components.settings.webhooks import Webhooks


class ImageSettings(Section):
    """Which images run. TMI's comes from the account's own repository, the others through its pull-through cache."""

    tmi: ImageTag
    """The tag of TMI's image."""
    haproxy: ImageTag
    """The tag of `haproxy`, Debian's variant: the pod's key is made with its openssl."""
    postgres: Annotated[
        str, matching(r"1[5-9]\.[0-9]+[\w.-]*", "must be an exact version of PostgreSQL, in quotes", "17.11")
    ]
    """The tag of `postgres`, whose psql prepares the database and whose pg_dump dumps it: no older than the servers."""
    aws_cli: ImageTag
    """The tag of `aws-cli`, which takes dumps to S3; its curl and jq restart TMI by the clock."""
    collector: ImageTag
    """The tag of `aws-otel-collector`, AWS's build of the OpenTelemetry Collector, which stands beside TMI."""


class ServerSettings(Section):
    """TMI on Kubernetes."""

    topology: Topology
    """How many pods share the work, and how."""
    images: ImageSettings
    """Which versions run."""
    resources: ResourceSettings
    """What the hub may use, or the only pod."""
    expected_load: ExpectedLoadSettings
    """What the stack is sized for."""
    hub_restart: HubRestart
    """When the pod that holds live sessions is restarted. A pool's pods are restarted as often as the load asks for."""
    user_interface_origins: Annotated[
        tuple[Origin, ...],
        listing(1, 10, "must name at least one origin, or no browser could log in; add the one of the user interface"),
    ]
    """Origins of the web user interface: the only ones for CORS and WebSockets."""
    oauth_providers: dict[ProviderId, OAuthProvider]
    """Identity providers that speak OAuth, by TMI's id. Each needs its client secret in `tmi:oauthSecrets`."""
    saml_providers: dict[ProviderId, SamlProvider]
    """Identity providers that speak SAML, by TMI's id. Each needs TMI's key in `tmi:samlKeys`."""
    administrator: AdministratorSettings
    """Who administers TMI at first."""
    login: LoginSettings
    """What a login brings, and for how long."""
    body_limit_mib: Annotated[int, between(1, 64, "MiB")]
    """The largest request the pod accepts. TMI itself would read any size into memory before it asks who sends it."""
    discovery_requests_per_minute: Annotated[int, between(1, 10_000, "requests")]
    """What one address may ask of `/.well-known/` in a minute; the rest is for the web firewall to limit."""
    require_if_match: bool
    """Whether a change has to name the version it changes. Pages of another origin cannot in TMI 1.8.22."""
    collaboration_idle_seconds: Annotated[int, between(15, 86_400, "seconds")]
    """When a collaboration in which nobody does anything ends."""
    settings_encryption: bool
    """Whether TMI encrypts its settings and part of Redis by itself.

    TMI 1.8.22 then loses small deliveries: choose true, or webhooks and alerts. What it has encrypted it cannot read
    without the key, so before true becomes false, have each secret among TMI's settings at hand to enter it again.
    """
    retention: RetentionSettings
    """How long TMI keeps its records."""
    webhooks: Webhooks
    """Whether TMI calls others when something happens."""
    outbound: OutboundSettings
    """Which hosts TMI accepts in addresses."""
    content: ContentSettings
    """Documents."""
    timmy: Timmy
    """TMI's assistant."""
    log_level: LogLevel
    """What TMI logs."""
    telemetry: Telemetry
    """Whether TMI's own metrics and traces are collected."""
    alerting: Alerting
    """Who hears of what administrators do."""
    operator: OperatorSettings
    """Who runs this TMI."""
    extra: dict[VariableName, VariableValue]
    """Variables of TMI that are newer than this program. None that is known here, and no secret."""
