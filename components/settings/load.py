"""Reading the stack file: the only place that knows `pulumi.Config`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pulumi
from pulumi.runtime import config as runtime_config
from pydantic import ValidationError

from components.settings.given_secrets import (
    KEYS,
    GivenSecret,
    endpoint_addresses,
    given_secrets,
    misfits,
)
from components.settings.notification import NotificationSettings
from components.settings.problems import Problem, of_validation, of_value
from components.settings.rules import broken_rules, valid_fields, valid_sections
from components.settings.sections import MonitoringSettings
from components.settings.server import ServerSettings
from components.settings.stack import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class StackFile:
    """What a stack file says."""

    settings: Settings
    """Everything but secrets."""
    given_secrets: Mapping[GivenSecret, pulumi.Output[str]]
    """The value of each secret that the settings ask for."""
    endpoints: Mapping[str, pulumi.Output[str]]
    """The address of each HTTPS endpoint that hears of alarms, by its name; secrets too."""


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
    asking = _asking_fields(document)
    wanted = given_secrets(asking)
    notifications = asking.get("notifications")
    addresses = endpoint_addresses(notifications) if isinstance(notifications, NotificationSettings) else ()
    objects = {key: _entries(cast("object", config.get_object(key))) for key in KEYS}
    values = {secret.name: objects[secret.key].get(secret.entry, "") for secret in (*wanted, *addresses)}
    found += misfits((*wanted, *addresses), values)
    for key in KEYS:
        if objects[key] and not runtime_config.is_config_secret(f"tmi:{key}"):
            set_it = f"`pulumi config set --secret --path 'tmi:{key}.<name>'`"
            way_out = f"revoke the values where they are from and run {set_it} for each"
            found.append(Problem(f"tmi:{key}", f"is stored in plain text; {way_out}"))
    if settings is None or found:
        raise InvalidSettingsError(found)
    return StackFile(
        settings=settings,
        given_secrets={secret: pulumi.Output.secret(values[secret.name]) for secret in wanted},
        endpoints={secret.entry: pulumi.Output.secret(values[secret.name]) for secret in addresses},
    )


def _examine(document: object) -> tuple[list[Problem], Settings | None]:
    if not isinstance(document, dict):
        return [of_value("tmi:stack", document, "must be a section with fields; write them below it")], None
    sections = cast("dict[str, object]", document)
    found = broken_rules(valid_sections(sections))
    try:
        return found, Settings.model_validate_json(json.dumps(document))
    except ValidationError as error:
        return [*of_validation(error, Settings), *found], None


def _asking_fields(document: object) -> Mapping[str, Any]:
    """What is valid by itself of the sections that ask for secrets, so that a missing one is said whatever else is."""
    whole = cast("dict[str, object]", document) if isinstance(document, dict) else {}
    fields: dict[str, Any] = {}
    for name, model in (("server", ServerSettings), ("monitoring", MonitoringSettings)):
        section = whole.get(name)
        if isinstance(section, dict):
            fields |= valid_fields(model, cast("dict[str, object]", section))
    return fields


def _entries(values: object) -> Mapping[str, str]:
    """The secrets of an object of the configuration."""
    return (
        {name: str(value) for name, value in cast("dict[str, object]", values).items()}
        if isinstance(values, dict)
        else {}
    )
