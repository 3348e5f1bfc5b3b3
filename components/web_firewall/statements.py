"""What a rule of AWS WAF can look at, as far as the rules here do.

Each function makes one statement. The SDK has a class for every place where a statement may stand; its typed
dictionaries say the same in a form that can be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import pulumi
from pulumi_aws.wafv2 import WebAclRuleStatementArgsDict

Statement: TypeAlias = WebAclRuleStatementArgsDict

WINDOW_SECONDS: Final = 300
"""How far back a rate rule counts. WAF knows 60, 120, 300 and 600 s."""


def header_matches(name: str, pattern: str, transformation: Literal["NONE", "LOWERCASE"] = "NONE") -> Statement:
    """The request has this header, and its value matches."""
    return {
        "regex_match_statement": {
            "regex_string": pattern,
            "field_to_match": {"single_header": {"name": name}},
            "text_transformations": [{"priority": 0, "type": transformation}],
        }
    }


def header_equals(name: str, value: str) -> Statement:
    """The request has this header with exactly this value."""
    return {
        "byte_match_statement": {
            "search_string": value,
            "positional_constraint": "EXACTLY",
            "field_to_match": {"single_header": {"name": name}},
            "text_transformations": [{"priority": 0, "type": "NONE"}],
        }
    }


def header_present(name: str) -> Statement:
    """The request has this header, and it is not empty."""
    return {
        "size_constraint_statement": {
            "comparison_operator": "GT",
            "size": 0,
            "field_to_match": {"single_header": {"name": name}},
            "text_transformations": [{"priority": 0, "type": "NONE"}],
        }
    }


def path_matches(pattern: str) -> Statement:
    """The path matches as TMI reads it: percent-decoded once."""
    return {
        "regex_match_statement": {
            "regex_string": pattern,
            "field_to_match": {"uri_path": {}},
            "text_transformations": [{"priority": 0, "type": "URL_DECODE"}],
        }
    }


def query_longer_than(size: int) -> Statement:
    """The query string has more bytes than this."""
    return {
        "size_constraint_statement": {
            "comparison_operator": "GT",
            "size": size,
            "field_to_match": {"query_string": {}},
            "text_transformations": [{"priority": 0, "type": "NONE"}],
        }
    }


def labelled(key: str) -> Statement:
    """An earlier rule has put this label on the request."""
    return {"label_match_statement": {"scope": "LABEL", "key": key}}


def from_countries(countries: Sequence[str]) -> Statement:
    """The client's address belongs to one of these countries."""
    return {"geo_match_statement": {"country_codes": sorted(countries)}}


def from_networks(ip_set_arn: pulumi.Input[str]) -> Statement:
    """The client's address is in this IP set."""
    return {"ip_set_reference_statement": {"arn": ip_set_arn}}


def above_rate(limit: int, pattern: str | None) -> Statement:
    """One address has made more requests than this within the window, on paths that match if there is a pattern."""
    if pattern is None:
        return {
            "rate_based_statement": {
                "limit": limit,
                "aggregate_key_type": "IP",
                "evaluation_window_sec": WINDOW_SECONDS,
            }
        }
    return {
        "rate_based_statement": {
            "limit": limit,
            "aggregate_key_type": "IP",
            "evaluation_window_sec": WINDOW_SECONDS,
            "scope_down_statement": {
                "regex_match_statement": {
                    "regex_string": pattern,
                    "field_to_match": {"uri_path": {}},
                    "text_transformations": [{"priority": 0, "type": "URL_DECODE"}],
                }
            },
        }
    }


def negated(statement: Statement) -> Statement:
    """The statement does not hold."""
    return {"not_statement": {"statement": statement}}


def all_of(*statements: Statement) -> Statement:
    """Every statement holds."""
    return {"and_statement": {"statements": list(statements)}}


def any_of(statements: Sequence[Statement]) -> Statement:
    """One statement holds at least. WAF refuses an `or` of one, so that one stands for itself."""
    return statements[0] if len(statements) == 1 else {"or_statement": {"statements": list(statements)}}
