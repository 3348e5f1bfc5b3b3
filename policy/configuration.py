"""What `--policy-pack-config` may do: turn a policy down by its name, for a reason that is reported.

The engine sends the level and the properties of every policy, merged with the file's; and with them what the file says
of `all` and of names that no policy has. Source: Pulumi, `pkg/resource/analyzer/config.go`, ReconcilePolicyPackConfig.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

REASON: Final = "reason"
"""The property that says why a policy is turned down."""
SHORTEST_REASON: Final = 15
"""Characters; shorter ones say `legacy` or `later`."""
_WAY_OUT: Final = f'give it a "{REASON}" of {SHORTEST_REASON} characters or more, or remove it'
_ALL: Final = "all"
"""The engine's name for every policy of a pack."""


class Level(StrEnum):
    """What a violation does, weakest first."""

    DISABLED = "disabled"
    ADVISORY = "advisory"
    MANDATORY = "mandatory"

    def is_weaker(self, other: Level) -> bool:
        """Whether it stops less."""
        order = list(Level)
        return order.index(self) < order.index(other)


@dataclass(frozen=True, slots=True)
class Setting:
    """What is sent about one policy."""

    level: Level
    reason: str = ""

    @property
    def is_reasoned(self) -> bool:
        """Whether it says why."""
        return len(self.reason.strip()) >= SHORTEST_REASON


@dataclass(frozen=True, slots=True)
class Configuration:
    """What holds in one run."""

    levels: Mapping[str, Level]
    """What a violation of each policy does."""
    turned_down: tuple[str, ...] = ()
    """A line for each policy that is weaker than the pack has it, with the reason."""
    faults: tuple[str, ...] = ()
    """A line for each thing that the file asks for in vain."""


def configured(own: Mapping[str, Level], fixed: frozenset[str], sent: Mapping[str, Setting]) -> Configuration:
    """The levels of a run: the pack's `own`, but for policies that are turned down for a reason and are not `fixed`."""
    levels, everything = dict(own), sent.get(_ALL, Setting(Level.MANDATORY))
    by_all: list[str] = []
    down: list[str] = []
    faults = [*_unknown(own, sent)]
    for name, setting in sent.items():
        if name not in own:
            continue
        told_by_all = setting.level is everything.level and not setting.is_reasoned
        if not setting.level.is_weaker(own[name]):
            levels[name] = setting.level
        elif name in fixed:
            faults += [] if told_by_all else [f"{name} is set to {setting.level}, but says its part always: remove it"]
        elif setting.is_reasoned:
            levels[name] = setting.level
            down.append(f"{name} is {setting.level}: {setting.reason}")
        elif not told_by_all:
            faults.append(f"{name} is set to {setting.level} without a reason, so it stays {own[name]}; {_WAY_OUT}")
        else:
            by_all.append(name)
    if by_all and everything.is_reasoned:
        levels |= dict.fromkeys(by_all, everything.level)
        down.append(f"whatever else there is ({len(by_all)}) is {everything.level}: {everything.reason}")
    elif by_all:
        faults.append(f"{_ALL} is set to {everything.level} without a reason, so every policy stays; {_WAY_OUT}")
    return Configuration(levels, tuple(down), tuple(faults))


def _unknown(own: Mapping[str, Level], sent: Mapping[str, Setting]) -> Iterator[str]:
    for name in sent:
        if name not in own and name != _ALL:
            close = get_close_matches(name, own, n=1)
            yield f"{name} is no policy of this pack; " + (f"did you mean {close[0]}?" if close else "remove it")
