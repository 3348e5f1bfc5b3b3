"""Mistakes an operator can make in what a stack file says of TMI, and the one line that answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tests.full_settings import SAML, SOURCES, TIMMY

SERVER_MISTAKES: Final[Sequence[tuple[Mapping[str, object], str]]] = (
    (
        {"server__oauth_providers__corporate__issuer": "https://login.corporate.internal"},
        'server.oauth_providers.corporate.issuer: "https://login.corporate.internal" is a name of private networks, and TMI connects to no private address; name a host of the internet',
    ),
    (
        {
            "server__oauth_providers__corporate": {
                "kind": "microsoft",
                "name": "Microsoft",
                "client_id": "tmi",
                "tenant": "common",
            }
        },
        "server.oauth_providers.corporate.tenant: \"common\" must be the id of one Entra tenant, since `common` admits every Microsoft account of the world; write it like '00000000-0000-0000-0000-000000000000'",
    ),
    (
        {"server__oauth_providers__tmi": {"kind": "github", "name": "GitHub", "client_id": "tmi"}},
        'server.oauth_providers.tmi: "tmi" is the provider that TMI brings along; choose another id',
    ),
    (
        {"server__saml_providers": {"corporate": SAML}},
        'server.saml_providers: "corporate" is an entry of server.oauth_providers too, and TMI would take two users for one; choose another id',
    ),
    (
        {"server__saml_providers": {"saml": {**SAML, "metadata": "https://idp.example.com/metadata"}}},
        'server.saml_providers.saml.metadata: "https://idp.example.com/metadata" must be the provider\'s metadata in base64, not its address, which TMI would fetch on every request; write what `base64 -w0 metadata.xml` prints',
    ),
    (
        {"server__saml_providers": {"saml": {**SAML, "certificate": "tmi.crt"}}},
        'server.saml_providers.saml.certificate: "tmi.crt" must be one certificate as PEM; write it as a block of lines after `|`',
    ),
    (
        {"server__login__promote_first_user": True},
        "server.login.promote_first_user: true hands TMI to the first stranger of the internet; write false, and name server.administrator",
    ),
    (
        {"server__login__client_callbacks": []},
        "server.login.client_callbacks: [] must name at least one address, or TMI would refuse every login; add the user interface's",
    ),
    (
        {"server__login__client_callbacks": ["https://ui.dev.example.com*"]},
        "server.login.client_callbacks.0: \"https://ui.dev.example.com*\" must be an https:// address, or one of the user's own machine, with a path and no `*` but at its end: TMI compares beginnings, and without the slash a longer host name would match as well; write it like 'https://ui.example.com/*'",
    ),
    (
        {"server__login__client_callbacks": ["http://localhost:8765/callback"]},
        "server.login.client_callbacks: [\"http://localhost:8765/callback\"] has no address of https://ui.dev.example.com, and nobody could log in from there; add 'https://ui.dev.example.com/*'",
    ),
    (
        {"server__login__client_callbacks": ["https://ui.dev.example.com.example.net/*"]},
        "server.login.client_callbacks: [\"https://ui.dev.example.com.example.net/*\"] has no address of https://ui.dev.example.com, and nobody could log in from there; add 'https://ui.dev.example.com/*'",
    ),
    (
        {"server__login__refresh_token_days": 30},
        "server.login.refresh_token_days: 30 never acts: the session ends after 7 days; write 7 or less",
    ),
    (
        {"server__login__step_up_window_seconds": 30},
        "server.login.step_up_window_seconds: 30 must be 60 to 3600 seconds; choose a number in that range",
    ),
    (
        {"server__require_if_match": True},
        "server.require_if_match: true locks out https://ui.dev.example.com: TMI lets no page of another origin send If-Match; write false",
    ),
    (
        {"server__retention__system_audit_days": 30},
        "server.retention.system_audit_days: 30 must be 90 to 3650 days; choose a number in that range",
    ),
    (
        {"server__alerting": {"kind": "webhook", "url": "https://alerts.example.com"}},
        "server.alerting.kind: \"webhook\" never arrives while server.settings_encryption is true, since TMI 1.8.22 cannot read back what it encrypts of small deliveries; write 'none', or settings_encryption: false",
    ),
    (
        {"server__settings_encryption": False},
        "server.settings_encryption: false leaves the secrets among TMI's settings readable to whoever reads its database, and no webhook or alert asks for that; write true",
    ),
    (
        {"server__outbound__documents": {"kind": "listed", "hosts": ["10.0.0.1"]}},
        "server.outbound.documents.hosts.0: \"10.0.0.1\" must be a lower-case DNS name, or `*.` and one for every name below it; write it like 'hooks.example.com'",
    ),
    (
        {"server__content__extractors__slides": 251},
        "server.content.extractors.slides: 251 must be 1 to 250 slides; choose a number in that range",
    ),
    (
        {
            "server__content__sources__microsoft": {
                name: value for name, value in SOURCES["microsoft"].items() if name != "application_object_id"
            }
        },
        "server.content.sources.microsoft.application_object_id: is missing; add it: TMI's application in the tenant, to which users grant single files.",
    ),
    (
        {"server__timmy": {**TIMMY, "limits": {**TIMMY["limits"], "answer_seconds": 120}}},
        "load_balancer.idle_timeout_seconds: 120 cuts Timmy off, for whose answers the proxy waits 130 s; write 131 or more, or lower server.timmy.limits.answer_seconds",
    ),
    (
        {"server__timmy": {**TIMMY, "limits": {**TIMMY["limits"], "memory_mib": 625}}},
        "server.timmy.limits.memory_mib: 625 leaves TMI less than the 400 MiB it works in; write 624 or less, or raise server.resources.memory_mib",
    ),
    (
        {"server__timmy": {**TIMMY, "retrieval": {**TIMMY["retrieval"], "chunk_overlap": 512}}},
        "server.timmy.retrieval.chunk_overlap: 512 must be less than chunk_size (512); write 51 or so",
    ),
    (
        {"server__timmy": {**TIMMY, "text": {**TIMMY["text"], "model": ""}}},
        "server.timmy.text.model: \"\" must be the name of a model at its provider; write it like 'example-model'",
    ),
    (
        {"server__extra": {"TMI_LOG_LEVEL": "debug"}},
        "server.extra.TMI_LOG_LEVEL: is decided by server.log_level; remove it here",
    ),
    (
        {"server__extra": {"TMI_LOG_IS_DEV": "true"}},
        "server.extra.TMI_LOG_IS_DEV: is the same in every stack; remove it here",
    ),
    (
        {"server__extra": {"TMI_TRUSTED_PROXIES": "0.0.0.0/0"}},
        "server.extra.TMI_TRUSTED_PROXIES: is decided by network.cidr; remove it here",
    ),
    (
        {"server__extra": {"OTEL_RESOURCE_ATTRIBUTES": "service.name=other"}},
        "server.extra.OTEL_RESOURCE_ATTRIBUTES: reaches one of two ways out of TMI; the collector adds role and pod to what comes by either; remove it",
    ),
    (
        {"server__extra": {"OAUTH_PROVIDERS_CORPORATE_ICON": "x"}},
        "server.extra.OAUTH_PROVIDERS_CORPORATE_ICON: is decided by server.oauth_providers; remove it here",
    ),
    (
        {"server__extra": {"TMI_DISABLE_RATE_LIMITING": "true"}},
        "server.extra.TMI_DISABLE_RATE_LIMITING: takes away the limits on guessing passwords and codes; remove it",
    ),
    (
        {"server__extra": {"TMI_NEW_API_KEY": "planted"}},
        "server.extra.TMI_NEW_API_KEY: names a secret, and this file is no place for one; remove it, revoke the value where it is from, and ask for a field of its own",
    ),
    (
        {"server__extra": {"TMI_NEW_SETTING": "file:///etc/x"}},
        'server.extra.TMI_NEW_SETTING: "file:///etc/x" is a reference to a secret, which TMI follows for ten of its own fields alone; remove it',
    ),
    (
        {"server__extra": {"LOG_LEVEL": "debug"}},
        "server.extra.LOG_LEVEL: \"LOG_LEVEL\" must be the name of a variable of TMI, which would ignore any other without a word; write it like 'TMI_NEW_SETTING'",
    ),
    (
        {"server__extra": {"TMI_NEW_SETTING": ""}},
        "server.extra.TMI_NEW_SETTING: \"\" must be text without blanks around; TMI takes an empty variable for none; write it like 'true'",
    ),
)
"""In the dev stack."""
