"""TMI's environment. A misspelt name is ignored by TMI without a word, hence the table in one place and its test.

Names, defaults and traps are those of TMI 1.8.22.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from components import timeouts
from components.settings.server import OidcProviderSettings, ServerSettings

SECRETS_PATH: Final = "/run/tmi/secrets"
"""Where the secrets are mounted that TMI reads from files."""
TLS_PATH: Final = "/run/tmi/tls"
"""Where the pod's own key and certificate are made at start."""
LOG_PATH: Final = "/var/log/tmi"
"""TMI's one writable directory; it cannot be told to write no files."""
RDS_ROOTS_PATH: Final = "/etc/tmi/rds"
"""Where the certificate authorities of RDS are mounted."""
RDS_ROOTS_FILE: Final = "roots.pem"
"""Their one file."""

SETTINGS_KEY_VARIABLE: Final = "TMI_SECRET_SETTINGS_ENCRYPTION_KEY"
"""Read from the environment alone: with `file://` TMI starts with encryption off."""
PREVIOUS_SETTINGS_KEY_VARIABLE: Final = "TMI_SECRET_SETTINGS_ENCRYPTION_PREVIOUS_KEY"
"""The key TMI tries where the current one does not fit. Source: TMI, internal/secrets and internal/crypto."""

POOL_CONNECTIONS: Final = 10
"""Connections that a process of TMI opens to PostgreSQL at most."""

_GO_MEMORY_PERCENT: Final = 90
"""Of the limit: where Go collects harder, before the kernel kills. The rest is stacks and what Go does not count."""


def _provider_prefix(provider: str) -> str:
    """TMI reads the id from the name: lower case, with hyphens for underscores."""
    return f"OAUTH_PROVIDERS_{provider.upper().replace('-', '_')}"


def client_secret_variable(provider: str) -> str:
    """The variable of a provider's client secret; TMI reads it from the environment alone."""
    return f"{_provider_prefix(provider)}_CLIENT_SECRET"


def environment(
    settings: ServerSettings, *, domain: str, edge_cidrs: Sequence[str], idle_timeout_seconds: int
) -> dict[str, str]:
    """Every variable of TMI that is no secret.

    `edge_cidrs` are the subnets of the load balancer, `idle_timeout_seconds` is its idle timeout.
    """
    variables = {
        "GOMEMLIMIT": f"{settings.resources.memory_mib * _GO_MEMORY_PERCENT // 100}MiB",
        **_operation(settings),
        **_listener(domain, edge_cidrs, idle_timeout_seconds),
        **_stores(),
        **_login(settings, domain),
    }
    for provider, described in settings.oauth_providers.items():
        variables |= _provider(_provider_prefix(provider), described)
    return variables


def _operation(settings: ServerSettings) -> dict[str, str]:
    return {
        "TMI_BUILD_MODE": "production",
        # The default, true, opens CORS to every origin.
        "TMI_LOG_IS_DEV": "false",
        "TMI_LOG_LEVEL": settings.log_level.value,
        "TMI_LOG_DIR": LOG_PATH,
        "TMI_LOG_MAX_SIZE_MB": "20",
        "TMI_LOG_MAX_BACKUPS": "2",
        "TMI_LOG_ALSO_LOG_TO_CONSOLE": "true",
        # The default, true, drops the access records of everybody, not only of strangers.
        "TMI_LOG_SUPPRESS_UNAUTH_LOGS": "false",
        "TMI_LOG_REDACT_AUTH_TOKENS": "true",
        # No collector stands beside it yet, and with nothing on its port every stop would take 10 s.
        "TMI_OTEL_ENABLED": "false",
    }


def _listener(domain: str, edge_cidrs: Sequence[str], idle_timeout_seconds: int) -> dict[str, str]:
    return {
        # Loopback, so that nothing but the proxy beside it reaches TMI. Port 443 and the public name make the WebSocket
        # addresses that TMI hands out right.
        "TMI_SERVER_INTERFACE": "127.0.0.1",
        "TMI_SERVER_PORT": "443",
        "TMI_SERVER_TLS_ENABLED": "true",
        "TMI_SERVER_TLS_CERT_FILE": f"{TLS_PATH}/tls.crt",
        # A path: given as `file://`, TMI would print the key.
        "TMI_SERVER_TLS_KEY_FILE": f"{TLS_PATH}/tls.key",
        "TMI_SERVER_TLS_SUBJECT_NAME": domain,
        "TMI_SERVER_HTTP_TO_HTTPS_REDIRECT": "false",
        "TMI_SERVER_BASE_URL": f"https://{domain}",
        "TMI_SERVER_READ_TIMEOUT": f"{timeouts.READ}s",
        "TMI_SERVER_WRITE_TIMEOUT": f"{timeouts.WRITE}s",
        "TMI_SERVER_IDLE_TIMEOUT": f"{timeouts.tmi_idle(idle_timeout_seconds)}s",
        # The proxy beside it and the balancer each add the address they saw. Unset, TMI believes any client.
        "TMI_TRUSTED_PROXIES": ",".join(["127.0.0.0/8", *edge_cidrs]),
    }


def _stores() -> dict[str, str]:
    return {
        "TMI_DATABASE_URL": f"file://{SECRETS_PATH}/database-url",
        # TMI drops every parameter of the URL but sslmode; the authorities come by this variable.
        "PGSSLROOTCERT": f"{RDS_ROOTS_PATH}/{RDS_ROOTS_FILE}",
        "TMI_DB_MAX_OPEN_CONNS": str(POOL_CONNECTIONS),
        # With the default of 2 it opens connections all the time, at a third of the throughput.
        "TMI_DB_MAX_IDLE_CONNS": str(POOL_CONNECTIONS),
        # TMI speaks no TLS to Redis; the proxy beside it does.
        "TMI_REDIS_HOST": "127.0.0.1",
        "TMI_REDIS_PORT": "6379",
        "TMI_REDIS_PASSWORD": f"file://{SECRETS_PATH}/redis-password",
    }


def _login(settings: ServerSettings, domain: str) -> dict[str, str]:
    origins = settings.user_interface_origins
    return {
        "TMI_JWT_SECRET": f"file://{SECRETS_PATH}/jwt-secret",
        "TMI_COOKIE_SECURE": "true",
        "TMI_CORS_ALLOWED_ORIGINS": ",".join(origins),
        "WEBSOCKET_ALLOWED_ORIGINS": ",".join(origins),
        "TMI_OAUTH_CALLBACK_URL": f"https://{domain}/oauth2/callback",
        # TMI compares prefixes: without the slash a longer host name would match as well.
        "TMI_OAUTH_CLIENT_CALLBACK_ALLOWLIST": ",".join(f"{origin}/*" for origin in origins),
        # Otherwise the first stranger who logs in is the administrator.
        "TMI_AUTH_AUTO_PROMOTE_FIRST_USER": "false",
        "TMI_ADMIN_PROVIDER": settings.administrator.provider,
        "TMI_ADMIN_PROVIDER_ID": settings.administrator.subject,
        "TMI_ADMIN_EMAIL": settings.administrator.email,
    }


def _provider(prefix: str, provider: OidcProviderSettings) -> dict[str, str]:
    return {
        # Without it TMI does not see the provider at all.
        f"{prefix}_ENABLED": "true",
        f"{prefix}_NAME": provider.name,
        f"{prefix}_CLIENT_ID": provider.client_id,
        f"{prefix}_ISSUER": provider.issuer,
        f"{prefix}_AUTHORIZATION_URL": provider.authorization_url,
        f"{prefix}_TOKEN_URL": provider.token_url,
        f"{prefix}_JWKS_URL": provider.jwks_url,
        f"{prefix}_SCOPES": ",".join(provider.scopes),
        # With these two an unreachable provider cannot stop TMI from starting.
        f"{prefix}_USERINFO_URL": provider.userinfo_url,
        f"{prefix}_USERINFO_CLAIMS_SUBJECT_CLAIM": provider.subject_claim,
        f"{prefix}_USERINFO_CLAIMS_EMAIL_CLAIM": provider.email_claim,
        f"{prefix}_USERINFO_CLAIMS_NAME_CLAIM": provider.name_claim,
    }
