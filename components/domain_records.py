"""The names of the load balancer in Route 53, and who may issue certificates for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.settings.edge import GivenZone, Internal, LoadBalancerSettings

_CAA_TTL_SECONDS: Final = 300
_CAA: Final = ('0 issue "amazon.com"', '0 issuewild ";"')
"""Amazon alone, and nobody a wildcard, which the stack never asks for. No `iodef`: ACM ignores it.
Source: ACM user guide, configure a CAA record."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DomainRecordsArgs:
    """What :class:`DomainRecords` needs from its caller."""

    settings: LoadBalancerSettings
    """Names, zones and scheme."""
    vpc_id: pulumi.Input[str]
    """The VPC that resolves private zones of the stack's own."""
    balancer_dns_name: pulumi.Input[str]
    """The load balancer's own name."""
    balancer_zone_id: pulumi.Input[str]
    """The zone of that name, which is AWS's."""


class DomainRecords(pulumi.ComponentResource):
    """An alias for each name: in the public zone, or, for an internal load balancer, in a private one alone.

    A stack that takes over writes above the records of the one whose region is lost. That one, once it is back, must
    not be deployed before the names are its own again.

    IPv4 alone, as the VPC: an AAAA record would name addresses that a load balancer without IPv6 does not have.
    """

    TYPE: Final = "tmi:edge:DomainRecords"

    def __init__(self, name: str, args: DomainRecordsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        for domain in (args.settings.domain, *args.settings.alternative_names):
            aws.route53.Record(
                f"{name}-{domain}",
                zone_id=self._zone(name, domain, args),
                name=domain,
                type="A",
                allow_overwrite=args.settings.takes_over,
                aliases=[
                    aws.route53.RecordAliasArgs(
                        name=args.balancer_dns_name, zone_id=args.balancer_zone_id, evaluate_target_health=True
                    )
                ],
                opts=pulumi.ResourceOptions(parent=self),
            )
            if args.settings.caa_record:
                # In the public zone always: there the authorities look. At the name itself, which they ask first.
                # Source: RFC 8659, relevant resource record set.
                aws.route53.Record(
                    f"{name}-{domain}-caa",
                    zone_id=args.settings.zone_id,
                    name=domain,
                    type="CAA",
                    allow_overwrite=args.settings.takes_over,
                    records=list(_CAA),
                    ttl=_CAA_TTL_SECONDS,
                    opts=pulumi.ResourceOptions(parent=self),
                )
        self.register_outputs({})

    def _zone(self, name: str, domain: str, args: DomainRecordsArgs) -> pulumi.Input[str]:
        """The zone of a domain's alias: private zones hide whatever the public one says of the same name."""
        scheme = args.settings.scheme
        if not isinstance(scheme, Internal):
            return args.settings.zone_id
        if isinstance(scheme.zone, GivenZone):
            return scheme.zone.zone_id
        # Named by the domain itself, so that it answers for nothing else.
        zone = aws.route53.Zone(
            f"{name}-{domain}-zone",
            name=domain,
            comment="Private name of the internal load balancer",
            vpcs=[aws.route53.ZoneVpcArgs(vpc_id=args.vpc_id)],
            force_destroy=False,
            # Their owners associate other VPCs with it; Pulumi would take each of them away again.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["vpcs"]),
        )
        return zone.zone_id
