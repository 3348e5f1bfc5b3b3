"""The page of TMI's variables: which field of the stack file decides which."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from components.settings.variables.left_out import LEFT_OUT
from components.settings.variables.table import FAMILIES, GROUPS, SET_BY_PODS
from components.settings.variables.variable import FIXED, Family, Variable
from reference import markdown

_INTRODUCTION: Final = """\
What TMI reads from its environment, and what decides it.

- A field is one below `server` of the stack file, unless another section is named. What is fixed is the same in every
  stack.
- Secrets of `tmi:…` are given by operators, with `pulumi config set --secret`; the others are made by the program. A
  secret is a file in the pod where TMI reads files, and else a variable from a Kubernetes Secret.
- Quotas of webhooks and add-ons are in TMI's database, and no variable has them.
- What is newer than this program goes to `server.extra`."""


def _setting(setting: str) -> str:
    return setting if setting == FIXED else f"`{setting}`"


def _table(variables: Iterable[Variable[Any]]) -> str:
    return markdown.table(
        ("variable", "field", "secret", "since TMI", "what it decides, or why it is so"),
        (
            (f"`{each.name}`", _setting(each.setting), "yes" if each.secret else "", each.since, each.does)
            for each in variables
        ),
    )


def _family(family: Family[Any]) -> tuple[str, str, str]:
    once = f"Once for each provider of `{family.setting}`, its id in capitals, with underscores for hyphens."
    kinds = "; what a `kind` has no field for, this program knows" if _has_kinds(family) else ""
    return f"## {family.prefix}_<ID>_…", f"{once} Fields are those of the provider{kinds}.", _table(family.variables)


def _has_kinds(family: Family[Any]) -> bool:
    return any(variable.setting == "kind" for variable in family.variables)


def _left_out() -> str:
    by_reason: dict[str, list[str]] = {}
    for name, reason in LEFT_OUT.items():
        by_reason.setdefault(reason, []).append(f"`{name}`")
    return "\n".join(f"- {reason}: {', '.join(variables)}" for reason, variables in by_reason.items())


def page() -> str:
    """Every variable of TMI."""
    single = (block for title, group in GROUPS.items() for block in (f"## {title}", _table(group)))
    families = (block for family in FAMILIES for block in _family(family))
    by_pods = markdown.table(
        ("variable", "what decides it"), ((f"`{name}`", reason) for name, reason in SET_BY_PODS.items())
    )
    return markdown.page(
        "# TMI's configuration",
        _INTRODUCTION,
        *single,
        *families,
        "## Set by each pod",
        by_pods,
        "## Left out",
        "TMI reads these too, and no pod has them. Each",
        _left_out(),
    )
