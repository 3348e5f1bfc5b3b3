"""Questions of the runbooks to the logs of everything around TMI."""

from __future__ import annotations

from typing import Final

from components.monitoring.queries.query import NEWEST, Query, Source

_CALLED: Final = "fields @timestamp, user.username, verb, objectRef.namespace, objectRef.name"
_PACKETS: Final = r"parse @message /^\S+ \S+ (?<interface>\S+) (?<source>\S+) (?<target>\S+) \S+ (?<port>\S+)/"
"""The first fields of our flow logs, which Insights finds by itself in those of the default format alone."""
_PRIVATE: Final = r"/^(10|192\.168|172\.(1[6-9]|2[0-9]|3[01]))\./"

OF_PLATFORM: Final = (
    Query(
        name="web-firewall/rules",
        question="Which rule refused whom?",
        source=Source.WEB_FIREWALL,
        lines=(
            'filter action = "BLOCK"',
            "stats count() as refused by terminatingRuleId, httpRequest.clientIp",
            "sort refused desc",
            "limit 100",
        ),
    ),
    Query(
        name="web-firewall/paths",
        question="Which paths were refused, to which countries?",
        source=Source.WEB_FIREWALL,
        lines=(
            'filter action = "BLOCK"',
            "stats count() as refused by httpRequest.uri, httpRequest.country",
            "sort refused desc",
            "limit 100",
        ),
    ),
    Query(
        name="database/slow-statements",
        question="Which statements were slow, waited for a lock, or ended in a deadlock?",
        source=Source.POSTGRESQL,
        lines=(
            "fields @timestamp, @message",
            "filter @message like /duration: |deadlock detected|still waiting/",
            *NEWEST,
        ),
    ),
    Query(
        name="database/errors",
        question="What does PostgreSQL call an error?",
        source=Source.POSTGRESQL,
        lines=("fields @timestamp, @message", "filter @message like /(ERROR|FATAL|PANIC): /", *NEWEST),
    ),
    Query(
        name="cache/slow-commands",
        question="Which commands kept Redis busy, and whose were they?",
        source=Source.REDIS,
        lines=("fields @timestamp, Duration, Command, ClientAddress, CacheNodeId", "sort Duration desc", "limit 100"),
    ),
    Query(
        name="kubernetes/changes",
        question="Who changed what in the cluster?",
        source=Source.KUBERNETES,
        lines=(
            f"{_CALLED}, objectRef.resource, responseStatus.code",
            "filter @logStream like /kube-apiserver-audit/",
            'filter verb not in ["get", "list", "watch"] and user.username not like /^system:/',
            *NEWEST,
        ),
    ),
    Query(
        name="kubernetes/secrets-read",
        question="Who read secrets of the cluster?",
        source=Source.KUBERNETES,
        lines=(
            f"{_CALLED}, sourceIPs.0",
            "filter @logStream like /kube-apiserver-audit/",
            'filter objectRef.resource = "secrets" and verb in ["get", "list", "watch"]',
            *NEWEST,
        ),
    ),
    Query(
        name="network/refused",
        question="Which packets did a security group or a network ACL refuse?",
        source=Source.NETWORK,
        lines=(
            "filter @message like / REJECT /",
            _PACKETS,
            "stats count() as records by source, target, port",
            "sort records desc",
            "limit 100",
        ),
    ),
    Query(
        name="network/outbound",
        question="Who speaks to which address outside?",
        source=Source.NETWORK,
        lines=(
            _PACKETS,
            f"filter source like {_PRIVATE} and target not like {_PRIVATE}",
            "stats count() as records by source, target",
            "sort records desc",
            "limit 100",
        ),
    ),
    Query(
        name="network/names-blocked",
        question="Which names did the VPC refuse to resolve?",
        source=Source.NAMES,
        lines=(
            'filter firewall_rule_action = "BLOCK"',
            "stats count() as lookups by query_name",
            "sort lookups desc",
            "limit 100",
        ),
    ),
)
