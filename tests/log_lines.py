"""Lines of TMI's log: of security events, of every day, and as the log shipper hands them to CloudWatch."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

SAMPLES: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    "invalid-tokens": (
        ("WARN", "Authentication failed: Invalid or expired token - token has invalid claims: token is expired"),
        ("WARN", "Authentication failed: Invalid Authorization header format for path: /threat_models"),
    ),
    "websocket-tickets": (
        ("WARN", "Authentication failed: Missing ticket for WebSocket path: /threat_models/1/diagrams/2/ws"),
        ("WARN", "WebSocket ticket validation failed: ticket not found or expired"),
        ("WARN", "WebSocket ticket session_id mismatch: ticket=0000, query=1111"),
    ),
    "token-lockouts": (
        ("WARN", "OAuth token lockout: client_id=tmi_cc_example, count=5, retry_after=1s, ip=203.0.113.7"),
        ("WARN", "OAuth token lockout engaged: client_id=tmi_cc_example, count=10, retry_after=30s, ip=203.0.113.7"),
        ("WARN", "OAuth token lockout (revoke): client_id=tmi_cc_example, count=5, retry_after=1s, ip=203.0.113.7"),
        ("WARN", "OAuth token lockout engaged (revoke): client_id=x, count=5, retry_after=1s, ip=203.0.113.7"),
    ),
    "rate-limits": (
        (
            "WARN",
            (
                "Auth flow rate limit exceeded: tier=auth-flow scope=ip endpoint=/oauth2/authorize ip=203.0.113.7 "
                "session_present=true user_present=false limit=100 retry_after=12"
            ),
        ),
        (
            "WARN",
            (
                "IP rate limit exceeded: tier=public-discovery ip=203.0.113.7 endpoint=/.well-known/jwks.json limit=10 "
                "window=60s retry_after=31"
            ),
        ),
    ),
    "rejected-redirects": (
        (
            "WARN",
            'Rejected /oauth2/authorize: client_callback "https://ui.example.com.evil.example" is not in the allowlist',
        ),
        ("WARN", 'Rejected /oauth2/step_up: client_callback "https://evil.example/" not in allowlist'),
    ),
    "pkce-failures": (("ERROR", "PKCE validation failed for code (provider: corporate): code verifier mismatch"),),
    "foreign-origins": (("WARN", "Rejected WebSocket connection from origin: https://ui.example.com.evil.example"),),
    "denied-administration": (
        (
            "WARN",
            "Admin check: access denied for non-admin user: email=someone@example.com, provider=corporate, groups=[]",
        ),
    ),
    "denied-access": (
        (
            "WARN",
            (
                'AuthzMiddleware: access denied for user someone@example.com (role="reader", required="writer") on PUT '
                "/threat_models/1"
            ),
        ),
    ),
    "audit-losses": (
        ("ERROR", "failed to flush debounced audit entry for threat_model:1: context deadline exceeded"),
        ("ERROR", "Server forced to shutdown: context deadline exceeded"),
    ),
    "unchecked-revocations": (
        ("ERROR", "Failed to check token blacklist token_hash=0011223344556677... attempts=3 error=EOF"),
        ("ERROR", "Failed to check token blacklist: failed to check token blacklist: EOF"),
    ),
    "plaintext-settings": (
        (
            "ERROR",
            (
                "SECURITY WARNING: Secret-classified settings are stored as plaintext in the database because settings "
                "encryption is not configured. Affected keys: [auth.oauth.providers.corporate.client_secret]."
            ),
        ),
        ("WARN", "No settings encryption key configured; settings will be stored in plaintext"),
        ("ERROR", "Failed to initialize settings encryptor: encoding/hex: invalid byte: U+0067 'g'"),
    ),
}
"""Lines as TMI 1.8.22 formats them, by the event they belong to."""

EVERYDAY: Final = (
    ("WARN", "[JWT_MIDDLEWARE] Authentication failed: No Bearer header or cookie for path: /me"),
    ("INFO", "INCOMING_REQUEST [00000000] GET /threat_models"),
    ("INFO", "REQUEST_COMPLETE [00000000] GET /threat_models -> 200 (12.3ms)"),
    ("INFO", "Request completed successfully"),
    ("ERROR", "OPENAPI_VALIDATION_FAILED no matching operation was found"),
    ("INFO", "[AUDIT] Admin user deletion: internal_uuid=0, email=x, deleted_by=0 (email=y), transferred=0, deleted=0"),
    ("WARN", "Transient Redis failure checking token blacklist, retrying token_hash=0011223344556677... attempt=1"),
    ("INFO", "Created threat model: Rejected WebSocket connection from origin, PKCE validation failed"),
)
"""Lines that are no event; the last one has a user's own words in it."""


def shipped(level: str, message: str, *, namespace: str = "tmi", container: str = "tmi") -> str:
    """A line of TMI (slog's JSON handler) as Fluent Bit sends it: its text, its fields, and whose it is."""
    fields = {
        "time": "2026-11-28T12:00:00Z",
        "level": level,
        "msg": message,
        "request_id": "00000000-0000-0000-0000-000000000000",
        "client_ip": "203.0.113.7",
        "user_id": "<nil>",
    }
    event = {
        "time": "2026-11-28T12:00:00.000000000Z",
        "stream": "stdout",
        "_p": "F",
        "log": json.dumps(fields),
        "log_processed": fields,
        "kubernetes": {"pod_name": "tmi-hub-0", "namespace_name": namespace, "container_name": container},
    }
    return json.dumps(event)
