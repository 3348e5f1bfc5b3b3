"""What a message says, and where it leads: a runbook, and the dashboard that shows what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from components.monitoring.layout import dashboard_address, dashboard_name
from components.monitoring.rows import Severity, Tier

LONGEST: Final = 1024
"""How many characters of a description CloudWatch takes. Source: PutMetricAlarm, Amazon CloudWatch API Reference."""
_FILES: Final = {"github.com": "blob/HEAD", "gitlab.com": "-/blob/HEAD"}
"""Where hosts of repositories show a file of the default branch, below the repository's address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where messages come from."""

    stack_name: str
    """The first part of every dashboard's name."""
    region: str
    """Where the dashboards are looked at."""
    repository: str
    """The address of the repository that holds the runbooks."""


def runbook(name: str, repository: str) -> str:
    """The address of a runbook, or its path where the repository's host has no known form of addresses."""
    path = f"docs/runbooks/{name}.md"
    files = _FILES.get(urlsplit(repository).netloc)
    return f"{repository.rstrip('/').removesuffix('.git')}/{files}/{quote(path)}" if files else path


def message(source: Source, severity: Severity, meaning: str, runbook_name: str, tier: Tier | None) -> str:
    """Severity, meaning, runbook, and the dashboard of a tier; without one, that of whoever is on call."""
    dashboard = dashboard_address(source.region, dashboard_name(source.stack_name, tier))
    return f"[{severity}] {meaning}\nRunbook: {runbook(runbook_name, source.repository)}\nDashboard: {dashboard}"
