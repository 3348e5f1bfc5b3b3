"""The section of the stack file that describes TMI itself."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from components.settings.choices import LogLevel
from components.settings.constraints import between, listing, matching
from components.settings.model import Section
from components.settings.vocabulary import Email, ImageTag, Origin, ProviderUrl

ProviderId: TypeAlias = Annotated[
    str,
    matching(
        "[a-z](-?[a-z0-9]){0,29}", "must be TMI's id of a provider: lower-case letters, digits, hyphens", "corporate"
    ),
]
ClaimName: TypeAlias = Annotated[
    str, matching("[A-Za-z_][A-Za-z0-9_.]{0,63}", "must be the name of a claim in the answer of userinfo", "sub")
]


class SingleTopology(Section):
    """One pod, replaced in another zone when it dies: nothing is shared, and a restart interrupts collaboration."""

    kind: Literal["single"]
    """The one pod of TMI."""


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
    """The tag of `aws-cli`, which takes dumps to S3."""


class ResourceSettings(Section):
    """What one pod of TMI may use."""

    cpu_millis: Annotated[int, between(250, 16_000, "thousandths of a vCPU")]
    """What is reserved for TMI; it may use more where the node has it."""
    memory_mib: Annotated[int, between(512, 65_536, "MiB")]
    """Reserved, and the limit. TMI leaks 52 MB per 10,000 authenticated requests: leave room until the next restart."""


class OidcProviderSettings(Section):
    """An identity provider that speaks OpenID Connect, every address spelled out.

    With the userinfo address and the subject claim named, an outage of the provider cannot stop TMI from starting.
    """

    name: Annotated[
        str, matching(r"\S(.{0,58}\S)?", "must be 1 to 60 characters without blanks around", "Example Login")
    ]
    """What the login page calls it."""
    client_id: Annotated[str, matching(r"[\x21-\x7e]{1,256}", "must be the client id the provider gave out", "tmi")]
    """TMI's id at the provider. Its secret is `tmi:oauthSecrets`, never in here."""
    issuer: ProviderUrl
    """The issuer of its tokens."""
    authorization_url: ProviderUrl
    """Where users log in."""
    token_url: ProviderUrl
    """Where TMI exchanges codes."""
    jwks_url: ProviderUrl
    """Its signing keys."""
    userinfo_url: ProviderUrl
    """Who a token belongs to."""
    scopes: Annotated[
        tuple[Annotated[str, matching(r"[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]+", "must be a scope", "openid")], ...],
        listing(1, 20, "must name at least one scope, each once; add `openid`"),
    ]
    """What TMI asks for."""
    subject_claim: ClaimName
    """The claim that identifies a user."""
    email_claim: ClaimName
    """The claim with the e-mail address."""
    name_claim: ClaimName
    """The claim with the display name."""


class AdministratorSettings(Section):
    """TMI's first administrator. TMI skips one of whom it lacks the subject or the address."""

    provider: ProviderId
    """The provider that knows them."""
    subject: Annotated[
        str, matching(r"\S{1,255}", "must be the subject the provider gives this user", "00000000-example")
    ]
    """Their subject at that provider."""
    email: Email
    """Their address there."""


class ServerSettings(Section):
    """TMI on Kubernetes."""

    topology: SingleTopology
    """How many pods share the work, and how."""
    images: ImageSettings
    """Which versions run."""
    resources: ResourceSettings
    """What each pod may use."""
    user_interface_origins: Annotated[
        tuple[Origin, ...],
        listing(1, 10, "must name at least one origin, or no browser could log in; add the one of the user interface"),
    ]
    """Origins of the web user interface: the only ones for CORS, WebSockets and login callbacks."""
    oauth_providers: dict[ProviderId, OidcProviderSettings]
    """Identity providers by TMI's id. Each needs its client secret in `tmi:oauthSecrets`."""
    administrator: AdministratorSettings
    """Who administers TMI at first; never whoever logs in first."""
    settings_encryption: bool
    """Whether TMI encrypts its settings and part of Redis by itself.

    TMI 1.8.22 then loses small webhook deliveries: choose true, or webhooks.
    """
    body_limit_mib: Annotated[int, between(1, 64, "MiB")]
    """The largest request the pod accepts. TMI itself would read any size into memory before it asks who sends it."""
    log_level: LogLevel
    """What TMI logs."""
