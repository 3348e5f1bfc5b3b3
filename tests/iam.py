"""IAM documents as a linter sees them. The only module that meets parliament's untyped edges."""

from __future__ import annotations

from typing import Any, cast

import parliament


def findings(document: str) -> list[str]:
    """What ol-parliament, with its bundled definitions of AWS's actions and conditions, finds wrong in a policy."""
    analyze = cast("Any", parliament.analyze_policy_string)
    return [str(finding) for finding in analyze(document).findings]
