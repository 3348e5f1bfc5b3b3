"""The catalogue of the pack: `python -m policy.catalogue` prints it, from the directory that holds the pack."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType
from typing import Final

from policy.controls import KNOWN, LEFT_OUT, NAMED
from policy.rule import ResourceRule, Rule
from policy.rules import MODULES, RULES

_FEW: Final = 3
"""So many types stand in the table by name."""
_WHOLE: Final = (
    "over the graph of the whole stack. All are mandatory. [README.md](README.md) says how the pack is used, "
    "`python -m policy.catalogue` prints this page."
)
_FRAMEWORKS: Final = (
    "FSBP: AWS Foundational Security Best Practices. CIS AWS: CIS AWS Foundations Benchmark, ids of version 3, else of "
    "5 or 7. CIS EKS: its version 1.8. PSS: Pod Security Standards. NSA: Kubernetes Hardening Guide of NSA and CISA. "
    "WA: questions of the AWS Well-Architected Framework."
)


def page() -> str:
    """The whole page, as Markdown."""
    rules = [
        block
        for module, held in _concerns()
        for block in (
            f"### {_title(module)}",
            _table(("rule", "says", "why, and the way out", "controls"), map(_row, held)),
        )
    ]
    alone = sum(isinstance(rule, ResourceRule) for rule in RULES)
    blocks = [
        "# Catalogue",
        f"{len(RULES)} rules: {alone} are asked before each resource they are about, {len(RULES) - alone} {_WHOLE}",
        "## Rules",
        *rules,
        "## Controls",
        _FRAMEWORKS,
        _table(("control", "rules"), _covered()),
        "What has no id there:",
        _table(("control", "rules"), ((what, _code(held)) for what, held in NAMED.items())),
        "### Without a rule",
        _table(("controls", "why"), _left_out()),
    ]
    return "\n\n".join(blocks) + "\n"


def _concerns() -> Iterator[tuple[ModuleType, Sequence[Rule]]]:
    """Each module of rules with what it holds, in the order of the reports."""
    for module in MODULES:
        yield module, [rule for rule in RULES if any(rule is each for each in vars(module).values())]


def _title(module: ModuleType) -> str:
    text = module.__doc__
    return " ".join((text or module.__name__).split("\n\n")[0].split()).rstrip(".")


def _row(rule: Rule) -> tuple[str, str, str, str]:
    about = rule.about
    when = _types(rule.types) if isinstance(rule, ResourceRule) else "over the graph"
    return (
        f"`{about.id}`<br>{about.severity}",
        f"{_text(about.title)}<br>({when})",
        f"{_text(about.why)}<br>{_text(about.remediation)}",
        ", ".join(about.frameworks),
    )


def _text(text: str) -> str:
    """A text in which nothing is taken for Markdown."""
    return re.sub(r"([*_<`])", r"\\\1", text)


def _types(types: Iterable[str]) -> str:
    shown = sorted(types)
    named = _code(shown[:_FEW])
    return f"before each {named}" + (f" and {len(shown) - _FEW} types more" if len(shown) > _FEW else "")


def _covered() -> Iterator[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for rule in RULES:
        for control in rule.about.frameworks:
            found.setdefault(control, []).append(rule.about.id)
    yield from ((control, _code(found[control])) for control in sorted(found, key=_natural))


def _left_out() -> Iterator[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for control in sorted(KNOWN & LEFT_OUT.keys(), key=_natural):
        found.setdefault(LEFT_OUT[control], []).append(control)
    yield from ((", ".join(controls), reason) for reason, controls in found.items())


def _natural(control: str) -> list[tuple[int, str]]:
    """A key that sorts RDS.9 before RDS.10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", control)]


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(page())
