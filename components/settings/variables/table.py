"""The whole table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from components.settings.server import ServerSettings
from components.settings.variables.content import CONTENT, CONTENT_PROVIDERS
from components.settings.variables.login import LOGIN
from components.settings.variables.operation import OPERATION, OUTBOUND, RETENTION
from components.settings.variables.process import PROCESS
from components.settings.variables.providers import OAUTH_PROVIDERS, SAML_PROVIDERS
from components.settings.variables.surroundings import LISTENER, STORES
from components.settings.variables.timmy import TIMMY
from components.settings.variables.variable import FIXED, Family, Situation, Variable
from components.settings.variables.webhooks import WEBHOOKS

GROUPS: Final[dict[str, tuple[Variable[Situation], ...]]] = {
    "Process": PROCESS,
    "Listener": LISTENER,
    "Stores": STORES,
    "Login": LOGIN,
    "Retention": RETENTION,
    "Webhooks": WEBHOOKS,
    "Hosts in addresses that users give": OUTBOUND,
    "Documents": CONTENT,
    "Timmy": TIMMY,
    "Alerts and operator": OPERATION,
}
"""Variables that are there once, by what they are about."""
FAMILIES: Final[tuple[Family[Any], ...]] = (OAUTH_PROVIDERS, SAML_PROVIDERS, CONTENT_PROVIDERS)
"""Variables that are there once for each provider."""
SET_BY_PODS: Final = {
    "GOMAXPROCS": "`resources.cpu_millis` of the hub or of the pool: the whole vCPUs reserved, at least one",
    "GOMEMLIMIT": "`resources.memory_mib` of the hub or of the pool: nine tenths of it, where Go collects harder",
}
"""What is in no ConfigMap since it differs from pod to pod, with the reason."""


def values(situation: Situation) -> dict[str, str]:
    """Every variable that has a value and is no secret of the environment."""
    single = (
        (variable.name, text)
        for group in GROUPS.values()
        for variable in group
        if (text := variable.of(situation)) is not None
    )
    return dict(single) | dict(pair for family in FAMILIES for pair in family.of(situation))


def decided(name: str) -> str | None:
    """What decides a variable, as in `is decided by server.log_level`; none if the table does not know it."""
    for group in GROUPS.values():
        for variable in group:
            if variable.name == name:
                return "is the same in every stack" if variable.setting == FIXED else _by(variable.setting)
    for family in FAMILIES:
        if name.startswith(f"{family.prefix}_"):
            return _by(family.setting)
    return None


def _by(setting: str) -> str:
    below_server = setting.partition(".")[0] in ServerSettings.model_fields
    return f"is decided by {'server.' if below_server else ''}{setting}"


def names() -> Iterator[str]:
    """Every name of the table; in a family with `<ID>` for the provider's."""
    for group in GROUPS.values():
        for variable in group:
            yield variable.name
    for family in FAMILIES:
        for variable in family.variables:
            yield f"{family.prefix}_<ID>_{variable.name}"
