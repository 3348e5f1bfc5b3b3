"""What TMI is told of identity providers and keepers of documents."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from inline_snapshot import snapshot

from components.server.environment import environment
from components.settings.content_addresses import delegated_sources, source_hosts
from components.settings.provider_addresses import addresses
from tests.full_settings import TENANT, full


def variables(prefix: str) -> dict[str, str]:
    found = environment(full(), domain="tmi.example.com", edge_cidrs=["10.0.0.0/24"], idle_timeout_seconds=120)
    return {name.removeprefix(f"{prefix}_"): value for name, value in found.items() if name.startswith(f"{prefix}_")}


def test_google() -> None:
    assert variables("OAUTH_PROVIDERS_GOOGLE") == snapshot(
        {
            "ENABLED": "true",
            "NAME": "Google",
            "ICON": "google",
            "CLIENT_ID": "tmi",
            "ISSUER": "https://accounts.google.com",
            "AUTHORIZATION_URL": "https://accounts.google.com/o/oauth2/v2/auth",
            "TOKEN_URL": "https://oauth2.googleapis.com/token",
            "JWKS_URL": "https://www.googleapis.com/oauth2/v3/certs",
            "SCOPES": "openid,profile,email",
            "USERINFO_URL": "https://openidconnect.googleapis.com/v1/userinfo",
            "USERINFO_CLAIMS_SUBJECT_CLAIM": "sub",
            "USERINFO_CLAIMS_EMAIL_CLAIM": "email",
            "USERINFO_CLAIMS_NAME_CLAIM": "name",
        }
    )


def test_github_speaks_no_openid_connect() -> None:
    assert variables("OAUTH_PROVIDERS_GITHUB") == snapshot(
        {
            "ENABLED": "true",
            "NAME": "GitHub",
            "ICON": "github",
            "CLIENT_ID": "tmi",
            "AUTHORIZATION_URL": "https://github.com/login/oauth/authorize",
            "TOKEN_URL": "https://github.com/login/oauth/access_token",
            "SCOPES": "read:user,user:email",
            "USERINFO_URL": "https://api.github.com/user",
            "USERINFO_CLAIMS_SUBJECT_CLAIM": "id",
            "USERINFO_CLAIMS_NAME_CLAIM": "name",
            "USERINFO_CLAIMS_PICTURE_CLAIM": "avatar_url",
            "USERINFO_SECONDARY_URL": "https://api.github.com/user/emails",
            "USERINFO_SECONDARY_CLAIMS_EMAIL_CLAIM": "email",
            "USERINFO_SECONDARY_CLAIMS_EMAIL_VERIFIED_CLAIM": "verified",
            "AUTH_HEADER_FORMAT": "Bearer %s",
            "ACCEPT_HEADER": "application/json",
        }
    )


def test_microsoft_is_one_tenant() -> None:
    found = variables("OAUTH_PROVIDERS_MICROSOFT")
    assert found == snapshot(
        {
            "ENABLED": "true",
            "NAME": "Microsoft",
            "ICON": "microsoft",
            "CLIENT_ID": "tmi",
            "ISSUER": "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0",
            "AUTHORIZATION_URL": "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/oauth2/v2.0/authorize",
            "TOKEN_URL": "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/oauth2/v2.0/token",
            "JWKS_URL": "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/discovery/v2.0/keys",
            "SCOPES": "openid,profile,email",
            "USERINFO_URL": "https://graph.microsoft.com/oidc/userinfo",
            "USERINFO_CLAIMS_SUBJECT_CLAIM": "sub",
            "USERINFO_CLAIMS_EMAIL_CLAIM": "email",
            "USERINFO_CLAIMS_NAME_CLAIM": "name",
            "USERINFO_CLAIMS_GIVEN_NAME_CLAIM": "given_name",
            "USERINFO_CLAIMS_FAMILY_NAME_CLAIM": "family_name",
        }
    )
    addressed = [found[name] for name in ("ISSUER", "AUTHORIZATION_URL", "TOKEN_URL", "JWKS_URL")]
    assert [url for url in addressed if f"/{TENANT}/" not in url] == []


def test_saml() -> None:
    found = variables("SAML_PROVIDERS_MY_SAML")
    assert found.pop("IDP_METADATA_B64XML")
    assert found.pop("SP_CERTIFICATE").startswith("-----BEGIN CERTIFICATE-----\n")
    assert found == snapshot(
        {
            "ENABLED": "true",
            "ID": "my-saml",
            "NAME": "Example SAML",
            "ENTITY_ID": "https://tmi.example.com/saml/metadata",
            "ACS_URL": "https://tmi.example.com/saml/acs",
            "SLO_URL": "https://tmi.example.com/saml/slo",
            "SP_PRIVATE_KEY_PATH": "/run/tmi/secrets/saml-my-saml",
            "EMAIL_ATTRIBUTE": "email",
            "NAME_ATTRIBUTE": "displayName",
            "GIVEN_NAME_ATTRIBUTE": "givenName",
            "FAMILY_NAME_ATTRIBUTE": "surname",
            "GROUPS_ATTRIBUTE": "groups",
            "ALLOW_IDP_INITIATED": "false",
            "FORCE_AUTHN": "true",
        }
    )


def test_confluence() -> None:
    assert variables("TMI_CONTENT_OAUTH_PROVIDERS_CONFLUENCE") == snapshot(
        {
            "ENABLED": "true",
            "CLIENT_ID": "tmi",
            "AUTH_URL": "https://auth.atlassian.com/authorize?audience=api.atlassian.com&prompt=consent",
            "TOKEN_URL": "https://auth.atlassian.com/oauth/token",
            "USERINFO_URL": "https://api.atlassian.com/me",
            "REQUIRED_SCOPES": "read:confluence-content.all offline_access",
        }
    )


def test_microsoft_documents() -> None:
    assert variables("TMI_CONTENT_OAUTH_PROVIDERS_MICROSOFT") == snapshot(
        {
            "ENABLED": "true",
            "CLIENT_ID": "tmi",
            "AUTH_URL": "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/oauth2/v2.0/authorize",
            "TOKEN_URL": "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/oauth2/v2.0/token",
            "USERINFO_URL": "https://graph.microsoft.com/v1.0/me",
            "REQUIRED_SCOPES": "offline_access User.Read Files.SelectedOperations.Selected Files.ReadWrite",
        }
    )


@pytest.mark.parametrize("provider", sorted(full().oauth_providers))
def test_an_outage_of_a_provider_stops_no_start(provider: str) -> None:
    found = variables(f"OAUTH_PROVIDERS_{provider.upper()}")
    assert found["ENABLED"] == "true"
    assert found["USERINFO_URL"]
    assert found["USERINFO_CLAIMS_SUBJECT_CLAIM"]


@pytest.mark.parametrize("provider", sorted(full().oauth_providers))
def test_every_address_is_of_a_host_that_is_let_through(provider: str) -> None:
    found = variables(f"OAUTH_PROVIDERS_{provider.upper()}")
    hosts = {urlsplit(value).hostname for value in found.values() if value.startswith("https://")}
    assert hosts == set(addresses(full().oauth_providers[provider]).hosts)


def test_atlassian_is_asked_for_its_api_and_for_consent() -> None:
    (address,) = [variables("TMI_CONTENT_OAUTH_PROVIDERS_CONFLUENCE")["AUTH_URL"]]
    assert parse_qs(urlsplit(address).query) == {"audience": ["api.atlassian.com"], "prompt": ["consent"]}


def test_hosts_of_sources_are_those_of_what_is_on() -> None:
    sources = full().content.sources
    off: Any = {"google_drive": sources.confluence.model_construct(kind="none")}
    assert "oauth2.googleapis.com" in source_hosts(sources)
    assert "oauth2.googleapis.com" not in source_hosts(sources.model_copy(update=off))
    assert sorted(delegated_sources(sources)) == ["confluence", "microsoft"]
