"""Reading the stack file: the only place that knows `pulumi.Config`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

import pulumi
from pulumi.runtime import config as runtime_config
from pydantic import ValidationError

from components.settings.problems import Problem, of_validation, of_value
from components.settings.rules import broken_rules, valid_sections
from components.settings.stack import Settings

_HOW_TO_SET: Final = "pulumi config set --secret --path 'tmi:oauthSecrets.{}'"


@dataclass(frozen=True, kw_only=True, slots=True)
class StackFile:
    """What a stack file says."""

    settings: Settings
    """Everything but secrets."""
    oauth_client_secrets: Mapping[str, pulumi.Output[str]]
    """The client secret of each identity provider, by its id."""


class InvalidSettingsError(pulumi.RunError):
    """The stack file is wrong; the message has one line a problem."""

    def __init__(self, found: list[Problem]) -> None:
        self.problems = sorted(set(found))
        what = "1 mistake" if len(self.problems) == 1 else f"{len(self.problems)} mistakes"
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"the stack file has {what}; nothing was touched:\n{lines}")


def parse(document: object) -> Settings:
    """The settings in `document`, the value of `tmi:stack`.

    Raises:
        InvalidSettingsError: all that is wrong with it, at once.
    """
    found, settings = _examine(document)
    if settings is None or found:
        raise InvalidSettingsError(found)
    return settings


def load() -> StackFile:
    """The stack file of the stack that is being deployed.

    Raises:
        InvalidSettingsError: all that is wrong with it, at once.
    """
    config = pulumi.Config("tmi")
    document = cast("object", config.get_object("stack"))
    if document is None:
        missing = "is missing; write the section as in Pulumi.dev.yaml"
        raise InvalidSettingsError([Problem("tmi:stack", missing)])
    found, settings = _examine(document)
    providers = _provider_ids(document)
    secrets = cast("object", config.get_object("oauthSecrets"))
    given = cast("dict[str, object]", secrets) if isinstance(secrets, dict) else {}
    found += _missing_secrets(providers, given)
    if given and not runtime_config.is_config_secret("tmi:oauthSecrets"):
        way_out = f"revoke the values at the provider and run `{_HOW_TO_SET.format('<provider>')}` for each"
        found.append(Problem("tmi:oauthSecrets", f"is stored in plain text; {way_out}"))
    if settings is None or found:
        raise InvalidSettingsError(found)
    client_secrets = {name: pulumi.Output.secret(str(given[name])) for name in providers}
    return StackFile(settings=settings, oauth_client_secrets=client_secrets)


def _examine(document: object) -> tuple[list[Problem], Settings | None]:
    if not isinstance(document, dict):
        return [of_value("tmi:stack", document, "must be a section with fields; write them below it")], None
    sections = cast("dict[str, object]", document)
    found = broken_rules(valid_sections(sections))
    try:
        return found, Settings.model_validate_json(json.dumps(document))
    except ValidationError as error:
        return [*of_validation(error, Settings), *found], None


def _provider_ids(document: object) -> list[str]:
    """The identity providers of a document, whatever else is wrong with it."""
    node = document
    for key in ("server", "oauth_providers"):
        node = cast("dict[str, object]", node).get(key) if isinstance(node, dict) else None
    return sorted(cast("dict[str, object]", node)) if isinstance(node, dict) else []


def _missing_secrets(providers: list[str], given: Mapping[str, object]) -> list[Problem]:
    return [
        Problem(
            f"server.oauth_providers.{name}",
            f"has no client secret, and without it nobody can log in; run `{_HOW_TO_SET.format(name)}` and paste it",
        )
        for name in providers
        if not given.get(name)
    ]
