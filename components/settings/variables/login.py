"""Who logs in, from which pages, and for how long."""

from __future__ import annotations

from typing import Final

from components.settings.variables.variable import Situation, Variable, fixed, from_file

LOGIN: Final[tuple[Variable[Situation], ...]] = (
    from_file("TMI_JWT_SECRET", "jwt-secret", "secrets.rotation.jwt", "1.0", "The key that signs TMI's tokens"),
    Variable(
        "TMI_JWT_EXPIRATION_SECONDS",
        "login.access_token_seconds",
        "1.0",
        "How long an access token is valid",
        lambda of: of.server.login.access_token_seconds,
    ),
    Variable(
        "TMI_REFRESH_TOKEN_DAYS",
        "login.refresh_token_days",
        "1.2.4",
        "How long a refresh token is valid",
        lambda of: of.server.login.refresh_token_days,
    ),
    Variable(
        "TMI_SESSION_LIFETIME_DAYS",
        "login.session_days",
        "1.2.4",
        "After how long a session ends",
        lambda of: of.server.login.session_days,
    ),
    Variable(
        "TMI_AUTH_STEP_UP_WINDOW_SECONDS",
        "login.step_up_window_seconds",
        "1.4.0",
        "How fresh an administrator's login has to be",
        lambda of: of.server.login.step_up_window_seconds,
    ),
    Variable(
        "TMI_COOKIE_ENABLED",
        "login.cookies",
        "1.2.4",
        "Whether a login may live in cookies",
        lambda of: of.server.login.cookies,
    ),
    fixed("TMI_COOKIE_SECURE", value=True, since="1.2.4", does="A cookie never travels in the clear"),
    Variable(
        "TMI_CORS_ALLOWED_ORIGINS",
        "user_interface_origins",
        "1.2.4",
        "Whose pages may call TMI, exactly",
        lambda of: ",".join(of.server.user_interface_origins),
    ),
    Variable(
        "WEBSOCKET_ALLOWED_ORIGINS",
        "user_interface_origins",
        "1.0",
        "Whose pages may collaborate; TMI compares beginnings, the proxy and the web firewall the whole",
        lambda of: ",".join(of.server.user_interface_origins),
    ),
    Variable(
        "TMI_OAUTH_CALLBACK_URL",
        "load_balancer.domain",
        "1.0",
        "Where identity providers send browsers back to",
        lambda of: f"https://{of.domain}/oauth2/callback",
    ),
    Variable(
        "TMI_OAUTH_CLIENT_CALLBACK_ALLOWLIST",
        "login.client_callbacks",
        "1.4.0",
        "Where TMI sends browsers after a login",
        lambda of: ",".join(of.server.login.client_callbacks),
    ),
    Variable(
        "TMI_AUTH_AUTO_PROMOTE_FIRST_USER",
        "login.promote_first_user",
        "1.0",
        "Whether the first stranger administers TMI",
        lambda of: of.server.login.promote_first_user,
    ),
    Variable(
        "TMI_AUTH_EVERYONE_IS_A_REVIEWER",
        "login.everyone_reviews",
        "1.1.0",
        "Whether everybody reviews for security",
        lambda of: of.server.login.everyone_reviews,
    ),
    Variable(
        "TMI_ADMIN_PROVIDER",
        "administrator.provider",
        "1.0",
        "Who vouches for the administrator",
        lambda of: of.server.administrator.provider,
    ),
    Variable(
        "TMI_ADMIN_PROVIDER_ID",
        "administrator.subject",
        "1.0",
        "Their subject there",
        lambda of: of.server.administrator.subject,
    ),
    Variable(
        "TMI_ADMIN_EMAIL", "administrator.email", "1.0", "Their address there", lambda of: of.server.administrator.email
    ),
    Variable(
        "TMI_SAML_ENABLED",
        "saml_providers",
        "1.0",
        "Whether there is any provider of SAML",
        lambda of: bool(of.server.saml_providers),
    ),
)
"""Who may log in."""
