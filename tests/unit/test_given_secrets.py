"""Secrets that operators give: asked for by what is on, looked at, and never shown."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pytest
import yaml
from inline_snapshot import snapshot

from components.settings import InvalidSettingsError, load
from tests.cloud import run
from tests.full_settings import FULL, SECRETS, pem
from tests.stack_files import ROOT, changed


def loaded(document: object, secrets: Mapping[str, object]) -> list[str]:
    """The names of the secrets that were loaded."""
    found: list[str] = []

    def program() -> None:
        for asked, value in load().given_secrets.items():
            assert isinstance(value, pulumi.Output)
            found.append(asked.name)

    run(program, config={"tmi:stack": document}, secrets=secrets)
    return sorted(found)


def test_everything_that_is_on_asks_for_its_secret() -> None:
    with pytest.raises(InvalidSettingsError) as refused:
        loaded(FULL, {})
    assert str(refused.value) == snapshot("""\
the stack file has 14 mistakes; nothing was touched:
  monitoring.canary: has no client secret, and without it the canary cannot log in; run `pulumi config set --secret --path 'tmi:canarySecrets.deep-check'` and paste it
  server.alerting: has no secret to sign with, and without it the receiver cannot tell who calls; run `pulumi config set --secret --path 'tmi:alertSecrets.webhook'` and paste it
  server.content.sources.confluence: has no client secret, and without it nobody can link an account; run `pulumi config set --secret --path 'tmi:contentSecrets.confluence'` and paste it
  server.content.sources.google_drive: has no key of the service account, and without it TMI reads nothing there; run `pulumi config set --secret --path 'tmi:contentSecrets.google-drive' < FILE` with the file that holds it
  server.content.sources.microsoft: has no client secret, and without it nobody can link an account; run `pulumi config set --secret --path 'tmi:contentSecrets.microsoft'` and paste it
  server.oauth_providers.corporate: has no client secret, and without it nobody can log in; run `pulumi config set --secret --path 'tmi:oauthSecrets.corporate'` and paste it
  server.oauth_providers.github: has no client secret, and without it nobody can log in; run `pulumi config set --secret --path 'tmi:oauthSecrets.github'` and paste it
  server.oauth_providers.google: has no client secret, and without it nobody can log in; run `pulumi config set --secret --path 'tmi:oauthSecrets.google'` and paste it
  server.oauth_providers.microsoft: has no client secret, and without it nobody can log in; run `pulumi config set --secret --path 'tmi:oauthSecrets.microsoft'` and paste it
  server.saml_providers.my-saml: has no key of TMI's own, and without it TMI leaves the provider out; run `pulumi config set --secret --path 'tmi:samlKeys.my-saml' < FILE` with the file that holds it
  server.timmy.chat: has no key, and without it the model answers nothing; run `pulumi config set --secret --path 'tmi:timmyKeys.chat'` and paste it
  server.timmy.code: has no key, and without it the model answers nothing; run `pulumi config set --secret --path 'tmi:timmyKeys.code'` and paste it
  server.timmy.reranking: has no key, and without it the model answers nothing; run `pulumi config set --secret --path 'tmi:timmyKeys.rerank'` and paste it
  server.timmy.text: has no key, and without it the model answers nothing; run `pulumi config set --secret --path 'tmi:timmyKeys.text'` and paste it\
""")


def test_every_secret_that_is_asked_for_is_loaded() -> None:
    assert loaded(FULL, SECRETS) == snapshot(
        [
            "alert-webhook",
            "canary-deep-check",
            "content-confluence",
            "content-google-drive",
            "content-microsoft",
            "oauth-corporate",
            "oauth-github",
            "oauth-google",
            "oauth-microsoft",
            "saml-my-saml",
            "timmy-chat",
            "timmy-code",
            "timmy-rerank",
            "timmy-text",
        ]
    )


@pytest.mark.parametrize(
    ("key", "entry", "value", "expected"),
    [
        (
            "oauthSecrets",
            "google",
            " pasted ",
            snapshot(
                "tmi:oauthSecrets.google: has blanks around it, or is more than one line, and TMI would send these along; run `pulumi config set --secret --path 'tmi:oauthSecrets.google'` again"
            ),
        ),
        (
            "oauthSecrets",
            "google",
            "two\nlines",
            snapshot(
                "tmi:oauthSecrets.google: has blanks around it, or is more than one line, and TMI would send these along; run `pulumi config set --secret --path 'tmi:oauthSecrets.google'` again"
            ),
        ),
        (
            "oauthSecrets",
            "google",
            "oauth-github",
            snapshot(
                "tmi:oauthSecrets.google: is the same secret as tmi:oauthSecrets.github, so that one leak opens both; ask for another one and run `pulumi config set --secret --path 'tmi:oauthSecrets.google'`"
            ),
        ),
        (
            "contentSecrets",
            "microsoft",
            "oauth-microsoft",
            snapshot(
                "tmi:contentSecrets.microsoft: is the same secret as tmi:oauthSecrets.microsoft, so that one leak opens both; ask for another one and run `pulumi config set --secret --path 'tmi:contentSecrets.microsoft'`"
            ),
        ),
        (
            "samlKeys",
            "my-saml",
            pem("CERTIFICATE"),
            snapshot(
                "tmi:samlKeys.my-saml: is no private key as PEM without a passphrase, so that TMI would leave the provider out; run `pulumi config set --secret --path 'tmi:samlKeys.my-saml' < FILE` again"
            ),
        ),
        (
            "samlKeys",
            "my-saml",
            pem("ENCRYPTED PRIVATE KEY"),
            snapshot(
                "tmi:samlKeys.my-saml: is no private key as PEM without a passphrase, so that TMI would leave the provider out; run `pulumi config set --secret --path 'tmi:samlKeys.my-saml' < FILE` again"
            ),
        ),
        (
            "contentSecrets",
            "google-drive",
            "not JSON",
            snapshot(
                "tmi:contentSecrets.google-drive: is no key of a service account as JSON, so that TMI would read nothing; run `pulumi config set --secret --path 'tmi:contentSecrets.google-drive' < FILE` again"
            ),
        ),
        (
            "contentSecrets",
            "google-drive",
            '{"type": "authorized_user"}',
            snapshot(
                "tmi:contentSecrets.google-drive: is no key of a service account as JSON, so that TMI would read nothing; run `pulumi config set --secret --path 'tmi:contentSecrets.google-drive' < FILE` again"
            ),
        ),
    ],
)
def test_a_secret_that_cannot_work_is_refused_and_never_shown(key: str, entry: str, value: str, expected: str) -> None:
    given = {**SECRETS, f"tmi:{key}": {**SECRETS[f"tmi:{key}"], entry: value}}
    with pytest.raises(InvalidSettingsError) as refused:
        loaded(FULL, given)
    (problem,) = refused.value.problems
    assert value not in str(problem)
    assert str(problem) == expected


def test_a_missing_secret_is_said_whatever_else_is_wrong_with_the_server() -> None:
    with pytest.raises(InvalidSettingsError) as refused:
        loaded(changed("dev", server__body_limit_mib="2"), {})
    assert [problem.path for problem in refused.value.problems] == [
        "server.body_limit_mib",
        "server.oauth_providers.corporate",
    ]


ASKING = changed(
    "dev",
    monitoring__notifications__page={"emails": [], "endpoints": ["pager"], "chat": False},
    monitoring__notifications__ticket={"emails": [], "endpoints": ["tracker", "pager"], "chat": False},
)
"""Two endpoints, one of them for two severities."""


def addresses(given: Mapping[str, object]) -> list[str]:
    """The names of the endpoints whose addresses were loaded."""
    found: list[str] = []
    run(
        lambda: found.extend(load().endpoints),
        config={"tmi:stack": ASKING},
        secrets={"tmi:oauthSecrets": {"corporate": "of-a-test"}, **given},
    )
    return found


def test_an_endpoint_asks_for_its_address_once() -> None:
    pager, tracker = "https://pager.example.com/key-of-a-test?a=1", "https://tracker.example.com"
    assert addresses({"tmi:notificationEndpoints": {"pager": pager, "tracker": tracker}}) == ["pager", "tracker"]
    # One address under two names: nothing worse comes of it than a message that is said twice.
    assert addresses({"tmi:notificationEndpoints": {"pager": pager, "tracker": pager}}) == ["pager", "tracker"]
    with pytest.raises(InvalidSettingsError) as refused:
        addresses({})
    assert str(refused.value) == snapshot("""\
the stack file has 2 mistakes; nothing was touched:
  monitoring.notifications.page.endpoints: has no address of pager, and without it nothing is sent there; run `pulumi config set --secret --path 'tmi:notificationEndpoints.pager'` and paste it
  monitoring.notifications.ticket.endpoints: has no address of tracker, and without it nothing is sent there; run `pulumi config set --secret --path 'tmi:notificationEndpoints.tracker'` and paste it\
""")


@pytest.mark.parametrize(
    "address", ["http://pager.example.com/key", "pager.example.com", "https://pager", "https://a.b c"]
)
def test_an_address_that_nothing_reaches_is_refused_and_never_shown(address: str) -> None:
    with pytest.raises(InvalidSettingsError) as refused:
        addresses({"tmi:notificationEndpoints": {"pager": address, "tracker": "https://tracker.example.com"}})
    (problem,) = refused.value.problems
    assert address not in str(problem)
    assert problem.path == "tmi:notificationEndpoints.pager"


def test_the_sandbox_stands_in_for_addresses_that_a_stack_file_holds_encrypted() -> None:
    fake = yaml.safe_load((ROOT / "sandbox" / "secrets.yaml").read_text())["tmi:notificationEndpoints"]["*"]
    assert addresses({"tmi:notificationEndpoints": {"pager": fake, "tracker": fake}}) == ["pager", "tracker"]
