"""Generated secrets whose rotation is due: said in the report, and no reason to refuse a deployment.

A rule that refused would stop the one deployment that cannot wait, on the day a label grows too old.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from policy.graph import Graph

_PASSWORD: Final = "random:index/randomPassword:RandomPassword"  # noqa: S105 -- a type token
_LABEL: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_LONGEST: Final = timedelta(days=90)
"""Source: AWS Foundational Security Best Practices, SecretsManager.4."""


def overdue(graph: Graph, today: date) -> Iterator[str]:
    """A line for each value whose keeper names a month that began more than 90 days ago."""
    for password in graph.of_type(_PASSWORD):
        label = password.get("keepers", "rotation")
        made = _LABEL.fullmatch(label) if isinstance(label, str) else None
        if made and today > date(int(made[1]), int(made[2]), 1) + _LONGEST:
            yield f"{password.name}: last rotated in {made[0]}, more than {_LONGEST.days} days ago; rotate it"
