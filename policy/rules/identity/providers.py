"""Providers: which account a stack is deployed to, and as whom."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final, cast

from policy.facts.tiers import TIER, for_development
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, ResourceRule, Severity, Violation
from policy.values import Plain, elements, present, read

_AWS: Final = "pulumi:providers:aws"
_KUBERNETES: Final = "pulumi:providers:kubernetes"
_KEYS: Final = ("accessKey", "secretKey", "token")
_OF_A_USER: Final = ("token", "password", "client-key-data", "clientKeyData")


def accounts_bound(graph: Graph) -> Iterator[Violation]:
    """In production each provider says which account it is for: with other credentials nothing happens."""
    used = {each.provider for each in graph if each.provider and not for_development(graph, each)}
    for provider in graph.of_type(_AWS):
        if provider.urn in used and not _is_bound(provider):
            yield Violation(provider, "allowedAccountIds must name the account of this stack")


def _is_bound(provider: Resource) -> bool:
    """A list is a text of JSON to the engine."""
    accounts = provider.get("allowedAccountIds")
    return present(accounts) and accounts != "[]"


def providers_without_credentials(provider: Resource) -> Iterator[Violation]:
    """No provider holds credentials, which would stay in the state, and none trusts any server."""
    if provider.type == _AWS:
        for name in _KEYS:
            if present(provider.get(name)):
                yield Violation(provider, f"{name} must be left to the environment")
        if provider.get("insecure") not in (None, False, "false"):
            yield Violation(provider, "insecure takes any certificate for that of AWS; leave it out")
        return
    document = _document(provider.get("kubeconfig"))
    for number, each in enumerate(elements(read(document, "clusters")), start=1):
        cluster = read(each, "cluster")
        if read(cluster, "insecure-skip-tls-verify") not in (None, False):
            yield Violation(provider, f"kubeconfig, cluster number {number}: it takes any server for the cluster")
        server = read(cluster, "server")
        if isinstance(server, str) and server.lower().startswith("http://"):
            yield Violation(provider, f"kubeconfig, cluster number {number}: it speaks plaintext to the API")
    for number, each in enumerate(elements(read(document, "users")), start=1):
        if any(present(read(each, "user", name)) for name in _OF_A_USER):
            yield Violation(provider, f"kubeconfig, user number {number}: it holds a credential; let exec ask for one")


def _document(value: Plain) -> Plain:
    """What a kubeconfig of JSON says; nothing if it is a path, YAML, absent or unknown."""
    if not isinstance(value, str):
        return value if isinstance(value, Mapping) else None
    try:
        found: object = json.loads(value)
    except (ValueError, RecursionError):  # no JSON, or brackets without end
        return None
    return cast("Plain", found) if isinstance(found, dict) else None


ACCOUNTS_BOUND: Final = GraphRule(
    about=Description(
        id="accounts-bound",
        title="Production is deployed to the account that the program names",
        severity=Severity.HIGH,
        frameworks=("WA SEC01", "WA OPS05"),
        why="Credentials of another account in somebody's shell build a second production there, without a question.",
        remediation=f"Declare a provider with allowedAccountIds, or tag it {TIER}=development.",
    ),
    check=accounts_bound,
)
PROVIDERS_WITHOUT_CREDENTIALS: Final = ResourceRule(
    about=Description(
        id="providers-without-credentials",
        title="Providers hold no credentials and check whom they speak to",
        severity=Severity.HIGH,
        frameworks=("WA SEC02", "CIS EKS 3.1.1"),
        why="What a provider is given stays in the state; who reads it owns the account or the cluster.",
        remediation="Let the AWS provider find its credentials, and let the kubeconfig call aws eks get-token by exec.",
    ),
    types=frozenset({_AWS, _KUBERNETES}),
    check=providers_without_credentials,
)
