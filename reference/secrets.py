"""The page of secrets: what each is for, and what its rotation does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Final

from components.settings import Settings
from components.settings.content_addresses import delegated_sources
from components.settings.given_secrets import given_secrets
from components.settings.safekeeping import ExistingKey, RotatingKey
from reference import markdown


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One kind of secret."""

    name: str
    """Its name in the stack; what is in braces comes from the stack file, once for each."""
    holds: str
    """What it is."""
    readers: str
    """Who gets it."""
    rotation: str
    """How it gets another value."""
    breaks: str
    """What does not go on when it does."""


ENTRIES: Final = (
    Entry(
        name="database-url",
        holds="how TMI reaches PostgreSQL: address, role and password in one",
        readers="TMI, as a file",
        rotation="follows `secrets.rotation.database` and `database.active`",
        breaks="TMI's pods are replaced",
    ),
    Entry(
        name="secrets-alert-webhook",
        holds="what alerts are signed with",
        readers="TMI, as a file",
        rotation="at the receiver, then `pulumi config set --secret --path 'tmi:alertSecrets.webhook'`",
        breaks="TMI's pods are replaced; the receiver refuses alerts until it knows the new one",
    ),
    Entry(
        name="secrets-canary-deep-check",
        holds="the secret of the canary's client credentials in TMI",
        readers="the canary, at each run",
        rotation="new client credentials in TMI, then `monitoring.canary.client_id` and `pulumi config set --secret "
        "--path 'tmi:canarySecrets.deep-check'` together",
        breaks="the deep check fails, and pages, while TMI does not know the credentials",
    ),
    Entry(
        name="secrets-content-{source}",
        holds="TMI's secret where documents are kept: a client's, or the key of a service account",
        readers="TMI; a client's in its environment, a service account's as a file",
        rotation="at the source, then `pulumi config set --secret --path 'tmi:contentSecrets.…'`",
        breaks="TMI's pods are replaced",
    ),
    Entry(
        name="secrets-content-token-key",
        holds="the key that encrypts tokens of linked accounts in PostgreSQL; there while any source is delegated",
        readers="TMI, in its environment",
        rotation="none: TMI knows one key",
        breaks="with another key, as in a recovery stack, users link their accounts anew",
    ),
    Entry(
        name="secrets-database-master-{instance}",
        holds="the password of the server's master, `tmi_master`",
        readers="the bootstrap job, as a file; administrators by hand",
        rotation="`secrets.rotation.database`",
        breaks="nothing: TMI never has it",
    ),
    Entry(
        name="secrets-database-owner",
        holds="the password of TMI's role, `tmi`",
        readers="the bootstrap job and the daily dump, as a file; TMI inside the URL",
        rotation="`secrets.rotation.database`; the bootstrap job then sets it on the server",
        breaks="TMI's pods are replaced, and until then cannot connect: stop TMI first; a dump under way is made again",
    ),
    Entry(
        name="secrets-jwt",
        holds="the key that signs TMI's tokens",
        readers="TMI, as a file",
        rotation="`secrets.rotation.jwt`",
        breaks="TMI's pods are replaced and everybody is logged out: TMI knows no key before it",
    ),
    Entry(
        name="secrets-oauth-{provider}",
        holds="TMI's client secret at an identity provider",
        readers="TMI, in its environment",
        rotation="at the provider, then `pulumi config set --secret --path 'tmi:oauthSecrets.…'`",
        breaks="TMI's pods are replaced; logins fail if the provider has forgotten the old one before that",
    ),
    Entry(
        name="secrets-redis",
        holds="the AUTH token of Redis",
        readers="the proxy beside TMI, in its environment; the hourly job that trims the event stream, as a file",
        rotation="`secrets.rotation.redis`; Redis takes the token before too, until the next rotation",
        breaks="TMI's pods are replaced",
    ),
    Entry(
        name="secrets-saml-{saml_provider}",
        holds="TMI's own key at an identity provider that speaks SAML",
        readers="TMI, as a file",
        rotation="with the certificate at the provider, then `pulumi config set --secret --path 'tmi:samlKeys.…'`",
        breaks="TMI's pods are replaced; logins fail while the provider knows another certificate",
    ),
    Entry(
        name="secrets-settings-{label}-key",
        holds="the key that encrypts TMI's settings in PostgreSQL and part of Redis",
        readers="TMI, in its environment",
        rotation="`secrets.settings_key`, in two steps with the old key beside the new",
        breaks="TMI's pods are replaced, twice; a database without its key is half a restore",
    ),
    Entry(
        name="secrets-timmy-{model}",
        holds="the key of one of Timmy's models",
        readers="TMI, as a file",
        rotation="at the provider, then `pulumi config set --secret --path 'tmi:timmyKeys.…'`",
        breaks="TMI's pods are replaced",
    ),
)
"""Every kind of secret, by name."""


def names(settings: Settings) -> Iterator[str]:
    """The secrets that a stack with these settings makes, by their names in it."""
    asked = given_secrets({**dict(settings.server), **dict(settings.monitoring)})
    given = {
        "instance": sorted(settings.database.instances),
        "label": _labels(settings),
        "provider": [secret.entry for secret in asked if secret.key == "oauthSecrets"],
        "saml_provider": [secret.entry for secret in asked if secret.key == "samlKeys"],
        "source": [secret.entry for secret in asked if secret.key == "contentSecrets"],
        "model": [secret.entry for secret in asked if secret.key == "timmyKeys"],
    }
    alone = {
        "secrets-alert-webhook": any(secret.key == "alertSecrets" for secret in asked),
        "secrets-canary-deep-check": any(secret.key == "canarySecrets" for secret in asked),
        "secrets-content-token-key": bool(delegated_sources(settings.server.content.sources)),
    }
    for entry in ENTRIES:
        if not alone.get(entry.name, True):
            continue
        (field,) = [field for _, field, _, _ in Formatter().parse(entry.name) if field] or [None]
        for value in given[field] if field else [""]:
            yield entry.name.format(**{field: value} if field else {})


def _labels(settings: Settings) -> list[str]:
    key = settings.secrets.settings_key
    if isinstance(key, ExistingKey):
        return []
    return [key.label, *([key.previous] if isinstance(key, RotatingKey) else [])]


def page() -> str:
    """Every secret of a stack."""
    return markdown.page(
        "# Secrets",
        "Each is a secret of Secrets Manager under the stack's key for secrets, generated by the program or given in "
        "its configuration, and never in a plain state, log or preview. With a recovery region each has a copy there. "
        "How to rotate them is in [a runbook](../runbooks/rotate-a-secret.md). A settings key of kind `existing` is "
        "not in this table: it belongs to the stack that made it.",
        markdown.table(
            ("name", "what it is", "who gets it", "how it rotates", "what a rotation breaks"),
            ((f"`{each.name}`", each.holds, each.readers, each.rotation, each.breaks) for each in ENTRIES),
        ),
    )
