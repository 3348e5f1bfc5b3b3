"""TMI's security events as data: what each line of its log means, and how many of them are too many.

The log shipper puts TMI's JSON line, parsed, below `log_processed`, and says below `kubernetes` whose it is. Patterns
look at both: what a user typed into some other field, or what another container writes, is no event.
Source: values.yaml of chart amazon-cloudwatch-observability 6.4.0 (`Merge_Log On`, `Merge_Log_Key log_processed`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from components.server.pods import TMI_CONTAINER
from components.server.tmi_namespace import NAMESPACE


@dataclass(frozen=True, kw_only=True, slots=True)
class SecurityEvent:
    """Lines of TMI's log that mean one thing."""

    name: str
    """The metric's name, and with `security-` before it the alarm's."""
    meaning: str
    """What is wrong when there are too many."""
    messages: tuple[str, ...]
    """How TMI's messages begin; the rest of a line is names, addresses and errors."""
    tolerated: int
    """How many in five minutes are everyday."""
    reason: str
    """Why that many."""


EVENTS: Final = (
    SecurityEvent(
        name="invalid-tokens",
        meaning="Many requests come with tokens that TMI does not accept: somebody tries stolen or made-up ones.",
        messages=(
            "Authentication failed: Invalid or expired token",
            "Authentication failed: Invalid Authorization header format",
        ),
        tolerated=100,
        reason="A client whose token has expired sends a few requests before it renews it; a hundred are many clients.",
    ),
    SecurityEvent(
        name="websocket-tickets",
        meaning="Somebody opens WebSockets without a ticket, or with one that is used, expired or another session's.",
        messages=(
            "Authentication failed: Missing ticket for WebSocket path",
            "WebSocket ticket validation failed",
            "WebSocket ticket session_id mismatch",
        ),
        tolerated=20,
        reason="A ticket lives for 30 seconds, so a client on a bad line is late now and then.",
    ),
    SecurityEvent(
        name="token-lockouts",
        meaning="TMI locked a client out of its token endpoint: somebody guesses a client secret.",
        messages=("OAuth token lockout",),
        tolerated=0,
        reason="TMI locks at the fifth wrong secret of a client; a client that knows its secret never gets there.",
    ),
    SecurityEvent(
        name="rate-limits",
        meaning="TMI's own limits on logins and discovery are hit, behind those of the web firewall.",
        messages=("Auth flow rate limit exceeded", "IP rate limit exceeded"),
        tolerated=10,
        reason="Many users behind one address reach a limit for a moment; who goes on is no user.",
    ),
    SecurityEvent(
        name="rejected-redirects",
        meaning="A login asked to be sent on to an address outside `server.login.client_callbacks`.",
        messages=("Rejected /oauth2/authorize: client_callback", "Rejected /oauth2/step_up: client_callback"),
        tolerated=0,
        reason="The user interface asks for a listed address each time, unless the list is wrong: look at once too.",
    ),
    SecurityEvent(
        name="pkce-failures",
        meaning="Codes of logins come back without the secret of that login: stolen, or on the wrong process.",
        messages=("PKCE validation failed",),
        tolerated=2,
        reason="A restart of the hub forgets the secrets of logins in flight, which are one or two.",
    ),
    SecurityEvent(
        name="foreign-origins",
        meaning="A page of another origin opened a WebSocket, and came past the web firewall and the side-car.",
        messages=("Rejected WebSocket connection from origin",),
        tolerated=0,
        reason="Both in front of TMI compare origins exactly; one that TMI has to refuse shows that they do not.",
    ),
    SecurityEvent(
        name="denied-administration",
        meaning="Users who are no administrators call what is for administrators.",
        messages=("Admin check: access denied",),
        tolerated=10,
        reason="The user interface shows these pages to administrators alone; a lost right explains a few calls.",
    ),
    SecurityEvent(
        name="denied-access",
        meaning="Users ask for many objects that are not theirs: somebody walks through identifiers.",
        messages=("AuthzMiddleware: access denied",),
        tolerated=50,
        reason="A link that was passed on, or a right that was taken back, is refused once a click.",
    ),
    SecurityEvent(
        name="audit-losses",
        meaning="Entries of TMI's audit trail were not written.",
        messages=("failed to flush debounced audit entry", "Server forced to shutdown"),
        tolerated=0,
        reason="Each line is an entry that is missing, or a stop that had no time to write some.",
    ),
    SecurityEvent(
        name="unchecked-revocations",
        meaning="TMI cannot ask Redis whether a token is revoked, and refuses those requests.",
        messages=("Failed to check token blacklist",),
        tolerated=50,
        reason="A failover of Redis takes about a minute, in which each request leaves two such lines.",
    ),
)
"""What is watched in every stack.

Not among them: `No Bearer header or cookie`, which every visitor who is not logged in yet leaves, and the number of
lines at ERROR, which TMI writes for every 400, 404 and 405.
Source of the messages: TMI 1.8.22, jwt_auth.go, handlers_token.go, handlers_revocation.go, handlers_oauth.go,
handlers_step_up.go, ip_and_auth_rate_limit_middleware.go, websocket.go, authz_middleware.go, auth_helpers.go,
audit_debouncer.go, main.go, token_blacklist.go.
"""

PLAINTEXT_SETTINGS: Final = SecurityEvent(
    name="plaintext-settings",
    meaning="TMI found no usable settings key: secrets among its settings are stored unencrypted.",
    messages=(
        "SECURITY WARNING: Secret-classified settings are stored as plaintext",
        "No settings encryption key configured",
        "Failed to initialize settings encryptor",
    ),
    tolerated=0,
    reason="TMI says so once, at its start, and runs on.",
)
"""What is watched where `server.settings_encryption` is on; elsewhere each start of TMI says it, and means it.

Source: TMI 1.8.22, startup_checks.go, settings_encryptor.go, main.go."""


def security_events(*, settings_encryption: bool) -> tuple[SecurityEvent, ...]:
    """What is watched in a stack."""
    return (*EVENTS, PLAINTEXT_SETTINGS) if settings_encryption else EVENTS


def of_tmi() -> str:
    """The part of a pattern that matches what TMI writes, whatever it is."""
    namespace, container = json.dumps(NAMESPACE), json.dumps(TMI_CONTAINER)
    return f"($.kubernetes.namespace_name = {namespace}) && ($.kubernetes.container_name = {container})"


def filter_pattern(event: SecurityEvent) -> str:
    """The pattern of CloudWatch Logs that matches the event's lines. A `*` at the end stands for any rest."""
    messages = " || ".join(f"($.log_processed.msg = {json.dumps(f'{message}*')})" for message in event.messages)
    return f"{{ {of_tmi()} && ({messages}) }}"


def metric_namespace(stack_name: str) -> str:
    """Where the counts are. The stack is part of it: no dimension tells the counts of two stacks apart."""
    return f"TMI/{stack_name}/Security"
