"""Every time limit between a browser and TMI, in one place: each hop has to outlast the one it stands behind.

Three chains, and what breaks where a link is too short:

- idle connections: balancer < proxy < TMI. The one that sends must be the one that closes, or its next request meets a
  closed connection and the user reads 502;
- requests: TMI's handler < TMI's write limit < proxy < balancer. The hop nearest to the cause answers, and says why;
- the end of a pod: stop delay + hard exit < grace = deregistration. Nothing that TMI would finish is cut off.

All figures are seconds. What belongs to TMI is that of TMI 1.8.22.
"""

from __future__ import annotations

from typing import Final

WEBSOCKET_PING: Final = 30
"""How often TMI pings each WebSocket, so that none is ever silent for longer. Source: TMI, api/websocket.go."""
WEBSOCKET_READ_DEADLINE: Final = 90
"""After how much silence, pongs included, TMI gives a WebSocket up. Source: TMI, api/websocket.go."""

KEEP_ALIVE_MARGIN: Final = 10
"""By how much each hop keeps an idle connection longer than the hop before it."""
CLIENT_KEEP_ALIVE: Final = 3600
"""How long the balancer serves one connection of a browser before it asks for a new one; AWS's own default, spelled
out. It bounds how long a client stays with an address that the balancer's name no longer gives.
Source: Application Load Balancer guide, HTTP client keepalive duration."""

HANDLER: Final = 30
"""How long TMI works on a request. Source: TMI, cmd/server/main.go."""
READ: Final = 30
"""How long TMI waits for a whole request. Its default, 5, would cut uploads over slow lines."""
WRITE: Final = 35
"""How long TMI takes to answer, its work included. Its default, 10, is shorter than a handler may work."""
PROXY_REQUEST: Final = 10
"""How long the proxy waits for a request, or for as much of its body as its buffer holds, before TMI sees any of it."""
PROXY_CONNECT: Final = 3
"""How long the proxy tries to connect to what is next door, or to Redis."""
PROXY_SERVER: Final = 50
"""How long the proxy waits for TMI, and for a client that stalls. TMI sets no limit to a database that hangs; this
does, before the balancer would."""
ANSWER_MARGIN: Final = 10
"""By how much the proxy waits longer than TMI waits for a model that answers, so that TMI says what went wrong."""

STOP_DELAY: Final = 20
"""How long TMI still serves after its pod was told to go. When it stops its listener closes at once, so the load
balancer has to have noticed first that it should send no more; what is under way then, TMI finishes."""
HARD_EXIT: Final = 35
"""How long TMI takes to end at most. Source: TMI, cmd/server/main.go."""
PROXY_HARD_STOP: Final = 20
"""How long the proxy, told to go after TMI, waits for connections that do not end by themselves."""
GRACE: Final = 60
"""How long a pod may take to end. The balancer keeps the open connections of a leaving pod as long: a shorter delay
would cut requests that TMI still finishes, a longer one would wait for a pod that is gone."""

HEALTH_INTERVAL: Final = 10
"""How often the balancer asks a pod whether it is well."""
HEALTH_TIMEOUT: Final = 5
"""How long it waits for the answer, which takes TMI 10 ms."""
MIN_READY: Final = 3 * HEALTH_INTERVAL
"""How long a new pod of the pool has to be ready before an old one goes. The balancer needs two checks to send it
requests; by its readiness gate the pod is not ready before that, and where it has no gate this is long enough."""


def proxy_idle(balancer_idle: int) -> int:
    """How long the proxy keeps a silent connection, between requests or upgraded to a WebSocket.

    `balancer_idle` is the balancer's idle timeout, the one figure of the chain that the stack file gives.
    """
    return balancer_idle + KEEP_ALIVE_MARGIN


def proxy_server(answer: int | None) -> int:
    """How long the proxy waits for TMI, where TMI waits so long for the answer of a model; None without Timmy.

    TMI sets no limit of its own to an answer that it streams. Source: TMI, api/timmy_sse.go.
    """
    return PROXY_SERVER if answer is None else max(PROXY_SERVER, answer + ANSWER_MARGIN)


def tmi_idle(balancer_idle: int) -> int:
    """How long TMI keeps a silent connection of the proxy."""
    return proxy_idle(balancer_idle) + KEEP_ALIVE_MARGIN
