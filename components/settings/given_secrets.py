"""Secrets that somebody else made and an operator gives the stack, encrypted in its configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from components.settings.availability import Canary, DeepCheckCanary
from components.settings.content import ContentSettings, GoogleDriveSource
from components.settings.content_addresses import delegated_sources
from components.settings.identity import OAuthProvider, SamlProvider
from components.settings.notification import NotificationSettings, by_severity
from components.settings.operation import Alerting, AlertingWebhook
from components.settings.problems import Problem
from components.settings.secret_forms import Form
from components.settings.timmy import CodeSearch, EnabledTimmy, Reranking, Timmy
from components.settings.variables.content import CONTENT_PROVIDERS
from components.settings.variables.providers import OAUTH_PROVIDERS

DEEP_CHECK: Final = "canary-deep-check"
"""The name of the canary's client secret."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenSecret:
    """One secret that the settings ask for."""

    name: str
    """What it is called in the stack, in Secrets Manager and in the pod."""
    key: str
    """The object of the configuration that holds it, without `tmi:`."""
    entry: str
    """Its entry there."""
    field: str
    """The field of the stack file that asks for it."""
    description: str
    """What it is, as in `Identity provider corporate: client secret`."""
    lacks: str
    """What is missing, and what that means, as in `client secret, and without it nobody can log in`."""
    form: Form = Form.TEXT
    """What it looks like."""
    variable: str | None = None
    """The variable that TMI takes it from; nothing where TMI reads the file."""

    @property
    def command(self) -> str:
        """What sets it."""
        set_it = f"pulumi config set --secret --path 'tmi:{self.key}.{self.entry}'"
        return set_it if self.typed_in else f"{set_it} < FILE"

    @property
    def typed_in(self) -> bool:
        """Whether it is one line that somebody pastes, and not a file."""
        return self.form in {Form.TEXT, Form.HTTPS_ADDRESS}


def given_secrets(fields: Mapping[str, Any]) -> tuple[GivenSecret, ...]:
    """Every secret that these fields of a section ask for; fields that are wrong by themselves are left out."""
    return tuple(secret for name, asked in _ASKING.items() if name in fields for secret in asked(fields[name]))


def endpoint_addresses(notifications: NotificationSettings) -> tuple[GivenSecret, ...]:
    """The address of every HTTPS endpoint, once; these go to SNS alone and into no secret of the stack."""
    asking: dict[str, str] = {}
    for severity, subscribers in by_severity(notifications).items():
        for endpoint in subscribers.endpoints:
            asking.setdefault(endpoint, f"monitoring.notifications.{severity}.endpoints")
    return tuple(
        GivenSecret(
            name=f"endpoint-{endpoint}",
            key="notificationEndpoints",
            entry=endpoint,
            field=field,
            description=f"Endpoint {endpoint}: address",
            lacks=f"address of {endpoint}, and without it nothing is sent there",
            form=Form.HTTPS_ADDRESS,
        )
        for endpoint, field in asking.items()
    )


def misfits(wanted: Iterable[GivenSecret], values: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with the values, by the secrets' names. No problem shows any part of a value."""
    seen: dict[str, GivenSecret] = {}
    for secret in wanted:
        value = values.get(secret.name, "")
        path = f"tmi:{secret.key}.{secret.entry}"
        if not value:
            ending = "and paste it" if secret.typed_in else "with the file that holds it"
            yield Problem(secret.field, f"has no {secret.lacks}; run `{secret.command}` {ending}")
        elif not secret.form.fits(value):
            yield Problem(path, f"{secret.form.value}; run `{secret.command}` again")
        elif (other := seen.setdefault(value, secret)) is not secret and not _may_share(other, secret):
            rule = f"is the same secret as tmi:{other.key}.{other.entry}, so that one leak opens both"
            yield Problem(path, f"{rule}; ask for another one and run `{secret.command}`")


def _may_share(one: GivenSecret, other: GivenSecret) -> bool:
    """Whether two names may stand for one thing: an account at models' provider, TMI itself for SAML, an endpoint."""
    return one.key == other.key and one.key in {"timmyKeys", "samlKeys", "notificationEndpoints"}


def _oauth(providers: Mapping[str, OAuthProvider]) -> Iterator[GivenSecret]:
    for provider in sorted(providers):
        yield GivenSecret(
            name=f"oauth-{provider}",
            key="oauthSecrets",
            entry=provider,
            field=f"server.oauth_providers.{provider}",
            description=f"Identity provider {provider}: client secret",
            lacks="client secret, and without it nobody can log in",
            variable=OAUTH_PROVIDERS.name(provider, "CLIENT_SECRET"),
        )


def _saml(providers: Mapping[str, SamlProvider]) -> Iterator[GivenSecret]:
    for provider in sorted(providers):
        yield GivenSecret(
            name=f"saml-{provider}",
            key="samlKeys",
            entry=provider,
            field=f"server.saml_providers.{provider}",
            description=f"Identity provider {provider}: TMI's own key",
            lacks="key of TMI's own, and without it TMI leaves the provider out",
            form=Form.PRIVATE_KEY,
        )


def _content(content: ContentSettings) -> Iterator[GivenSecret]:
    if isinstance(content.sources.google_drive, GoogleDriveSource):
        yield GivenSecret(
            name="content-google-drive",
            key="contentSecrets",
            entry="google-drive",
            field="server.content.sources.google_drive",
            description="Google Drive: key of the service account",
            lacks="key of the service account, and without it TMI reads nothing there",
            form=Form.SERVICE_ACCOUNT,
        )
    for source in sorted(delegated_sources(content.sources)):
        yield GivenSecret(
            name=f"content-{source}",
            key="contentSecrets",
            entry=source,
            field=f"server.content.sources.{source}",
            description=f"Document source {source}: client secret",
            lacks="client secret, and without it nobody can link an account",
            variable=CONTENT_PROVIDERS.name(source, "CLIENT_SECRET"),
        )


def _timmy(timmy: Timmy) -> Iterator[GivenSecret]:
    if not isinstance(timmy, EnabledTimmy):
        return
    models = {"chat": True, "text": True}
    models |= {"code": isinstance(timmy.code, CodeSearch), "rerank": isinstance(timmy.reranking, Reranking)}
    for model in (model for model, used in models.items() if used):
        yield GivenSecret(
            name=f"timmy-{model}",
            key="timmyKeys",
            entry=model,
            field=f"server.timmy.{'reranking' if model == 'rerank' else model}",
            description=f"Timmy: key of the model for {model}",
            lacks="key, and without it the model answers nothing",
        )


def _alerting(alerting: Alerting) -> Iterator[GivenSecret]:
    if isinstance(alerting, AlertingWebhook):
        yield GivenSecret(
            name="alert-webhook",
            key="alertSecrets",
            entry="webhook",
            field="server.alerting",
            description="Alerts: what their receiver checks the signature with",
            lacks="secret to sign with, and without it the receiver cannot tell who calls",
        )


def _canary(canary: Canary) -> Iterator[GivenSecret]:
    if isinstance(canary, DeepCheckCanary):
        yield GivenSecret(
            name=DEEP_CHECK,
            key="canarySecrets",
            entry="deep-check",
            field="monitoring.canary",
            description="Canary: secret of its client credentials in TMI",
            lacks="client secret, and without it the canary cannot log in",
        )


_ASKING: Final[Mapping[str, Callable[[Any], Iterator[GivenSecret]]]] = {
    "oauth_providers": _oauth,
    "saml_providers": _saml,
    "content": _content,
    "timmy": _timmy,
    "alerting": _alerting,
    "canary": _canary,
}
"""What each field asks for: those of `server` for TMI, those of `monitoring` for what watches it."""

KEYS: Final = (
    "oauthSecrets",
    "samlKeys",
    "contentSecrets",
    "timmyKeys",
    "alertSecrets",
    "canarySecrets",
    "notificationEndpoints",
)
"""Every object of the configuration that holds such secrets."""
