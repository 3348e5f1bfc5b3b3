"""TMI's section of the stack file with everything on, and the secrets that it asks for."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, Final

from components.settings import parse
from components.settings.server import ServerSettings
from tests.stack_files import changed


def pem(kind: str) -> str:
    """Something that has the shape of PEM and is nobody's key or certificate."""
    return f"-----BEGIN {kind}-----\n{base64.b64encode(b'0 is how DER begins').decode()}\n-----END {kind}-----\n"


METADATA: Final = base64.b64encode(b'<md:EntityDescriptor entityID="https://idp.example.com"/>').decode()
TENANT: Final = "00000000-0000-0000-0000-000000000000"
SAML: Final[dict[str, Any]] = {
    "name": "Example SAML",
    "entity_id": "https://tmi.example.com/saml/metadata",
    "metadata": METADATA,
    "certificate": pem("CERTIFICATE"),
    "attributes": {
        "email": "email",
        "name": "displayName",
        "given_name": "givenName",
        "family_name": "surname",
        "groups": "groups",
    },
    "allow_idp_initiated": False,
    "force_authn": True,
}
MODEL: Final = {"model": "example-model", "base_url": "https://models.example.com/v1"}
TIMMY: Final[dict[str, Any]] = {
    "kind": "enabled",
    "chat": {**MODEL, "provider": "openai", "max_tokens": 4096},
    "text": {**MODEL, "dimension": 1536},
    "code": {**MODEL, "kind": "enabled"},
    "reranking": {**MODEL, "kind": "enabled", "provider": "example", "results": 10},
    "instructions": "Be brief.",
    "limits": {
        "messages_per_hour": 60,
        "sessions": 50,
        "requests_at_once": 10,
        "answer_seconds": 90,
        "memory_mib": 256,
        "index_idle_seconds": 3600,
    },
    "retrieval": {
        "history": 50,
        "chunk_size": 512,
        "chunk_overlap": 50,
        "text_results": 10,
        "code_results": 10,
        "decompose_queries": True,
        "cleanup_minutes": 60,
        "idle_days_active": 30,
        "idle_days_closed": 7,
    },
}
SOURCES: Final[dict[str, Any]] = {
    "google_drive": {"kind": "service_account", "email": "reader@example.iam.gserviceaccount.com"},
    "confluence": {"kind": "delegated", "client_id": "tmi"},
    "microsoft": {
        "kind": "delegated",
        "client_id": "tmi",
        "tenant": TENANT,
        "application_object_id": TENANT,
        "picker_origin": "https://example.sharepoint.com",
    },
}
EVERYTHING: Final[Mapping[str, object]] = {
    "server__oauth_providers__google": {"kind": "google", "name": "Google", "client_id": "tmi"},
    "server__oauth_providers__github": {"kind": "github", "name": "GitHub", "client_id": "tmi"},
    "server__oauth_providers__microsoft": {
        "kind": "microsoft",
        "name": "Microsoft",
        "client_id": "tmi",
        "tenant": TENANT,
    },
    "server__saml_providers__my-saml": SAML,
    "server__telemetry": {"kind": "collector", "sampling_percent": 100},
    # Alerts never arrive while TMI encrypts.
    "server__settings_encryption": False,
    "server__alerting": {"kind": "webhook", "url": "https://alerts.example.com/tmi"},
    "server__outbound": {
        "issues": {"kind": "listed", "hosts": ["issues.example.com"]},
        "documents": {"kind": "listed", "hosts": ["*.docs.example.com"]},
        "repositories": {"kind": "listed", "hosts": ["git.example.com"]},
        "timmy": {"kind": "listed", "hosts": ["wiki.example.com"]},
    },
    "server__content__sources": SOURCES,
    "server__timmy": TIMMY,
    "monitoring__canary": {
        "kind": "deep_check",
        "runtime": "syn-python-selenium-14.0",
        "client_id": "tmi_cc_0000000000000000000000",
        "threat_model": TENANT,
    },
}
"""Fields of the dev stack's file, by path."""
FULL: Final[dict[str, Any]] = changed("dev", **EVERYTHING)
"""The whole document."""
SERVICE_ACCOUNT: Final = json.dumps({"type": "service_account", "private_key": "of-a-test"})
SECRETS: Final[dict[str, dict[str, str]]] = {
    "tmi:oauthSecrets": {name: f"oauth-{name}" for name in ("corporate", "google", "github", "microsoft")},
    "tmi:samlKeys": {"my-saml": pem("PRIVATE KEY")},
    "tmi:contentSecrets": {
        "google-drive": SERVICE_ACCOUNT,
        "confluence": "content-confluence",
        "microsoft": "content-microsoft",
    },
    "tmi:timmyKeys": {"chat": "one-key", "text": "one-key", "code": "one-key", "rerank": "another-key"},
    "tmi:alertSecrets": {"webhook": "signs-alerts"},
    "tmi:canarySecrets": {"deep-check": "canary-deep-check"},
}
"""Values of a test for all of them."""


def full() -> ServerSettings:
    """The section with everything on."""
    return parse(FULL).server
