"""The rules of the web firewall, in the order in which AWS WAF asks them.

The first rule that refuses decides; a request that none refuses is let through. Nothing is allowed early, so no rule
can be walked around by satisfying another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.settings.edge import WebFirewallSettings
from components.web_firewall.managed_groups import GROUPS, VENDOR, ManagedGroup, Replacement, labels_replaced_by
from components.web_firewall.patterns import (
    JSON_MEDIA_TYPE,
    LOGIN_PATHS,
    ROOT_PATH,
    TOKEN_PATHS,
    WEBSOCKET_PATHS,
    number_above,
)
from components.web_firewall.statements import (
    WINDOW_SECONDS,
    Statement,
    above_rate,
    all_of,
    any_of,
    from_countries,
    from_networks,
    header_equals,
    header_matches,
    header_present,
    labelled,
    negated,
    path_matches,
    query_longer_than,
)

QUERY_LIMIT: Final = 8192
"""The longest query string, in bytes. AWS's own rule stops at 2,048; codes, states and redirected SAML messages of
identity providers go beyond that. The load balancer takes 16 KiB for the request line and the proxy as much for the
whole head. Source: Elastic Load Balancing, quotas of Application Load Balancers; HAProxy, tune.bufsize."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a refused client gets: a status, and an error in the form of TMI's own."""

    status: int
    """The HTTP status; one of those that WAF can send."""
    error: str
    """The code, which also names the body in the web ACL."""
    description: str
    """The sentence for people."""
    retry_after_seconds: int | None = None
    """After how long it is worth trying again, where it ever is."""


FORBIDDEN: Final = Answer(status=403, error="forbidden", description="The web firewall refused this request.")
BODY_TOO_LARGE: Final = Answer(status=413, error="request_too_large", description="The body is larger than allowed.")
QUERY_TOO_LONG: Final = Answer(status=414, error="query_too_long", description="The query string is too long.")
TOO_MANY: Final = Answer(
    status=429,
    error="rate_limit_exceeded",
    description="Too many requests from this address.",
    # After a window without requests, none is counted any more.
    retry_after_seconds=WINDOW_SECONDS,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One rule of the web ACL. Its place in the list is its priority."""

    name: str
    """Its name, in logs and metrics too."""
    refuses: str
    """What it refuses, for the reference page; settings by their name in the stack file."""
    statement: Statement
    """What a request must satisfy to be refused."""
    answer: Answer | None
    """What is answered; a managed group has answers of its own."""


def rules(
    settings: WebFirewallSettings,
    *,
    body_limit_mib: int,
    origins: Sequence[str],
    networks_arn: pulumi.Input[str] | None,
) -> list[Rule]:
    """All rules.

    `origins` are those of web user interfaces, never none; `networks_arn` is the IP set of the allowed networks, if
    the settings name any.
    """
    return [
        *_allow_lists(settings.allowed_countries, networks_arn),
        Rule(
            name=Replacement.DECLARED_LENGTH.value,
            refuses="A Content-Length above `server.body_limit_mib`",
            statement=header_matches("content-length", number_above(body_limit_mib * 1024 * 1024)),
            answer=BODY_TOO_LARGE,
        ),
        Rule(
            name=Replacement.QUERY_LENGTH.value,
            refuses=f"A query string of more than {QUERY_LIMIT:,} bytes",
            statement=query_longer_than(QUERY_LIMIT),
            answer=QUERY_TOO_LONG,
        ),
        *_rates(settings),
        Rule(
            name="websocket-origin",
            refuses="A WebSocket from a page that is not exactly one of `server.user_interface_origins`",
            # TMI compares prefixes. Without an Origin it is no browser, which nobody can lure to another site.
            statement=all_of(
                path_matches(WEBSOCKET_PATHS),
                header_present("origin"),
                negated(any_of([header_equals("origin", origin) for origin in origins])),
            ),
            answer=FORBIDDEN,
        ),
        *map(_managed, GROUPS),
        Rule(
            name=Replacement.ATTACK_IN_BODY.value,
            refuses="A body in which a group above counted an attack, and whose Content-Type is not JSON",
            statement=all_of(
                any_of([labelled(label) for label in labels_replaced_by(Replacement.ATTACK_IN_BODY)]),
                # Whoever lies about the type gains nothing: TMI reads a body as what its Content-Type says.
                negated(header_matches("content-type", JSON_MEDIA_TYPE, "LOWERCASE")),
            ),
            answer=FORBIDDEN,
        ),
    ]


def _allow_lists(countries: Sequence[str], networks_arn: pulumi.Input[str] | None) -> list[Rule]:
    allowed = [from_countries(countries)] if countries else []
    if networks_arn is not None:
        allowed.append(from_networks(networks_arn))
    if not allowed:
        return []
    return [
        Rule(
            name="allow-lists",
            refuses="An address in neither `web_firewall.allowed_countries` nor `allowed_networks`, if one names any",
            statement=negated(any_of(allowed)),
            answer=FORBIDDEN,
        )
    ]


def _rates(settings: WebFirewallSettings) -> list[Rule]:
    limits = settings.rate_limits
    return [
        Rule(
            name=f"rate-{name}",
            refuses=f"{what} of one address above `web_firewall.rate_limits.{name}` in {WINDOW_SECONDS} s",
            statement=above_rate(limit, pattern),
            answer=TOO_MANY,
        )
        for name, what, limit, pattern in (
            ("site", "Requests", limits.site, None),
            ("root", "Requests for exactly `/`", limits.root, ROOT_PATH),
            ("login", "Requests below `/oauth2/` and `/saml/`", limits.login, LOGIN_PATHS),
            ("token", "Requests for `/oauth2/token` and `/oauth2/refresh`", limits.token, TOKEN_PATHS),
        )
    ]


def _managed(group: ManagedGroup) -> Rule:
    statement: Statement = {
        "managed_rule_group_statement": {
            "vendor_name": VENDOR,
            "name": group.name,
            "rule_action_overrides": [{"name": rule.name, "action_to_use": {"count": {}}} for rule in group.counted],
        }
    }
    return Rule(name=group.name, refuses=group.refuses, statement=statement, answer=None)
