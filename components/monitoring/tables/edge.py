"""What is watched at the front door itself: load balancer, certificate, web firewall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi

from components.monitoring.rows import (
    Alarm,
    Chart,
    Comparison,
    Incident,
    Metric,
    MissingData,
    Severity,
    Signal,
    Watched,
)

ANSWERS_FLOOR: Final = 20
"""Requests a minute below which a share of failures says nothing: one alone would be five percent or more."""
_HANDSHAKES_FLOOR: Final = 100
_DAY: Final = 86_400


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """The front door."""

    load_balancer: pulumi.Input[str]
    """The load balancer's ARN suffix."""
    certificate_arn: pulumi.Input[str]
    """The certificate of its HTTPS listener."""
    web_acl: str
    """What the metrics of the web ACL are called by."""
    region: str
    """Where it stands; a dimension of the web ACL's metrics."""
    site_rate: int
    """Requests that one address may send in five minutes, the web firewall's widest limit."""


def edge(door: Edge) -> Watched:
    """The front door, whoever answers behind it."""
    return Watched(alarms=(*_balancer(door), *_certificate(door), *_firewall(door)), charts=_charts(door))


def _metric(door: Edge, name: str, statistic: str) -> Metric:
    dimensions = {"LoadBalancer": door.load_balancer}
    return Metric(namespace="AWS/ApplicationELB", name=name, statistic=statistic, dimensions=dimensions)


def _balancer(door: Edge) -> tuple[Alarm, ...]:
    return (
        Alarm(
            name="balancer-errors",
            meaning="The load balancer itself answers 5xx to more than 5 % of the requests: no pod took them in time.",
            metrics={
                "errors": _metric(door, "HTTPCode_ELB_5XX_Count", "Sum"),
                "requests": _metric(door, "RequestCount", "Sum"),
            },
            # A request that no target took is not in RequestCount. Each is reported only when there is one.
            expression=(
                f"IF(FILL(requests, 0) + FILL(errors, 0) >= {ANSWERS_FLOOR}, "
                "100 * FILL(errors, 0) / (FILL(requests, 0) + FILL(errors, 0)), 0)"
            ),
            comparison=Comparison.ABOVE,
            threshold=5,
            reason=(
                f"Percent, from {ANSWERS_FLOOR} requests a minute up, so that no single failure fires it. Three "
                "minutes of five: a count that comes late reads as none."
            ),
            period_seconds=60,
            periods=5,
            bad_periods=3,
            missing=MissingData.GOOD,
            severity=Severity.PAGE,
            runbook="balancer-errors",
            incident=Incident.SERVICE,
            graph="Answers 5xx of the balancer (%)",
            signal=Signal.ERRORS,
        ),
        Alarm(
            name="balancer-rejected-connections",
            meaning="The load balancer turns connections away: it has reached its most.",
            metrics={"rejected": _metric(door, "RejectedConnectionCount", "Sum")},
            expression=None,
            comparison=Comparison.ABOVE,
            threshold=0,
            reason=(
                "It rejects none before its maximum is reached (User Guide for Application Load Balancers, CloudWatch "
                "metrics)."
            ),
            period_seconds=300,
            periods=1,
            bad_periods=1,
            missing=MissingData.GOOD,
            severity=Severity.TICKET,
            runbook="balancer-errors",
            graph="Rejected connections (5 min)",
            signal=Signal.SATURATION,
        ),
        Alarm(
            name="balancer-client-tls-errors",
            meaning="Most clients cannot agree with the load balancer on TLS: a client too old, or a scan.",
            metrics={
                "failed": _metric(door, "ClientTLSNegotiationErrorCount", "Sum"),
                "opened": _metric(door, "NewConnectionCount", "Sum"),
            },
            # A connection is opened before its TLS fails, so those are in both counts.
            expression=f"IF(failed >= {_HANDSHAKES_FLOOR}, 100 * failed / FILL(opened, 1), 0)",
            comparison=Comparison.ABOVE,
            threshold=50,
            reason=(
                f"Percent of all new connections, those to pods among them, from {_HANDSHAKES_FLOOR} failures in five "
                "minutes up; the internet always tries some. A change of the TLS policy that locks users out shows as "
                "nearly all. Our figures: no source has any."
            ),
            period_seconds=300,
            periods=3,
            bad_periods=3,
            missing=MissingData.GOOD,
            severity=Severity.TICKET,
            runbook="tls-errors",
            graph="Failed TLS handshakes of clients (%)",
            signal=Signal.ERRORS,
        ),
        Alarm(
            name="balancer-target-tls-errors",
            meaning="The load balancer and pods cannot agree on TLS, so their requests fail.",
            metrics={"failed": _metric(door, "TargetTLSNegotiationErrorCount", "Sum")},
            expression=None,
            comparison=Comparison.ABOVE,
            threshold=0,
            reason="Both ends are ours: none is expected. Our figure: three periods, as a pod that stops may cut one.",
            period_seconds=300,
            periods=3,
            bad_periods=3,
            missing=MissingData.GOOD,
            severity=Severity.TICKET,
            runbook="tls-errors",
        ),
    )


def _certificate(door: Edge) -> tuple[Alarm, ...]:
    # Once a certificate has ended its days are no longer reported. Source: AWS CDK API reference, metricDaysToExpiry.
    left = Metric(
        namespace="AWS/CertificateManager",
        name="DaysToExpiry",
        statistic="Minimum",
        dimensions={"CertificateArn": door.certificate_arn},
    )
    return tuple(
        Alarm(
            name=f"certificate-{key}",
            meaning=f"The site's certificate ends in less than {days} days and ACM has not renewed it.",
            metrics={"left": left},
            expression=None,
            comparison=Comparison.BELOW,
            threshold=days,
            reason=reason,
            period_seconds=_DAY,
            periods=1,
            bad_periods=1,
            missing=MissingData.UNKNOWN,
            severity=severity,
            runbook="certificate-expiry",
            graph="Days until the certificate ends",
            signal=Signal.SATURATION,
        )
        for key, days, severity, reason in (
            (
                "expiry",
                30,
                Severity.TICKET,
                "Days, our figure. ACM renews what is in use by itself (its User Guide, managed renewal).",
            ),
            (
                "last-week",
                7,
                Severity.PAGE,
                "Days, our figure. After the last, no browser opens the site, and ACM is silent.",
            ),
        )
    )


def _firewall(door: Edge) -> tuple[Alarm, ...]:
    blocked = Metric(
        namespace="AWS/WAFV2",
        name="BlockedRequests",
        statistic="Sum",
        dimensions={"WebACL": door.web_acl, "Rule": "ALL", "Region": door.region},
    )
    return (
        Alarm(
            name="web-firewall-blocked",
            meaning="The web firewall refuses unusually many requests: an attack, or a rule that hits users.",
            metrics={"blocked": blocked},
            expression=None,
            comparison=Comparison.ABOVE,
            threshold=door.site_rate,
            reason=(
                "As many in five minutes as one address may send at all (`web_firewall.rate_limits.site`). Our figure."
            ),
            period_seconds=300,
            periods=2,
            bad_periods=2,
            missing=MissingData.GOOD,
            severity=Severity.TICKET,
            runbook="web-firewall-blocked",
            graph="Requests refused by the web firewall (5 min)",
            signal=Signal.ERRORS,
        ),
    )


def _charts(door: Edge) -> tuple[Chart, ...]:
    return (
        Chart(
            title="Requests and connections",
            signal=Signal.TRAFFIC,
            lines={
                "requests": _metric(door, "RequestCount", "Sum"),
                "open connections": _metric(door, "ActiveConnectionCount", "Sum"),
            },
        ),
    )
