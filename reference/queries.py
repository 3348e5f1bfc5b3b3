"""The page of saved queries: which question is asked of which log groups, and by which runbook."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from components.monitoring.queries.query import Query, groups
from components.monitoring.saved_queries import QUERIES
from reference import markdown

RUNBOOKS: Final = Path(__file__).resolve().parents[1] / "docs" / "runbooks"


def asked_by(query: Query) -> list[str]:
    """The runbooks that name a query."""
    return [path.stem for path in sorted(RUNBOOKS.glob("*.md")) if f"`STACK/{query.name}`" in path.read_text()]


def page() -> str:
    """The whole page."""
    return markdown.page(
        "# Saved queries",
        "In CloudWatch Logs Insights under saved queries, in a folder named after the stack. A word in capitals is for "
        "whoever asks to replace. `STACK` is the stack's name, `SERVER` the database server that TMI speaks to.",
        markdown.table(
            ("query", "question", "log group", "runbooks"),
            (
                (
                    f"`STACK/{query.name}`",
                    query.question,
                    ", ".join(f"`{group}`" for group in groups(query.source, "STACK", "SERVER")),
                    ", ".join(f"[{name}](../runbooks/{name}.md)" for name in asked_by(query)),
                )
                for query in QUERIES
            ),
        ),
        *(block for query in QUERIES for block in (f"## {query.name}", f"```\n{query.text}\n```")),
    )
