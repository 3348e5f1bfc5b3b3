"""What is watched on the way out."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.monitoring.rows import Alarm, Chart, Comparison, Metric, MissingData, Severity, Signal, Watched


def network(nat_gateways: Mapping[str, pulumi.Input[str]]) -> Watched:
    """The NAT gateways, by zone."""
    gateways = sorted(nat_gateways.items())
    return Watched(
        alarms=tuple(
            Alarm(
                name=f"nat-{zone}-ports",
                meaning="A NAT gateway has no port left for a new connection: TMI cannot reach what it calls outside.",
                metrics={"refused": _metric(gateway, "ErrorPortAllocation")},
                expression=None,
                comparison=Comparison.ABOVE,
                threshold=0,
                reason=(
                    "It has 55,000 ports for each destination; none is refused before they are used up (Amazon VPC "
                    "User Guide, NAT gateways). Five minutes of a quarter of an hour: our figure."
                ),
                period_seconds=60,
                periods=15,
                bad_periods=5,
                missing=MissingData.GOOD,
                severity=Severity.TICKET,
                runbook="nat-ports",
                graph="Refused a port (1 min)",
                signal=Signal.ERRORS,
            )
            for zone, gateway in gateways
        ),
        charts=(
            Chart(
                title="To the internet (bytes)",
                signal=Signal.TRAFFIC,
                lines={zone: _metric(gateway, "BytesOutToDestination") for zone, gateway in gateways},
            ),
            Chart(
                title="Open connections",
                signal=Signal.SATURATION,
                lines={zone: _metric(gateway, "ActiveConnectionCount", "Maximum") for zone, gateway in gateways},
            ),
        ),
    )


def _metric(gateway: pulumi.Input[str], name: str, statistic: str = "Sum") -> Metric:
    return Metric(namespace="AWS/NATGateway", name=name, statistic=statistic, dimensions={"NatGatewayId": gateway})
