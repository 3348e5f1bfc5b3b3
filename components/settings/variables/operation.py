"""How TMI is run: what it keeps for how long, whom it tells, which hosts it accepts, and who runs it."""

from __future__ import annotations

from typing import Final

from components.settings.content_addresses import source_hosts
from components.settings.operation import AlertingWebhook, Hosts, ListedHosts
from components.settings.timmy import model_hosts
from components.settings.variables.variable import Situation, Variable, from_file


def _alerts(of: Situation) -> bool:
    return isinstance(of.server.alerting, AlertingWebhook)


def _listed(hosts: Hosts, *needed: str) -> str | None:
    """TMI's list: unset, every public host; set, these and what it needs itself."""
    return ",".join(sorted({*hosts.hosts, *needed})) if isinstance(hosts, ListedHosts) else None


RETENTION: Final[tuple[Variable[Situation], ...]] = (
    Variable(
        "AUDIT_RETENTION_DAYS",
        "retention.audit_days",
        "1.2.4",
        "How long changes of objects are kept",
        lambda of: of.server.retention.audit_days,
    ),
    Variable(
        "SYSTEM_AUDIT_RETENTION_DAYS",
        "retention.system_audit_days",
        "1.4.0",
        "How long changes by administrators are kept",
        lambda of: of.server.retention.system_audit_days,
    ),
    Variable(
        "VERSION_RETENTION_DAYS",
        "retention.version_days",
        "1.2.4",
        "How long earlier versions are kept",
        lambda of: of.server.retention.version_days,
    ),
    Variable(
        "VERSION_RETENTION_COUNT",
        "retention.version_count",
        "1.2.4",
        "How many earlier versions are kept",
        lambda of: of.server.retention.version_count,
    ),
    Variable(
        "TOMBSTONE_RETENTION_DAYS",
        "retention.tombstone_days",
        "1.2.4",
        "How long what was deleted is kept",
        lambda of: of.server.retention.tombstone_days,
    ),
)
"""How long it keeps what it stores."""

OUTBOUND: Final[tuple[Variable[Situation], ...]] = (
    Variable(
        "TMI_SSRF_ISSUE_URI_ALLOWLIST",
        "outbound.issues",
        "1.4.0",
        "Hosts of issues",
        lambda of: _listed(of.server.outbound.issues),
    ),
    Variable(
        "TMI_SSRF_DOCUMENT_URI_ALLOWLIST",
        "outbound.documents",
        "1.4.0",
        "Hosts of documents, and those of linked accounts, which TMI checks against the same list",
        lambda of: _listed(of.server.outbound.documents, *source_hosts(of.server.content.sources)),
    ),
    Variable(
        "TMI_SSRF_REPOSITORY_URI_ALLOWLIST",
        "outbound.repositories",
        "1.4.0",
        "Hosts of source code",
        lambda of: _listed(of.server.outbound.repositories),
    ),
    Variable(
        "TMI_SSRF_TIMMY_ALLOWLIST",
        "outbound.timmy",
        "1.4.0",
        "Hosts that Timmy reads, and its models",
        lambda of: _listed(of.server.outbound.timmy, *model_hosts(of.server.timmy)),
    ),
)
"""Which hosts it accepts in addresses that users give."""

OPERATION: Final[tuple[Variable[Situation], ...]] = (
    Variable(
        "TMI_ALERTING_ENABLED", "alerting.kind", "1.4.0", "Whether what administrators change is told outside", _alerts
    ),
    Variable(
        "TMI_ALERTING_WEBHOOK_URL",
        "alerting.url",
        "1.4.0",
        "Who is told",
        lambda of: of.server.alerting.url if isinstance(of.server.alerting, AlertingWebhook) else None,
    ),
    from_file(
        "TMI_ALERTING_WEBHOOK_SECRET",
        "alert-webhook",
        "tmi:alertSecrets.webhook",
        "1.4.0",
        "What alerts are signed with",
        _alerts,
    ),
    Variable("TMI_OPERATOR_NAME", "operator.name", "1.0", "Who runs this TMI", lambda of: of.server.operator.name),
    Variable(
        "TMI_OPERATOR_CONTACT", "operator.contact", "1.0", "Where users ask", lambda of: of.server.operator.contact
    ),
    Variable(
        "TMI_OPERATOR_JURISDICTION",
        "operator.jurisdiction",
        "1.4.0",
        "Whose law applies",
        lambda of: of.server.operator.jurisdiction,
    ),
)
"""Whom it tells, and what it says of its operator."""
