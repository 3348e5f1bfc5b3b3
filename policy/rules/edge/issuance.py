"""Issuance: Amazon may issue and renew each certificate, and everybody can see that it did."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, Severity, Violation
from policy.values import Plain, elements

_CERTIFICATE: Final = "aws:acm/certificate:Certificate"
_RECORD: Final = "aws:route53/record:Record"
_AMAZON: Final = ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com")
"""Whom a CAA record must name. Source: AWS Certificate Manager User Guide, troubleshoot CAA problems."""
_ENTRY: Final = re.compile(r'\s*\d{1,3}\s+(issue|issuewild)\s+"?([^";]*)[^"]*"?\s*', re.IGNORECASE)


def certificates_renewable(graph: Graph) -> Iterator[Violation]:
    """No CAA record of the stack keeps Amazon from a certificate of the stack, and each is logged publicly."""
    records = {_plain(each.get("name")): each for each in graph.of_type(_RECORD) if each.get("type") == "CAA"}
    for certificate in graph.of_type(_CERTIFICATE):
        if certificate.get("options", "certificateTransparencyLoggingPreference") not in (None, "ENABLED"):
            yield Violation(certificate, "options must leave certificateTransparencyLoggingPreference ENABLED")
        if certificate.get("validationMethod") is None:  # an imported one, which somebody else issued
            continue
        names = [certificate.get("domainName"), *elements(certificate.get("subjectAlternativeNames"))]
        for name in dict.fromkeys(each for each in names if isinstance(each, str)):
            record = _in_force(_plain(name.removeprefix("*.")), records)
            if record is not None and not _admits(record, wildcard=name.startswith("*.")):
                yield Violation(record, f"it keeps Amazon from renewing {certificate.name}")


def _plain(name: Plain) -> str:
    return name.rstrip(".").lower() if isinstance(name, str) else ""


def _in_force(name: str, records: Mapping[str, Resource]) -> Resource | None:
    """The CAA record of a name, else of the nearest name above it."""
    while name:
        if name in records:
            return records[name]
        name = name.partition(".")[2]
    return None


def _admits(record: Resource, *, wildcard: bool) -> bool:
    values = elements(record.get("records"))
    if not all(isinstance(each, str) for each in values):
        return True  # it is not known yet
    found = [entry for each in values if isinstance(each, str) and (entry := _ENTRY.fullmatch(each))]
    by_tag: dict[str, list[str]] = {}
    for entry in found:
        by_tag.setdefault(entry[1].lower(), []).append(entry[2].strip().lower())
    # A record without the tag for wildcards leaves them to the other one; without either it keeps nobody out.
    named = by_tag.get("issuewild") if wildcard and "issuewild" in by_tag else by_tag.get("issue")
    return named is None or any(each in _AMAZON for each in named)


CERTIFICATES_RENEWABLE: Final = GraphRule(
    about=Description(
        id="certificates-renewable",
        title="Amazon may issue and renew the certificates, in the public logs",
        severity=Severity.HIGH,
        frameworks=("FSBP ACM.1", "WA SEC09"),
        why="A CAA record that names somebody else is noticed when the certificate has expired.",
        remediation='Let the CAA record hold 0 issue "amazon.com", for wildcards issuewild, and leave options out.',
    ),
    check=certificates_renewable,
)
