"""Clients: what a pod is told to speak to, it speaks to by TLS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from policy.facts.pods import POD_TYPES, Container, manifests, pods, tokens
from policy.graph import Resource
from policy.rule import Description, ResourceRule, Severity, Violation
from policy.values import Plain, elements, read

_CONFIG_MAPS: Final = tokens("core/v1:ConfigMap")

_URL: Final = re.compile(
    r"\b(?P<scheme>https?|wss?|rediss?|postgres(?:ql)?|ldaps?|amqps?)://(?:[^\s/@\"']*@)?"
    r"(?P<host>\[[0-9a-f:]+\]|[^\s:/?#\"'\\<>]*)(?P<rest>[^\s\"'\\<>]*)",
    re.IGNORECASE,
)
_PLAIN: Final = ("http", "ws", "redis", "ldap", "amqp")
_ITSELF: Final = re.compile(r"localhost|127(?:\.\d{1,3}){3}|\[::1\]|", re.IGNORECASE)
"""The pod itself; a URL without a host, as of a socket, leads nowhere else."""
_NAMESPACES: Final = re.compile(
    r"(?:www\.)?(?:w3\.org|xmlsoap\.org|oasis-open\.org)|(?:schemas|docs)\..+", re.IGNORECASE
)
"""Hosts of names of XML, which look like a URL and are never asked."""
_CHECKED: Final = "verify-full"


def clients_speak_tls(resource: Resource) -> Iterator[Violation]:
    """No URL of a pod or a ConfigMap is plaintext, but to the pod itself; PostgreSQL's server proves who it is."""
    if resource.type in _CONFIG_MAPS:
        for each in manifests(resource):
            entries = each.get("data")
            known = list(entries.items()) if isinstance(entries, Mapping) else []
            for number, (name, value) in enumerate(known, start=1):
                for fault in dict.fromkeys(_faults(name, value, dict(known).get("PGSSLMODE"))):
                    yield Violation(resource, f"data, entry number {number}: {fault}")
    else:
        for pod in pods(resource):
            for container in pod.containers():
                yield from (Violation(resource, f"{container.where}: {fault}") for fault in _told(container))


def _told(container: Container) -> Iterator[str]:
    variables = [(read(each, "name"), read(each, "value")) for each in elements(container.get("env"))]
    mode = next((value for name, value in variables if name == "PGSSLMODE"), None)
    for number, (name, value) in enumerate(variables, start=1):
        yield from (f"env, number {number}: {fault}" for fault in dict.fromkeys(_faults(name, value, mode)))
    for argument in (each for name in ("command", "args") for each in elements(container.get(name))):
        yield from (f"its command or arguments: {fault}" for fault in dict.fromkeys(_faults(None, argument, mode)))


def _faults(name: Plain, value: Plain, mode: Plain) -> Iterator[str]:
    """What is wrong with one text; `mode` is what libpq's own variable says beside it."""
    if name == "PGSSLMODE" and isinstance(value, str) and value != _CHECKED:
        yield f"it must be {_CHECKED}: any other mode takes a server at its word"
    for url in _URL.finditer(value) if isinstance(value, str) else ():
        scheme = url["scheme"].lower()
        if _ITSELF.fullmatch(url["host"]) or (scheme == "http" and _NAMESPACES.fullmatch(url["host"])):
            continue
        if scheme in _PLAIN:
            yield f"it speaks {scheme} to another host: take the scheme that has TLS"
        elif scheme.startswith("postgres"):
            said = re.search(r"[?&]sslmode=([^&#]*)", url["rest"])
            if (said[1] if said else mode) != _CHECKED:
                yield f"it speaks to PostgreSQL without sslmode={_CHECKED}"


CLIENTS_SPEAK_TLS: Final = ResourceRule(
    about=Description(
        id="clients-speak-tls",
        title="Pods are told to speak TLS to every other host, and to check PostgreSQL's certificate",
        severity=Severity.HIGH,
        frameworks=("WA SEC09", "FSBP RDS.38", "FSBP ElastiCache.5", "NSA encryption"),
        why="A server that demands TLS stops no client that is told to speak plaintext to somebody else in its place.",
        remediation="Write https, wss, rediss, ldaps or amqps; add sslmode=verify-full, or set PGSSLMODE beside it.",
    ),
    types=POD_TYPES | _CONFIG_MAPS,
    check=clients_speak_tls,
)
