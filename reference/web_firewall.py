"""The page of the web firewall: its rules in order, what only counts, and what stands in for that."""

from __future__ import annotations

from typing import Final

from components.settings.edge import RateLimitSettings, WebFirewallSettings
from components.web_firewall.logs import KEPT_ACTIONS, NAME_PREFIX, SECRET_HEADERS
from components.web_firewall.managed_groups import GROUPS, CountedRule
from components.web_firewall.rules import Rule, rules

# Both lists are given, so that the page shows the rule that enforces them; no figure of these settings is printed.
_SETTINGS: Final = WebFirewallSettings(
    rate_limits=RateLimitSettings(site=3000, root=60, login=300, token=100),
    allowed_countries=("DE",),
    allowed_networks=("203.0.113.0/24",),
)

_INTRODUCTION: Final = """\
# Web firewall

AWS WAF stands in front of the load balancer and asks these rules in this order. The first that refuses decides; what
none refuses is let through. Limits, lists and origins are those of the stack file, under the names given here.
"""

_COUNTED: Final = """\
## What only counts

These rules of AWS's groups count, and a rule of ours refuses instead; every other one acts as AWS ships it. Of a body
they see the first 8 KiB. The reasons at length are in [decision 4](../decisions/0004-body-rules-count.md).
"""

_LOGGED: Final = """\
## What is logged

Requests that a rule refused or counted ({actions}), in the log group
`{prefix}` followed by the stack's name. The query string and the headers {headers}
are replaced before anything is written. A body is never written, and nothing is sampled.
"""


def page() -> str:
    """The page, in Markdown."""
    table = rules(_SETTINGS, body_limit_mib=1, origins=("https://ui.example.com",), networks_arn="arn")
    logged = _LOGGED.format(
        actions=", ".join(f"`{action}`" for action in KEPT_ACTIONS),
        prefix=NAME_PREFIX,
        headers=", ".join(f"`{header}`" for header in SECRET_HEADERS),
    )
    return "\n".join(
        [
            _INTRODUCTION,
            "| | rule | refuses | answer |",
            "|---|---|---|---|",
            *(_rule(priority, rule) for priority, rule in enumerate(table, 1)),
            "",
            _COUNTED,
            "| group | rule | why | instead |",
            "|---|---|---|---|",
            *(_counted(group.name, rule) for group in GROUPS for rule in group.counted),
            "",
            logged,
        ]
    )


def _rule(priority: int, rule: Rule) -> str:
    answer = f"{rule.answer.status} `{rule.answer.error}`" if rule.answer else "403"
    return f"| {priority} | `{rule.name}` | {rule.refuses} | {answer} |"


def _counted(group: str, rule: CountedRule) -> str:
    return f"| `{group}` | `{rule.name}` | {rule.reason} | `{rule.replacement}` |"
