"""Identity providers: each has all of its variables once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from components.settings.identity import SamlProvider
from components.settings.provider_addresses import ProviderAddresses, addresses
from components.settings.variables.variable import FIXED, Family, Situation, Variable, from_environment
from components.tmi_paths import SECRETS_PATH


@dataclass(frozen=True, kw_only=True, slots=True)
class _OAuth:
    """A provider of OAuth as its variables see it."""

    name: str
    client_id: str
    found: ProviderAddresses


@dataclass(frozen=True, kw_only=True, slots=True)
class _Saml:
    """A provider of SAML as its variables see it."""

    identifier: str
    domain: str
    settings: SamlProvider


def _oauth_providers(of: Situation) -> Mapping[str, _OAuth]:
    return {
        name: _OAuth(name=provider.name, client_id=provider.client_id, found=addresses(provider))
        for name, provider in of.server.oauth_providers.items()
    }


def _saml_providers(of: Situation) -> Mapping[str, _Saml]:
    return {
        name: _Saml(identifier=name, domain=of.domain, settings=provider)
        for name, provider in of.server.saml_providers.items()
    }


def _claim(name: str, field: str, does: str) -> Variable[_OAuth]:
    return Variable(f"USERINFO_CLAIMS_{name}_CLAIM", field, "1.0", does, lambda of: of.found.claims.get(name))


def _secondary_claim(name: str, does: str) -> Variable[_OAuth]:
    return Variable(
        f"USERINFO_SECONDARY_CLAIMS_{name}_CLAIM", "kind", "1.0", does, lambda of: of.found.secondary_claims.get(name)
    )


OAUTH_PROVIDERS: Final[Family[_OAuth]] = Family(
    prefix="OAUTH_PROVIDERS",
    setting="oauth_providers",
    members=_oauth_providers,
    variables=(
        Variable("ENABLED", FIXED, "1.0", "Without it TMI does not see the provider at all", lambda _: True),
        Variable("NAME", "name", "1.0", "What the login page calls it", lambda of: of.name),
        Variable("ICON", "kind", "1.0", "What the login page shows", lambda of: of.found.icon),
        Variable("CLIENT_ID", "client_id", "1.0", "TMI's id at the provider", lambda of: of.client_id),
        from_environment("CLIENT_SECRET", "tmi:oauthSecrets", "1.0", "TMI's secret at the provider"),
        Variable("ISSUER", "issuer", "1.0", "The issuer of its tokens", lambda of: of.found.issuer),
        Variable(
            "AUTHORIZATION_URL", "authorization_url", "1.0", "Where users log in", lambda of: of.found.authorization_url
        ),
        Variable("TOKEN_URL", "token_url", "1.0", "Where TMI exchanges codes", lambda of: of.found.token_url),
        Variable("JWKS_URL", "jwks_url", "1.0", "Its signing keys", lambda of: of.found.jwks_url),
        Variable("SCOPES", "scopes", "1.0", "What TMI asks for", lambda of: ",".join(of.found.scopes)),
        Variable(
            "USERINFO_URL",
            "userinfo_url",
            "1.0",
            "With the subject's claim: an outage there stops no start of TMI",
            lambda of: of.found.userinfo_url,
        ),
        _claim("SUBJECT", "subject_claim", "Who the user is"),
        _claim("EMAIL", "email_claim", "Their e-mail address"),
        _claim("NAME", "name_claim", "Their display name"),
        _claim("GIVEN_NAME", "kind", "Their given name"),
        _claim("FAMILY_NAME", "kind", "Their family name"),
        _claim("PICTURE", "kind", "Their picture"),
        Variable(
            "USERINFO_SECONDARY_URL",
            "kind",
            "1.0",
            "A second address that knows the user",
            lambda of: of.found.secondary_url,
        ),
        _secondary_claim("EMAIL", "Their e-mail address"),
        _secondary_claim("EMAIL_VERIFIED", "Whether it is theirs"),
        Variable(
            "AUTH_HEADER_FORMAT", "kind", "1.0", "How TMI shows a token", lambda of: of.found.authorization_header
        ),
        Variable("ACCEPT_HEADER", "kind", "1.0", "What TMI wants as an answer", lambda of: of.found.accept),
    ),
)
"""Identity providers that speak OAuth."""

SAML_PROVIDERS: Final[Family[_Saml]] = Family(
    prefix="SAML_PROVIDERS",
    setting="saml_providers",
    members=_saml_providers,
    variables=(
        Variable("ENABLED", FIXED, "1.0", "Without it TMI does not see the provider at all", lambda _: True),
        Variable("ID", "saml_providers", "1.0", "The provider's id", lambda of: of.identifier),
        Variable("NAME", "name", "1.0", "What the login page calls it", lambda of: of.settings.name),
        Variable("ENTITY_ID", "entity_id", "1.0", "TMI's id at the provider", lambda of: of.settings.entity_id),
        Variable(
            "ACS_URL",
            "load_balancer.domain",
            "1.0",
            "Where the provider sends assertions",
            lambda of: f"https://{of.domain}/saml/acs",
        ),
        Variable(
            "SLO_URL",
            "load_balancer.domain",
            "1.0",
            "Where the provider ends sessions",
            lambda of: f"https://{of.domain}/saml/slo",
        ),
        Variable(
            "SP_PRIVATE_KEY_PATH",
            "tmi:samlKeys",
            "1.0",
            "TMI's key: a path, which keeps it out of the environment",
            lambda of: f"{SECRETS_PATH}/saml-{of.identifier}",
            secret=True,
        ),
        Variable("SP_CERTIFICATE", "certificate", "1.0", "TMI's certificate", lambda of: of.settings.certificate),
        Variable(
            "IDP_METADATA_B64XML",
            "metadata",
            "1.0",
            "What the provider says of itself",
            lambda of: of.settings.metadata,
        ),
        Variable(
            "EMAIL_ATTRIBUTE",
            "attributes.email",
            "1.0",
            "The user's e-mail address",
            lambda of: of.settings.attributes.email,
        ),
        Variable(
            "NAME_ATTRIBUTE", "attributes.name", "1.0", "Their display name", lambda of: of.settings.attributes.name
        ),
        Variable(
            "GIVEN_NAME_ATTRIBUTE",
            "attributes.given_name",
            "1.8.0",
            "Their given name",
            lambda of: of.settings.attributes.given_name,
        ),
        Variable(
            "FAMILY_NAME_ATTRIBUTE",
            "attributes.family_name",
            "1.8.0",
            "Their family name",
            lambda of: of.settings.attributes.family_name,
        ),
        Variable(
            "GROUPS_ATTRIBUTE", "attributes.groups", "1.0", "Their groups", lambda of: of.settings.attributes.groups
        ),
        Variable(
            "ALLOW_IDP_INITIATED",
            "allow_idp_initiated",
            "1.0",
            "Whether the provider may start a login",
            lambda of: of.settings.allow_idp_initiated,
        ),
        Variable(
            "FORCE_AUTHN",
            "force_authn",
            "1.0",
            "Whether users prove themselves on every login",
            lambda of: of.settings.force_authn,
        ),
    ),
)
"""Identity providers that speak SAML."""
