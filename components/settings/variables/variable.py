"""One variable of TMI, and where its value comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar

from components.settings.server import ServerSettings
from components.tmi_paths import secret_file

Source = TypeVar("Source")
"""What a value is computed from: the whole of a pod, or one of several providers."""
Value: TypeAlias = str | bool | int | None

FIXED: Final = "fixed"
"""The setting of a variable whose value is the same in every stack."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """Everything TMI's variables are computed from."""

    server: ServerSettings
    """TMI's section of the stack file."""
    domain: str
    """TMI's public host name."""
    edge_cidrs: Sequence[str]
    """The subnets of the load balancer."""
    idle_timeout_seconds: int
    """The load balancer's idle timeout."""


@dataclass(frozen=True, slots=True)
class Variable(Generic[Source]):
    """A row of the table: a name that TMI reads, and where its value comes from."""

    name: str
    """As TMI reads it; in a family, what follows the provider's id."""
    setting: str
    """The field of the stack file, as below `server` where no section is named, or `fixed`."""
    since: str
    """The version of TMI that read it first, no further back than 1.0. Source: TMI's history, and the version in it."""
    does: str
    """What it decides; where it is fixed, why it is so."""
    value: Callable[[Source], Value]
    """Its value; nothing where TMI does without."""
    secret: bool = False
    """Whether it is a secret: the value names a file, or there is none and the pod gets it from a Kubernetes Secret."""

    def of(self, source: Source) -> str | None:
        """The text that TMI reads; none rather than an empty one, which TMI takes for none."""
        value = self.value(source)
        if isinstance(value, bool):
            return "true" if value else "false"
        return None if value is None or value == "" else str(value)


def fixed(name: str, value: Value, since: str, does: str) -> Variable[Situation]:
    """A row whose value no stack changes."""
    return Variable(name, FIXED, since, does, lambda _: value)


def from_environment(name: str, setting: str, since: str, does: str) -> Variable[Any]:
    """A secret that TMI takes from its environment alone: it is in no ConfigMap."""
    return Variable(name, setting, since, does, lambda _: None, secret=True)


def from_file(
    name: str, file: str, setting: str, since: str, does: str, when: Callable[[Situation], bool] = lambda _: True
) -> Variable[Situation]:
    """A secret for which TMI follows a file reference."""
    return Variable(name, setting, since, does, lambda of: secret_file(file) if when(of) else None, secret=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Family(Generic[Source]):
    """Variables that are there once for each of several providers."""

    prefix: str
    """What stands before a provider's id."""
    setting: str
    """The mapping of the stack file that names the providers, below `server`."""
    members: Callable[[Situation], Mapping[str, Source]]
    """What is said of each, by id."""
    variables: Sequence[Variable[Source]]
    """What each of them has."""

    def name(self, provider: str, variable: str) -> str:
        """TMI reads the id from the name: lower case, with hyphens for underscores."""
        return f"{self.prefix}_{provider.upper().replace('-', '_')}_{variable}"

    def of(self, situation: Situation) -> Iterator[tuple[str, str]]:
        """Every variable that has a value."""
        for provider, source in sorted(self.members(situation).items()):
            for variable in self.variables:
                if (text := variable.of(source)) is not None:
                    yield self.name(provider, variable.name), text
