"""A summary in words: lines for a terminal, Markdown for a page of continuous integration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from rich.text import Text

from sandbox.events import logical_name
from sandbox.tree import short_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.events import Diagnostic, Step, Violation
    from sandbox.summary import Summary

SYMBOLS: Final = {
    "create": ("+", "green"),
    "update": ("~", "yellow"),
    "replace": ("±", "magenta"),
    "delete": ("-", "red"),
}
"""How an operation is marked, and in which colour; any other is marked as an update."""
SEVERITIES: Final = {"error": "red", "warning": "yellow"}
FUTURE: Final = {"created": "to create", "updated": "to update", "replaced": "to replace", "deleted": "to delete"}


def text(summary: Summary, *, preview: bool, ok: bool) -> Iterator[Text]:
    """Yield the summary line by line. The plan is part of a preview's; other runs have shown each change as it came."""
    if preview:
        yield from _plan(summary)
    if summary.outputs:
        yield Text("Outputs", "bold")
        yield from (Text(f"  {name}: {_value(value)}") for name, value in sorted(summary.outputs.items()))
    if summary.diagnostics:
        yield Text("Messages", "bold")
        yield from map(_diagnostic, summary.diagnostics)
    for pack in policy_verdicts(summary, ok=ok):
        yield Text.assemble(("Policies", "bold"), "  ", pack)
    for violation in summary.violations:
        refuses = violation.level == "mandatory"
        yield Text(
            f"  {'violation' if refuses else 'remark'} {violation_line(violation)}", "red" if refuses else "yellow"
        )
    yield Text(result_line(summary, preview=preview, ok=ok), "bold green" if ok else "bold red")


def result_line(summary: Summary, *, preview: bool, ok: bool) -> str:
    """Say in one line how the run ended, what it did and how long it took."""
    counts = ", ".join(
        f"{count} {FUTURE.get(verb, verb) if preview else verb}" for verb, count in summary.counts.items()
    )
    failed = f", {len(summary.failures)} failed" if summary.failures else ""
    ended = "Done" if ok else "Refused by policy" if summary.refused else "Failed"
    return f"{ended}: {counts or 'nothing changed'}{failed}, {summary.seconds:.1f} s"


def policy_verdicts(summary: Summary, *, ok: bool) -> list[str]:
    """Say of each policy pack that ran how many of its policies found something to look at, and how many said no."""
    refusals = sum(violation.level == "mandatory" for violation in summary.violations)
    remarks = len(summary.violations) - refusals
    verdict = (
        _counted(refusals, "violation", "violations") if refusals else "no violation" if ok else "no violation so far"
    )
    if remarks:
        verdict += f", {_counted(remarks, 'remark', 'remarks')}"
    return [
        f"{name} {version}: {_counted(len(summary.policies), 'policy', 'policies')} applied, {verdict}"
        for name, version in summary.packs.items()
    ]


def violation_line(violation: Violation) -> str:
    """Name the policy, the resource and what is wrong."""
    at = f" ({logical_name(violation.urn)})" if violation.urn else ""
    return f"{violation.policy}{at}: {_indented(violation.message)}"


def step_line(step: Step) -> Text:
    """Show one change: its mark, the resource, and the properties that differ."""
    symbol, colour = SYMBOLS.get(step.operation, SYMBOLS["update"])
    changes = f"  [{', '.join(step.changes)}]" if step.changes and step.operation in {"update", "replace"} else ""
    return Text.assemble((symbol, colour), f" {short_type(step.type)} {step.name}", (changes, "dim"))


def by_component(summary: Summary) -> dict[str, list[Step]]:
    """Group the changes by component, outermost first (`server/pods`), itself included; empty for what is in none."""
    parents = {step.urn: step.parent for step in summary.steps}
    components = set(parents.values())
    groups: dict[str, list[Step]] = {}
    for step in summary.changed:
        path: list[str] = []
        urn = step.urn if step.urn in components else step.parent
        while urn in parents:  # the stack itself is no step
            path.insert(0, logical_name(urn))
            urn = parents[urn]
        groups.setdefault("/".join(path), []).append(step)
    return dict(sorted(groups.items()))


def markdown(summary: Summary, *, title: str, preview: bool, ok: bool) -> str:
    """Write the whole summary, the changes included, as Markdown."""
    lines = [f"## {title}", "", f"{'✅' if ok else '❌'} {result_line(summary, preview=preview, ok=ok)}"]
    lines += [f"\nPolicies: {pack}" for pack in policy_verdicts(summary, ok=ok)]
    if summary.violations:
        lines += ["", "| | policy | resource | message |", "|---|---|---|---|"]
        lines += [
            _row("violation" if v.level == "mandatory" else "remark", v.policy, logical_name(v.urn), v.message)
            for v in summary.violations
        ]
    if summary.diagnostics:
        lines += ["", "| severity | resource | message |", "|---|---|---|"]
        lines += [_row(d.severity, logical_name(d.urn), d.message) for d in summary.diagnostics]
    if summary.changed:
        lines += ["", f"<details><summary>{len(summary.changed)} changes</summary>"]
        for component, steps in by_component(summary).items():
            lines += ["", f"**{component or 'outside components'}**", "", "```diff"]
            lines += [step_line(step).plain for step in steps]
            lines.append("```")
        lines += ["", "</details>"]
    if summary.outputs:
        lines += ["", "| output | value |", "|---|---|"]
        lines += [_row(name, _value(value)) for name, value in sorted(summary.outputs.items())]
    return "\n".join(lines) + "\n"


def _plan(summary: Summary) -> Iterator[Text]:
    for component, steps in by_component(summary).items():
        yield Text(component or "outside components", "bold")
        yield from (Text.assemble("  ", step_line(step)) for step in steps)


def _diagnostic(diagnostic: Diagnostic) -> Text:
    severity = diagnostic.severity.removesuffix("#err")
    at = f"{logical_name(diagnostic.urn)}: " if diagnostic.urn else ""
    return Text.assemble("  ", (severity, SEVERITIES.get(severity, "")), f" {at}{_indented(diagnostic.message)}")


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _indented(message: str) -> str:
    return message.replace("\n", "\n    ")


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", "<br>") for cell in cells) + " |"
