"""Where TMI listens, and what it stores in."""

from __future__ import annotations

from typing import Final

from components import timeouts
from components.capacity import POOL_CONNECTIONS
from components.settings.variables.variable import Situation, Variable, fixed, from_file
from components.tmi_paths import RDS_ROOTS_FILE, RDS_ROOTS_PATH, TLS_PATH

LISTENER: Final[tuple[Variable[Situation], ...]] = (
    fixed("TMI_SERVER_INTERFACE", "127.0.0.1", "1.0", "Nothing but the proxy beside it reaches TMI"),
    fixed("TMI_SERVER_PORT", 443, "1.0", "TMI writes any other port into the WebSocket addresses that it hands out"),
    fixed("TMI_SERVER_TLS_ENABLED", value=True, since="1.0", does="Else those addresses would be `ws://`"),
    fixed("TMI_SERVER_TLS_CERT_FILE", f"{TLS_PATH}/tls.crt", "1.0", "Made when the pod starts"),
    fixed(
        "TMI_SERVER_TLS_KEY_FILE", f"{TLS_PATH}/tls.key", "1.0", "A path: given as `file://`, TMI would print the key"
    ),
    Variable(
        "TMI_SERVER_TLS_SUBJECT_NAME",
        "load_balancer.domain",
        "1.0",
        "The host of WebSocket addresses",
        lambda of: of.domain,
    ),
    fixed("TMI_SERVER_HTTP_TO_HTTPS_REDIRECT", value=False, since="1.0", does="The load balancer redirects"),
    Variable(
        "TMI_SERVER_BASE_URL", "load_balancer.domain", "1.0", "TMI's public address", lambda of: f"https://{of.domain}"
    ),
    fixed("TMI_SERVER_READ_TIMEOUT", f"{timeouts.READ}s", "1.0", "The default, 5 s, cuts uploads over slow lines"),
    fixed("TMI_SERVER_WRITE_TIMEOUT", f"{timeouts.WRITE}s", "1.0", "The default, 10 s, is shorter than TMI may work"),
    Variable(
        "TMI_SERVER_IDLE_TIMEOUT",
        "load_balancer.idle_timeout_seconds",
        "1.0",
        "Longer than whoever stands before it keeps one",
        lambda of: f"{timeouts.tmi_idle(of.idle_timeout_seconds)}s",
    ),
    # The proxy beside it and the balancer each add the address they saw.
    Variable(
        "TMI_TRUSTED_PROXIES",
        "network.cidr",
        "1.4.0",
        "The pod itself and the edge subnets; unset, TMI believes any client",
        lambda of: ",".join(["127.0.0.0/8", *of.edge_cidrs]),
    ),
    Variable(
        "TMI_RATELIMIT_PUBLIC_RPM",
        "discovery_requests_per_minute",
        "1.4.0",
        "Of one address, to `/.well-known/`; the web firewall limits the rest",
        lambda of: of.server.discovery_requests_per_minute,
    ),
    Variable(
        "TMI_REQUIRE_IF_MATCH",
        "require_if_match",
        "1.4.0",
        "Whether a change has to name the version it changes",
        lambda of: of.server.require_if_match,
    ),
    Variable(
        "TMI_WEBSOCKET_INACTIVITY_TIMEOUT_SECONDS",
        "collaboration_idle_seconds",
        "1.0",
        "When an idle collaboration ends",
        lambda of: of.server.collaboration_idle_seconds,
    ),
)
"""How it is reached."""

STORES: Final[tuple[Variable[Situation], ...]] = (
    from_file("TMI_DATABASE_URL", "database-url", "database.active", "1.0", "How TMI reaches PostgreSQL, verified"),
    fixed(
        "PGSSLROOTCERT",
        f"{RDS_ROOTS_PATH}/{RDS_ROOTS_FILE}",
        "1.0",
        "TMI drops every parameter of the URL but `sslmode`; the authorities come by this",
    ),
    fixed("TMI_DB_MAX_OPEN_CONNS", POOL_CONNECTIONS, "1.0", "What the database's limits are computed from"),
    fixed(
        "TMI_DB_MAX_IDLE_CONNS",
        POOL_CONNECTIONS,
        "1.0",
        "With the default, 2, TMI opens connections all the time, at a third of the throughput",
    ),
    fixed("TMI_REDIS_HOST", "127.0.0.1", "1.0", "TMI speaks no TLS to Redis; the proxy beside it does"),
    fixed("TMI_REDIS_PORT", 6379, "1.0", "The proxy"),
    from_file("TMI_REDIS_PASSWORD", "redis-password", "secrets.rotation.redis", "1.0", "The AUTH token of Redis"),
)
"""What it stores in."""
