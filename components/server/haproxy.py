"""The configuration of the proxy in TMI's pod: the way in over TLS, and the way to Redis over TLS.

It has to load on HAProxy 2.6, Debian's, as well as on the version of the image.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import Template
from typing import Final

from components import timeouts
from components.server.entrance import HEALTH_PATH, HTTPS_PORT
from components.server.routes import HUB, REFUSED, RouteGroup
from components.tmi_paths import TLS_PATH

READINESS_PORT: Final = 8444
"""Says whether Redis answers; for the kubelet alone, in no Service and no network policy."""
REDIS_TOKEN_VARIABLE: Final = "REDIS_TOKEN"  # noqa: S105 -- a name
"""The variable with the token of Redis. HAProxy reads a token from nowhere else."""

_CONFIGURATION: Final = Template("""\
global
    log stdout format raw local0 info
    maxconn 1000
    nbthread 2
    hard-stop-after ${hard_stop}s
    ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
    ssl-default-server-options ssl-min-ver TLSv1.2

resolvers cluster
    parse-resolv-conf
    hold valid 5s
    # While names are out of order the last address stays: without these, a healthy Redis is cut off after 30 s.
    hold nx 1h
    hold timeout 1h
    hold refused 1h
    hold other 1h

defaults http
    mode http
    log global
    log-format "client=%ci method=%HM path=%{+Q}HPO status=%ST bytes=%B milliseconds=%Ta to=%b/%s state=%tsc id=%ID"
    unique-id-format %[uuid()]
    option dontlognull
    timeout connect ${connect}s
    timeout http-request ${request}s
    timeout http-keep-alive ${idle}s
    timeout client ${server}s
    timeout server ${server}s
    timeout tunnel ${idle}s

frontend https from http
    bind :${https_port} ssl crt ${tls}/haproxy.pem alpn http/1.1
    option forwardfor
    # With it a body needs no length; a client that knows nobody asked could begin with it unasked.
    option disable-h2-upgrade

    # The path as TMI reads it, escapes decoded once. TMI answers 400 as well to what cannot be decoded; and behind the
    # end of a line the patterns would not look.
    http-request set-var(txn.path) path,url_dec
    acl decoded var(txn.path) -m found
    acl control_characters var(txn.path) -m reg '[[:cntrl:]]'
    acl refused var(txn.path) -m reg ${refused}
    acl root path /
    acl reads method GET HEAD
    acl websocket var(txn.path) -m end /ws
    acl has_origin req.hdr(origin) -m found
    acl known_origin req.hdr(origin) -m str ${origins}

    # TMI reads any body into memory before it asks who sends it, and a chunked one says no length. Not `hdr_val`: it
    # counts with 32 bits, where four gigabytes and one byte are one byte.
    http-request deny deny_status 413 if { req.body_size gt ${body_limit} }
    http-request deny deny_status 400 if { req.hdr(transfer-encoding) -m found }
    http-request deny deny_status 400 if !decoded || control_characters
    http-request deny deny_status 404 if refused
${hub_alone}    # TMI compares prefixes: an origin that only begins like a known one would pass.
    http-request deny deny_status 403 if websocket has_origin !known_origin
    # Only now: what is refused is refused by its first lines. An upload that stalls ends here, and never holds TMI.
    http-request wait-for-body time ${request}s
    http-request set-log-level silent if { path ${health} }
    http-request del-header X-Real-IP
    http-request set-header X-Forwarded-Proto https
    http-request set-header X-Request-ID %[unique-id]

    # The root costs TMI a third of a second and is open to all. Whatever would make two answers of one is taken away,
    # and the headers for browsers are added after the cache.
    http-request set-var(txn.root) bool(true) if root reads
    http-request set-var(txn.origin) req.hdr(origin) if root reads known_origin
    http-after-response set-header Access-Control-Allow-Origin %[var(txn.origin)] if { var(txn.origin) -m found }
    http-after-response set-header Access-Control-Allow-Credentials true if { var(txn.origin) -m found }
    http-after-response set-header Vary Origin if { var(txn.root) -m bool }
    use_backend root_html if root reads { req.hdr(accept) -m sub text/html }
    use_backend root_json if root reads
    default_backend tmi

backend tmi from http
    server tmi 127.0.0.1:443 ${verified}

cache root_html
    total-max-size 1
    max-age 5

cache root_json
    total-max-size 1
    max-age 5

backend root_html from http
${root_html}
backend root_json from http
${root_json}
frontend readiness from http
    bind :${readiness_port} ssl crt ${tls}/haproxy.pem alpn http/1.1
    monitor-uri /ready
    monitor fail if { nbsrv(redis) lt 1 }
    http-request set-log-level silent

defaults tcp
    mode tcp
    timeout connect 3s
    timeout check 3s
    # TMI keeps pooled connections for half an hour.
    timeout client 35m
    timeout server 35m
    option clitcpka
    option srvtcpka

frontend tmi_to_redis from tcp
    bind 127.0.0.1:6379
    default_backend redis

backend redis from tcp
    option tcp-check
    tcp-check connect default
    tcp-check send "AUTH $${${token}}\\r\\n"
    tcp-check expect string +OK
    tcp-check send "PING\\r\\n"
    tcp-check expect string +PONG
    # A node that lost its role still answers, and refuses writes.
    tcp-check send "INFO replication\\r\\n"
    tcp-check expect string role:master
    # Three names that must be one: what is asked for, what is verified, and what the check asks for.
    default-server ssl verify required ca-file @system-ca sni str(${redis}) verifyhost ${redis} check-sni ${redis}
    default-server inter 2s fastinter 1s fall 2 rise 1 on-marked-down shutdown-sessions
    # Looked up again and again, or a failover to another address would never be followed.
    default-server resolvers cluster resolve-prefer ipv4 init-addr libc,none
    server primary ${redis}:6379 check
""")

_ROOT: Final = Template("""\
    http-request set-uri /
    http-request set-header Host ${domain}
    http-request set-header Accept ${accept}
    http-request del-header Origin
    http-request del-header Authorization
    http-request del-header Cookie
    http-request del-header Cache-Control
    http-request del-header Pragma
    http-request cache-use ${cache}
    http-response del-header Vary
    http-response set-header Cache-Control max-age=5
    http-response cache-store ${cache}
    server tmi 127.0.0.1:443 ${verified} maxconn 1
""")


def configuration(
    *,
    domain: str,
    origins: Sequence[str],
    body_limit_mib: int,
    idle_timeout_seconds: int,
    redis_endpoint: str,
    answer_seconds: int | None = None,
    pool: bool = False,
) -> str:
    """The text of haproxy.cfg.

    `origins` are those of web user interfaces, `idle_timeout_seconds` is the load balancer's: connections to it are
    kept longer than that, or it would answer 502 at random. `redis_endpoint` is the host name of the primary,
    `answer_seconds` how long TMI waits for a model that answers. In a `pool` pod the hub's routes are answered 503:
    what the load balancer sends the wrong way, an encoded path among it, fails loudly where TMI would lose edits.
    """
    verified = f"ssl verify required ca-file {TLS_PATH}/tls.crt verifyhost localhost sni str(localhost)"
    html, json = (
        _ROOT.substitute(domain=domain, accept=accept, cache=cache, verified=verified)
        for cache, accept in (("root_html", "text/html"), ("root_json", "application/json"))
    )
    return _CONFIGURATION.substitute(
        hard_stop=timeouts.PROXY_HARD_STOP,
        connect=timeouts.PROXY_CONNECT,
        request=timeouts.PROXY_REQUEST,
        server=timeouts.proxy_server(answer_seconds),
        idle=timeouts.proxy_idle(idle_timeout_seconds),
        health=HEALTH_PATH,
        https_port=HTTPS_PORT,
        readiness_port=READINESS_PORT,
        tls=TLS_PATH,
        refused=_patterns(*REFUSED),
        hub_alone="".join(f"    http-request deny deny_status 503 if {_condition(group)}\n" for group in HUB if pool),
        origins=" ".join(origins),
        body_limit=body_limit_mib * 1024 * 1024,
        verified=verified,
        root_html=html,
        root_json=json,
        token=REDIS_TOKEN_VARIABLE,
        redis=redis_endpoint,
    )


def _patterns(*groups: RouteGroup) -> str:
    """The paths of some groups as HAProxy's patterns. In strong quotes, where it reads nothing as its own."""
    return " ".join(f"'{route.path}'" for group in groups for route in group.routes)


def _condition(group: RouteGroup) -> str:
    """Whether a request is one of a group, as HAProxy asks it."""
    methods = f"{{ method {' '.join(group.methods)} }} " if group.methods else ""
    return f"{methods}{{ var(txn.path) -m reg {_patterns(group)} }}"
