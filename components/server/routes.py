"""Where a request goes: refused, to the hub, or to the pool. One table for the load balancer and for the proxy.

TMI keeps collaboration sessions, logins under way and vector indexes in the process, so one pod, the hub, has to serve
all that touches them. A group of the table is one rule of the load balancer.

Paths are regular expressions that the load balancer, HAProxy (PCRE) and Python read alike: no lookaround, no
backreference, anchored at both ends, and the same whether the reader searches or matches the whole. The last slash may
be there or not: TMI redirects one form to the other. Source: Application Load Balancer guide, listener rules.

The load balancer compares the path as it was sent. TMI decodes escapes before it routes, so `/%64ev/me` is `/dev/me` to
TMI and not to the balancer; the proxy compares the decoded path and is the lock that holds. It need not clean paths:
`//dev/me` and `/./dev/me` are other paths to TMI, which answers 404. Seen with gin 1.12.0, TMI's router. Nor need a
pattern hold empty identifiers: TMI refuses what is no UUID. Source: TMI, api/uuid_validation_middleware.go.

Methods and paths are those of TMI 1.8.22, compared with regard to case, as TMI does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Destination(StrEnum):
    """Who answers a request."""

    REFUSED = "refused"
    """The edge itself, with 404."""
    HUB = "hub"
    """The one pod that holds the state."""
    POOL = "pool"
    """Any of the pods beside it."""


@dataclass(frozen=True, slots=True)
class Route:
    """Paths that go the same way for the same reason."""

    path: str
    """A regular expression for the whole path."""
    reason: str
    """Why they may go no other way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RouteGroup:
    """Routes that one rule of the load balancer serves."""

    name: str
    """Stable; the rule is called by it."""
    priority: int
    """Stable, with room for others between: a new group moves none."""
    methods: tuple[str, ...] = ()
    """None for all of them. A path that only the hub may serve goes there by any method: HEAD runs TMI's handler for
    GET, and what answers OPTIONS or refuses a method is the same everywhere."""
    routes: tuple[Route, ...]

    def holds(self, method: str, path: str) -> bool:
        """Whether a request is one of this group."""
        return (not self.methods or method in self.methods) and any(
            re.search(route.path, path) for route in self.routes
        )


REFUSED: Final = (
    RouteGroup(
        name="refused-notifications",
        priority=10,
        routes=(
            Route(
                r"^/ws/notifications(/.*)?$",
                "A WebSocket whose first success would deadlock TMI's writes. Source: TMI, api/notification_hub.go.",
            ),
        ),
    ),
    RouteGroup(
        name="refused-internals",
        priority=20,
        routes=(
            Route(
                r"^/api/server-info(/.*)?$",
                "Describes the server to anybody, without a login. Source: TMI, api/server_websocket.go.",
            ),
            Route(
                r"^/dev(/.*)?$",
                "Development helpers, there where the log is in development mode. Source: TMI, cmd/server/main.go.",
            ),
        ),
    ),
)
"""What nobody outside may reach."""

HUB: Final = (
    RouteGroup(
        name="collaboration",
        priority=110,
        routes=(
            Route(
                r"^/threat_models/[^/]+/diagrams/[^/]+/ws/?$",
                "The session's clients and history are in memory; elsewhere a ghost session opens. Source: TMI, "
                "api/websocket.go.",
            ),
            Route(
                r"^/threat_models/[^/]+/diagrams/[^/]+/collaborate/?$",
                "Starts, shows and ends that session; elsewhere the end is answered and nothing ends. Source: TMI, "
                "api/threat_model_diagram_handlers.go.",
            ),
        ),
    ),
    RouteGroup(
        name="sessions",
        priority=120,
        routes=(
            Route(
                r"^/ws/ticket/?$",
                "Looks the session up that the ticket is for; elsewhere 404. Source: TMI, api/ws_ticket_handler.go.",
            ),
            Route(r"^/me/sessions/?$", "Lists the sessions of the process. Source: TMI, api/server_websocket.go."),
        ),
    ),
    RouteGroup(
        name="diagram-writes",
        priority=130,
        methods=("DELETE", "PATCH", "PUT"),
        routes=(
            Route(
                r"^/threat_models/[^/]+/diagrams/[^/]+/?$",
                "Refused while a session is live; elsewhere the session's next operation writes the old cells back. "
                "Reading is safe anywhere. Source: TMI, api/threat_model_diagram_handlers.go.",
            ),
        ),
    ),
    RouteGroup(
        name="threat-model-deletion",
        priority=140,
        methods=("DELETE",),
        routes=(
            Route(
                r"^/threat_models/[^/]+/?$",
                "Refused while one of its diagrams has a session. Source: TMI, api/threat_model_handlers.go.",
            ),
        ),
    ),
    RouteGroup(
        name="logins",
        priority=150,
        routes=(
            Route(
                r"^/oauth2/authorize/?$",
                "Keeps the PKCE challenge of a login by its state. Source: TMI, auth/handlers_oauth.go.",
            ),
            Route(
                r"^/oauth2/callback/?$",
                "Finds it again; elsewhere the login fails. Source: TMI, auth/handlers_oauth.go.",
            ),
            Route(
                r"^/oauth2/step_up/?$",
                "Keeps one for a fresh login. Source: TMI, auth/handlers_step_up.go.",
            ),
        ),
    ),
    RouteGroup(
        name="saml",
        priority=160,
        routes=(
            Route(r"^/saml/.*$", "Keeps and finds the RelayState of a login. Source: TMI, auth/handlers_saml.go."),
        ),
    ),
    RouteGroup(
        name="timmy",
        priority=170,
        routes=(
            Route(
                r"^/threat_models/[^/]+/chat/.*$",
                "Vector indexes and limits of the chat are in memory. Source: TMI, api/timmy_vector_manager.go.",
            ),
            Route(r"^/automation/embeddings/.*$", "Fills those indexes. Source: TMI, api/timmy_vector_manager.go."),
            Route(
                r"^/admin/timmy/.*$", "Reports on the indexes of the process. Source: TMI, api/timmy_vector_manager.go."
            ),
        ),
    ),
)
"""What the hub alone may answer. Timmy's routes are among it although Timmy is off: they cost nothing, and whoever
turns Timmy on need not think of them."""


POOL: Final = RouteGroup(
    name="pool",
    priority=1000,
    routes=(Route(r"^/.*$", "What no rule before it names, any pod may answer."),),
)
"""All the rest. A rule and not the listener's default, so that it can come after the pool's pods and go before them: a
default would change in the middle of a deployment, and requests would meet a pool that is not there yet."""


def destination(method: str, path: str, *, pool: bool) -> Destination:
    """Who answers a request, for a path without a query, decoded as TMI decodes it.

    `pool` says whether pods stand beside the hub; where none does, the hub answers what is not refused.
    """
    if any(group.holds(method, path) for group in REFUSED):
        return Destination.REFUSED
    if not pool or any(group.holds(method, path) for group in HUB):
        return Destination.HUB
    return Destination.POOL


def rules(*, pool: bool) -> tuple[tuple[RouteGroup, Destination], ...]:
    """The groups that the load balancer needs a rule for, in the order of their priorities, each with its destination.

    What none of them takes goes to the hub, which can answer everything.
    """
    refused = [(group, Destination.REFUSED) for group in REFUSED]
    beside = [*((group, Destination.HUB) for group in HUB), (POOL, Destination.POOL)] if pool else []
    return (*refused, *beside)
