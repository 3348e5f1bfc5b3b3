"""haproxy.cfg: what it lets in, and how it speaks to Redis. That HAProxy accepts it, a real one has to say."""

from __future__ import annotations

import re

import pytest

from components.server.haproxy import configuration
from components.server.routes import HUB, REFUSED, Destination
from tests.tmi_requests import REQUESTS

REDIS = "master.tmi.example.cache.amazonaws.com"


def rendered(*origins: str, body_limit_mib: int = 2, idle_timeout_seconds: int = 120, pool: bool = False) -> list[str]:
    text = configuration(
        domain="tmi.example.com",
        origins=origins or ("https://ui.example.com",),
        body_limit_mib=body_limit_mib,
        idle_timeout_seconds=idle_timeout_seconds,
        redis_endpoint=REDIS,
        pool=pool,
    )
    return [line.strip() for line in text.splitlines()]


def section(title: str) -> list[str]:
    lines = rendered()
    start = lines.index(title) + 1
    ends = (index for index in range(start, len(lines)) if not lines[index] and index > start)
    return lines[start : next(ends, len(lines))]


def test_nothing_of_the_template_is_left() -> None:
    placeholders = [line for line in rendered() if re.search(r"\$\{(?!REDIS_TOKEN\})", line)]
    assert placeholders == []


def test_bodies_are_bounded_and_chunked_ones_refused() -> None:
    lines = rendered(body_limit_mib=3)
    assert "http-request deny deny_status 413 if { req.body_size gt 3145728 }" in lines
    assert "http-request deny deny_status 400 if { req.hdr(transfer-encoding) -m found }" in lines


def test_no_body_is_awaited_before_all_refusals() -> None:
    lines = rendered(pool=True)
    assert "option http-buffer-request" not in lines
    waits = lines.index("http-request wait-for-body time 10s")
    assert max(number for number, line in enumerate(lines) if line.startswith("http-request deny")) < waits


def test_websockets_are_for_whole_origins() -> None:
    lines = rendered("https://a.example.com", "https://b.example.com")
    assert "acl known_origin req.hdr(origin) -m str https://a.example.com https://b.example.com" in lines
    assert "http-request deny deny_status 403 if websocket has_origin !known_origin" in lines


def refusals(*, pool: bool) -> list[tuple[int, set[str], list[str]]]:
    """What the proxy answers itself, by path: the status, the methods (none for all), the patterns."""
    lines = rendered(pool=pool)
    (named,) = [line.removeprefix("acl refused ") for line in lines if line.startswith("acl refused ")]
    rules = [line.replace(" if refused", f" if {{ {named} }}") for line in lines if "deny" in line]
    found = [
        re.fullmatch(
            r"http-request deny deny_status (\d+) if (?:\{ method ([A-Z ]+) \} )?\{ var\(txn\.path\) -m reg (.*) \}",
            rule,
        )
        for rule in rules
    ]
    return [
        (int(match[1]), set((match[2] or "").split()), re.findall("'([^']*)'", match[3])) for match in found if match
    ]


def answer(method: str, path: str, *, pool: bool) -> int | None:
    """What the proxy answers itself to a request, if anything."""
    for status, methods, patterns in refusals(pool=pool):
        if (not methods or method in methods) and any(re.search(pattern, path) for pattern in patterns):
            return status
    return None


@pytest.mark.parametrize("pool", [False, True])
def test_its_refusals_are_those_of_the_table(pool: bool) -> None:  # noqa: FBT001 -- a column of the table
    statuses = [status for status, _, _ in refusals(pool=pool)]
    assert statuses == [404, *([503] * len(HUB) if pool else [])]
    patterns = [pattern for _, _, found in refusals(pool=pool) for pattern in found]
    assert patterns == [route.path for group in (*REFUSED, *(HUB if pool else ())) for route in group.routes]


def test_a_pool_pod_refuses_what_the_hub_must_answer() -> None:
    expected = {Destination.REFUSED: 404, Destination.HUB: 503, Destination.POOL: None}
    answers = {request: answer(request.method, request.path, pool=True) for request in REQUESTS}
    assert [str(request) for request, found in answers.items() if found != expected[request.destination]] == []


def test_paths_are_compared_as_tmi_reads_them() -> None:
    lines = rendered(pool=True)
    assert "http-request set-var(txn.path) path,url_dec" in lines
    assert "acl decoded var(txn.path) -m found" in lines
    assert "acl control_characters var(txn.path) -m reg '[[:cntrl:]]'" in lines
    assert "http-request deny deny_status 400 if !decoded || control_characters" in lines
    assert "acl websocket var(txn.path) -m end /ws" in lines
    assert lines.index("http-request set-var(txn.path) path,url_dec") < min(
        number for number, line in enumerate(lines) if "var(txn.path) -m" in line
    )
    assert not [line for line in lines if re.search(r"\bpath(_beg|_end|_reg|_sub)\b", line)]


def test_it_keeps_connections_longer_than_the_load_balancer() -> None:
    assert "timeout http-keep-alive 310s" in rendered(idle_timeout_seconds=300)


def test_a_client_cannot_say_who_it_is() -> None:
    lines = rendered()
    assert "option forwardfor" in lines
    assert "http-request del-header X-Real-IP" in lines
    assert "http-request set-header X-Request-ID %[unique-id]" in lines


def test_logs_hold_no_query() -> None:
    (log_format,) = [line for line in rendered() if line.startswith("log-format")]
    assert "%{+Q}HPO" in log_format
    assert not re.search(r"%(\{\+Q\})?(HU|HP|HQ|r)\b", log_format)


def test_the_two_answers_of_the_root_are_kept_apart() -> None:
    for kind, accept in (("root_html", "text/html"), ("root_json", "application/json")):
        backend = section(f"backend {kind} from http")
        assert f"http-request cache-use {kind}" in backend
        assert f"http-response cache-store {kind}" in backend
        assert f"http-request set-header Accept {accept}" in backend
        assert next(line for line in backend if line.startswith("server ")).endswith("maxconn 1")


def test_redis_is_verified_by_one_name() -> None:
    (server,) = [line for line in rendered() if line.startswith("server primary")]
    assert server == f"server primary {REDIS}:6379 check"
    defaults = [line for line in rendered() if line.startswith("default-server")]
    names = f"sni str({REDIS}) verifyhost {REDIS} check-sni {REDIS}"
    assert f"default-server ssl verify required ca-file @system-ca {names}" in defaults
    assert "default-server inter 2s fastinter 1s fall 2 rise 1 on-marked-down shutdown-sessions" in defaults
    assert "default-server resolvers cluster resolve-prefer ipv4 init-addr libc,none" in defaults


def test_redis_is_up_only_as_a_primary_that_takes_the_token() -> None:
    checks = [line for line in rendered() if line.startswith("tcp-check")]
    assert checks == [
        "tcp-check connect default",
        'tcp-check send "AUTH ${REDIS_TOKEN}\\r\\n"',
        "tcp-check expect string +OK",
        'tcp-check send "PING\\r\\n"',
        "tcp-check expect string +PONG",
        'tcp-check send "INFO replication\\r\\n"',
        "tcp-check expect string role:master",
    ]


def test_tmi_is_verified_though_it_is_next_door() -> None:
    (server,) = [line for line in rendered() if line.startswith("server tmi") and "maxconn" not in line]
    tls = "ssl verify required ca-file /run/tmi/tls/tls.crt verifyhost localhost sni str(localhost)"
    assert server == f"server tmi 127.0.0.1:443 {tls}"


def test_an_outage_of_dns_does_not_cut_redis_off() -> None:
    lines = rendered()
    assert [f"hold {kind} 1h" for kind in ("nx", "timeout", "refused", "other") if f"hold {kind} 1h" not in lines] == []
    assert "hold valid 5s" in lines
