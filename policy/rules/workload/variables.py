"""Variables of what AWS runs for the stack: they stand in its console for whoever may look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policy.facts.credentials import is_credential
from policy.graph import Resource
from policy.rule import Description, ResourceRule, Severity, Violation

_VARIABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:lambda/function:Function": ("environment", "variables"),
    "aws:synthetics/canary:Canary": ("runConfig", "environmentVariables"),
}


def variables_without_secrets(resource: Resource) -> Iterator[Violation]:
    """No environment variable of a canary or a function holds a credential."""
    variables = resource.get(*_VARIABLES[resource.type])
    for number, (name, value) in enumerate(variables.items() if isinstance(variables, Mapping) else (), start=1):
        if is_credential(name, value):
            yield Violation(resource, f"environment variable number {number}: it holds a credential")


VARIABLES_WITHOUT_SECRETS: Final = ResourceRule(
    about=Description(
        id="variables-without-secrets",
        title="No credential stands in a variable of a canary or a function",
        severity=Severity.HIGH,
        frameworks=("WA SEC02",),
        why="Whoever may look at a canary or a function reads its variables, and so does whoever reads the state.",
        remediation="Keep it in Secrets Manager, and tell the ARN.",
    ),
    types=frozenset(_VARIABLES),
    check=variables_without_secrets,
)
