"""The part of the stack file that says who may log in to TMI, and how long a login lasts."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from components.settings.constraints import Checked, between, listing, matching
from components.settings.model import Section
from components.settings.pem import is_certificate, is_identity_provider_metadata
from components.settings.vocabulary import ClientCallback, Email, ProviderUrl

ProviderId: TypeAlias = Annotated[
    str,
    matching(
        "[a-z](-?[a-z0-9]){0,29}", "must be TMI's id of a provider: lower-case letters, digits, hyphens", "corporate"
    ),
    Checked(lambda value: value != "tmi", "is the provider that TMI brings along; choose another id"),
]
ClaimName: TypeAlias = Annotated[
    str, matching("[A-Za-z_][A-Za-z0-9_.]{0,63}", "must be the name of a claim in the answer of userinfo", "sub")
]
AttributeName: TypeAlias = Annotated[
    str, matching(r"[\x21-\x7e]{1,256}", "must be the name of an attribute in the assertion", "email")
]
ProviderName: TypeAlias = Annotated[
    str, matching(r"\S(.{0,58}\S)?", "must be 1 to 60 characters without blanks around", "Example Login")
]
ClientId: TypeAlias = Annotated[
    str, matching(r"[\x21-\x7e]{1,256}", "must be the client id the provider gave out", "tmi")
]
TenantId: TypeAlias = Annotated[
    str,
    matching(
        "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "must be the id of one Entra tenant, since `common` admits every Microsoft account of the world",
        "00000000-0000-0000-0000-000000000000",
    ),
]


class GoogleProvider(Section):
    """Google. Its client decides who may log in: an `internal` one admits the accounts of one organization alone."""

    kind: Literal["google"]
    """TMI's addresses of Google."""
    name: ProviderName
    """What the login page calls it."""
    client_id: ClientId
    """TMI's id at Google. Its secret is `tmi:oauthSecrets`, never in here."""


class GitHubProvider(Section):
    """GitHub, which speaks OAuth and no OpenID Connect: TMI asks its API who a token belongs to.

    TMI 1.8.22 reads the public e-mail address of a profile and none of the others.
    """

    kind: Literal["github"]
    """TMI's addresses of GitHub."""
    name: ProviderName
    """What the login page calls it."""
    client_id: ClientId
    """TMI's id at GitHub. Its secret is `tmi:oauthSecrets`, never in here."""


class MicrosoftProvider(Section):
    """One tenant of Microsoft Entra."""

    kind: Literal["microsoft"]
    """The tenant's addresses."""
    name: ProviderName
    """What the login page calls it."""
    client_id: ClientId
    """TMI's id in the tenant. Its secret is `tmi:oauthSecrets`, never in here."""
    tenant: TenantId
    """The tenant whose accounts log in."""


class OidcProvider(Section):
    """An identity provider that speaks OpenID Connect, every address spelled out."""

    kind: Literal["oidc"]
    """The addresses below."""
    name: ProviderName
    """What the login page calls it."""
    client_id: ClientId
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


OAuthProvider: TypeAlias = Annotated[
    GoogleProvider | GitHubProvider | MicrosoftProvider | OidcProvider, Field(discriminator="kind")
]
"""An identity provider: a kind that is known brings its addresses along."""


class SamlAttributes(Section):
    """Names of attributes in the provider's assertions. One that an assertion lacks stays empty."""

    email: AttributeName
    """The e-mail address."""
    name: AttributeName
    """The display name."""
    given_name: AttributeName
    """The given name."""
    family_name: AttributeName
    """The family name."""
    groups: AttributeName
    """The groups."""


class SamlProvider(Section):
    """An identity provider that speaks SAML. TMI's answer address there is `https://<domain>/saml/acs`.

    TMI signs with the RSA key of `tmi:samlKeys`.
    """

    name: ProviderName
    """What the login page calls it."""
    entity_id: AttributeName
    """TMI's own entity id at the provider, as in `https://tmi.example.com/saml/metadata`."""
    metadata: Annotated[
        str,
        Checked(
            is_identity_provider_metadata,
            "must be the provider's metadata in base64, not its address, which TMI would fetch on every request; "
            "write what `base64 -w0 metadata.xml` prints",
        ),
    ]
    """The provider's metadata, an XML document in base64. Write it anew when the provider changes its keys."""
    certificate: Annotated[
        str, Checked(is_certificate, "must be one certificate as PEM; write it as a block of lines after `|`")
    ]
    """TMI's certificate, which belongs to its key and is known to the provider."""
    attributes: SamlAttributes
    """What is where in its assertions."""
    allow_idp_initiated: bool
    """Whether the provider may start a login that nobody asked for, which opens the door to forged ones."""
    force_authn: bool
    """Whether users prove themselves at the provider on every login, whatever session they have there."""


class AdministratorSettings(Section):
    """TMI's first administrator; TMI takes one from its environment. They appoint the others in TMI.

    TMI skips one of whom it lacks the subject or the address.
    """

    provider: ProviderId
    """The provider that knows them."""
    subject: Annotated[
        str, matching(r"\S{1,255}", "must be the subject the provider gives this user", "00000000-example")
    ]
    """Their subject at that provider."""
    email: Email
    """Their address there."""


class LoginSettings(Section):
    """What a login brings, and for how long."""

    client_callbacks: Annotated[
        tuple[ClientCallback, ...],
        listing(1, 20, "must name at least one address, or TMI would refuse every login; add the user interface's"),
    ]
    """Where TMI may send a browser after a login: an address, or the beginning of addresses with `*` behind it."""
    access_token_seconds: Annotated[int, between(300, 86_400, "seconds")]
    """How long an access token is valid."""
    refresh_token_days: Annotated[int, between(1, 90, "days")]
    """How long a refresh token is valid."""
    session_days: Annotated[int, between(1, 90, "days")]
    """After how long a session ends, however often it is refreshed."""
    step_up_window_seconds: Annotated[int, between(60, 3600, "seconds")]
    """How long after a login an administrator may write. TMI takes 300 instead of less than 60."""
    cookies: bool
    """Whether a login may live in cookies, which scripts cannot read: host-only, Secure, HttpOnly."""
    everyone_reviews: bool
    """Whether every user reviews for security."""
    promote_first_user: bool
    """Whether whoever logs in first administers TMI. Never on the internet."""
