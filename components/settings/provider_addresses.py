"""What TMI has to know of an identity provider: of a known kind from here, of any other from the stack file.

TMI looks at each provider when it starts. With the userinfo address and the subject claim named it starts without an
answer, so both are always there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, assert_never
from urllib.parse import urlsplit

from components.settings.identity import (
    GitHubProvider,
    GoogleProvider,
    MicrosoftProvider,
    OidcProvider,
)

_CLAIMS: Final = {"SUBJECT": "sub", "EMAIL": "email", "NAME": "name"}
"""What OpenID Connect calls them. Source: OpenID Connect Core, standard claims."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderAddresses:
    """An identity provider in TMI's terms."""

    authorization_url: str
    token_url: str
    userinfo_url: str
    scopes: tuple[str, ...]
    claims: Mapping[str, str]
    """Where userinfo says what: TMI's name of the claim, and the provider's."""
    issuer: str = ""
    """Empty where the provider speaks no OpenID Connect."""
    jwks_url: str = ""
    secondary_url: str = ""
    """A second address that TMI asks about the user."""
    secondary_claims: Mapping[str, str] = field(default_factory=dict[str, str])
    icon: str = ""
    authorization_header: str = ""
    """How TMI presents the token; empty for the way of OAuth."""
    accept: str = ""
    """What TMI asks the provider to answer with; empty for what it says by itself."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts of all addresses: which of them TMI itself fetches, is TMI's to change."""
        addresses = (
            self.issuer,
            self.authorization_url,
            self.token_url,
            self.jwks_url,
            self.userinfo_url,
            self.secondary_url,
        )
        return tuple(host for address in addresses if (host := urlsplit(address).hostname))


GOOGLE: Final = ProviderAddresses(
    issuer="https://accounts.google.com",
    authorization_url="https://accounts.google.com/o/oauth2/v2/auth",
    token_url="https://oauth2.googleapis.com/token",  # noqa: S106 -- an address
    jwks_url="https://www.googleapis.com/oauth2/v3/certs",
    userinfo_url="https://openidconnect.googleapis.com/v1/userinfo",
    scopes=("openid", "profile", "email"),
    claims=_CLAIMS,
    icon="google",
)
"""Source: Google's discovery document of OpenID Connect; TMI, deployments/k8s/dev/oauth-providers.env.example."""

GITHUB: Final = ProviderAddresses(
    authorization_url="https://github.com/login/oauth/authorize",
    token_url="https://github.com/login/oauth/access_token",  # noqa: S106 -- an address
    userinfo_url="https://api.github.com/user",
    # TMI reads no item of the list that this answers with, so that only a public address of the profile counts. With it
    # in place a version that does needs no other configuration. Source: TMI, auth/claim_extractor.go.
    secondary_url="https://api.github.com/user/emails",
    secondary_claims={"EMAIL": "email", "EMAIL_VERIFIED": "verified"},
    scopes=("read:user", "user:email"),
    claims={"SUBJECT": "id", "NAME": "name", "PICTURE": "avatar_url"},
    icon="github",
    authorization_header="Bearer %s",
    # GitHub's token address answers with a form unless it is asked for JSON; TMI sends one header to every address.
    accept="application/json",
)
"""Source: GitHub documentation, authorizing OAuth apps; TMI, deployments/k8s/dev/oauth-providers.env.example."""


def _microsoft(tenant: str) -> ProviderAddresses:
    """Source: Microsoft identity platform, OpenID Connect; TMI, deployments/k8s/dev/oauth-providers.env.example."""
    login = f"https://login.microsoftonline.com/{tenant}"
    return ProviderAddresses(
        issuer=f"{login}/v2.0",
        authorization_url=f"{login}/oauth2/v2.0/authorize",
        token_url=f"{login}/oauth2/v2.0/token",
        jwks_url=f"{login}/discovery/v2.0/keys",
        userinfo_url="https://graph.microsoft.com/oidc/userinfo",
        scopes=("openid", "profile", "email"),
        claims={**_CLAIMS, "GIVEN_NAME": "given_name", "FAMILY_NAME": "family_name"},
        icon="microsoft",
    )


def addresses(provider: GoogleProvider | GitHubProvider | MicrosoftProvider | OidcProvider) -> ProviderAddresses:
    """Everything TMI has to know of a provider."""
    match provider:
        case GoogleProvider():
            return GOOGLE
        case GitHubProvider():
            return GITHUB
        case MicrosoftProvider(tenant=tenant):
            return _microsoft(tenant)
        case OidcProvider():
            return ProviderAddresses(
                issuer=provider.issuer,
                authorization_url=provider.authorization_url,
                token_url=provider.token_url,
                jwks_url=provider.jwks_url,
                userinfo_url=provider.userinfo_url,
                scopes=provider.scopes,
                claims={
                    "SUBJECT": provider.subject_claim,
                    "EMAIL": provider.email_claim,
                    "NAME": provider.name_claim,
                },
            )
        case _:
            assert_never(provider)
