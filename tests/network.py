"""The network's arguments as a test makes them: three zones of a /16."""

from __future__ import annotations

from typing import Final

from components.log_sink import LogSink
from components.network import NetworkArgs
from components.settings.choices import NatGateways
from components.settings.network import NetworkSettings, OpenEgress

ZONES: Final = ("eu-west-1a", "eu-west-1b", "eu-west-1c")


def network_arguments(nat: NatGateways = NatGateways.PER_ZONE, zones: tuple[str, ...] = ZONES) -> NetworkArgs:
    """What the program would pass, with these NAT gateways and zones."""
    return NetworkArgs(
        stack_name="tmi-dev",
        account="111111111111",
        region="eu-west-1",
        settings=NetworkSettings(
            cidr="10.65.0.0/16",
            zones=zones,
            nat_gateways=nat,
            interface_endpoints=(),
            egress=OpenEgress(kind="open"),
        ),
        logs=LogSink(key_arn="arn:key", retention_days=30),
    )
