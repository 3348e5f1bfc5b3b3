"""The VPC: subnets in four tiers, and the routes that make them differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.address_plan import AddressPlan, NetworkTier
from components.flow_logs import FlowLogs, FlowLogsArgs
from components.log_sink import LogSink
from components.network_acls import INTERNET, NetworkAcls, NetworkAclsArgs
from components.settings.choices import NatGateways
from components.settings.network import NetworkSettings


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkArgs:
    """What a :class:`Network` needs from its caller."""

    stack_name: str
    """The prefix of the Name tags."""
    account: str
    """The stack's account: S3 buckets of others are out of reach through the gateway endpoint."""
    region: str
    """The stack's region."""
    settings: NetworkSettings
    """Addresses, zones and NAT gateways."""
    logs: LogSink
    """Encryption and retention of the flow logs."""


class Network(pulumi.ComponentResource):
    """A VPC whose tiers can reach: edge the internet, app the internet by NAT, endpoints and data nothing outside.

    IPv6 stays off: one protocol, one set of rules to prove. What AWS makes by default (group, ACL, route table) is
    adopted and emptied, so that nothing falls back on it.
    """

    TYPE: Final = "tmi:network:Network"

    vpc_id: pulumi.Output[str]
    edge_subnet_ids: pulumi.Output[list[str]]
    app_subnet_ids: pulumi.Output[list[str]]
    endpoint_subnet_ids: pulumi.Output[list[str]]
    data_subnet_ids: pulumi.Output[list[str]]
    edge_route_table_id: pulumi.Output[str]
    """Where whoever attaches a transit gateway or a peering adds the routes back to the clients of an internal load
    balancer. The stack holds its own routes as resources beside the table, and so leaves foreign ones alone."""
    nat_gateway_ids: Mapping[str, pulumi.Output[str]]
    """The NAT gateways by the zone they stand in."""
    plan: AddressPlan

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self.plan = AddressPlan.of(args.settings.cidr, args.settings.zones)
        vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args.settings.cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,  # private names of interface endpoints need both
            tags={"Name": args.stack_name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        self._empty_defaults(name, args.stack_name, vpc)
        subnets = {tier: self._subnets(name, args.stack_name, vpc, tier) for tier in NetworkTier}
        edge_table, app_tables, nat = self._routes(name, args, vpc, subnets)
        self._s3_endpoint(name, args, vpc, app_tables)
        child = pulumi.ResourceOptions(parent=self)
        ids = {tier: {zone: subnet.id for zone, subnet in of_tier.items()} for tier, of_tier in subnets.items()}
        acls = NetworkAclsArgs(stack_name=args.stack_name, vpc_id=vpc.id, plan=self.plan, subnet_ids=ids)
        NetworkAcls(f"{name}-acls", acls, child)
        logs = FlowLogsArgs(
            stack_name=args.stack_name, account=args.account, region=args.region, vpc_id=vpc.id, logs=args.logs
        )
        FlowLogs(f"{name}-flow-logs", logs, child)

        self.vpc_id = vpc.id
        self.edge_subnet_ids = pulumi.Output.all(*ids[NetworkTier.EDGE].values())
        self.app_subnet_ids = pulumi.Output.all(*ids[NetworkTier.APP].values())
        self.endpoint_subnet_ids = pulumi.Output.all(*ids[NetworkTier.ENDPOINTS].values())
        self.data_subnet_ids = pulumi.Output.all(*ids[NetworkTier.DATA].values())
        self.edge_route_table_id = edge_table.id
        self.nat_gateway_ids = {zone: gateway.id for zone, gateway in nat.items()}
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "edge_subnet_ids": self.edge_subnet_ids,
                "app_subnet_ids": self.app_subnet_ids,
                "endpoint_subnet_ids": self.endpoint_subnet_ids,
                "data_subnet_ids": self.data_subnet_ids,
                "edge_route_table_id": self.edge_route_table_id,
            }
        )

    def _empty_defaults(self, name: str, stack_name: str, vpc: aws.ec2.Vpc) -> None:
        """Adopt what AWS makes with a VPC and leave nothing in it: no rule, no route."""
        child = pulumi.ResourceOptions(parent=self)
        tags = {"Name": f"{stack_name}-default-unused"}
        aws.ec2.DefaultSecurityGroup(
            f"{name}-default-group", vpc_id=vpc.id, ingress=[], egress=[], tags=tags, opts=child
        )
        aws.ec2.DefaultNetworkAcl(
            f"{name}-default-acl",
            default_network_acl_id=vpc.default_network_acl_id,
            ingress=[],
            egress=[],
            tags=tags,
            opts=child,
        )
        aws.ec2.DefaultRouteTable(
            f"{name}-default-routes",
            default_route_table_id=vpc.default_route_table_id,
            routes=[],
            tags=tags,
            opts=child,
        )

    def _subnets(self, name: str, stack_name: str, vpc: aws.ec2.Vpc, tier: NetworkTier) -> dict[str, aws.ec2.Subnet]:
        return {
            zone: aws.ec2.Subnet(
                f"{name}-{tier}-{zone}",
                vpc_id=vpc.id,
                availability_zone=zone,
                cidr_block=str(cidr),
                map_public_ip_on_launch=False,
                tags={"Name": f"{stack_name}-{tier}-{zone}"},
                opts=pulumi.ResourceOptions(parent=self),
            )
            for zone, cidr in self.plan.tiers[tier].items()
        }

    def _routes(
        self,
        name: str,
        args: NetworkArgs,
        vpc: aws.ec2.Vpc,
        subnets: Mapping[NetworkTier, Mapping[str, aws.ec2.Subnet]],
    ) -> tuple[aws.ec2.RouteTable, dict[str, aws.ec2.RouteTable], dict[str, aws.ec2.NatGateway]]:
        """Every subnet's own way out; returns the edge's table, those of the app tier, and the NAT gateways."""
        child = pulumi.ResourceOptions(parent=self)

        def table(key: str, *members: tuple[str, aws.ec2.Subnet]) -> aws.ec2.RouteTable:
            made = aws.ec2.RouteTable(
                f"{name}-{key}-routes", vpc_id=vpc.id, tags={"Name": f"{args.stack_name}-{key}"}, opts=child
            )
            for member, subnet in members:
                aws.ec2.RouteTableAssociation(
                    f"{name}-{member}-routes", route_table_id=made.id, subnet_id=subnet.id, opts=child
                )
            return made

        for tier in (NetworkTier.ENDPOINTS, NetworkTier.DATA):  # no route is ever added to these
            table(tier, *((f"{tier}-{zone}", subnet) for zone, subnet in subnets[tier].items()))
        gateway = aws.ec2.InternetGateway(f"{name}-internet", vpc_id=vpc.id, tags={"Name": args.stack_name}, opts=child)
        edge = table("edge", *((f"edge-{zone}", subnet) for zone, subnet in subnets[NetworkTier.EDGE].items()))
        out = aws.ec2.Route(
            f"{name}-edge-internet",
            route_table_id=edge.id,
            destination_cidr_block=str(INTERNET),
            gateway_id=gateway.id,
            opts=child,
        )
        nat = {
            zone: self._nat_gateway(f"{name}-nat-{zone}", f"{args.stack_name}-{zone}", subnet, out)
            for zone, subnet in subnets[NetworkTier.EDGE].items()
            if zone in nat_zones(args.settings)
        }
        tables: dict[str, aws.ec2.RouteTable] = {}
        for zone, subnet in subnets[NetworkTier.APP].items():
            tables[zone] = table(f"app-{zone}", (f"app-{zone}-subnet", subnet))
            aws.ec2.Route(
                f"{name}-app-{zone}-internet",
                route_table_id=tables[zone].id,
                destination_cidr_block=str(INTERNET),
                nat_gateway_id=nat.get(zone, next(iter(nat.values()))).id,
                opts=child,
            )
        return edge, tables, nat

    def _nat_gateway(self, name: str, tag: str, subnet: aws.ec2.Subnet, out: aws.ec2.Route) -> aws.ec2.NatGateway:
        child = pulumi.ResourceOptions(parent=self)
        address = aws.ec2.Eip(f"{name}-address", domain="vpc", tags={"Name": f"{tag}-nat"}, opts=child)
        return aws.ec2.NatGateway(
            name,
            subnet_id=subnet.id,
            allocation_id=address.id,
            tags={"Name": tag},
            # Without an attached internet gateway a NAT gateway fails for good.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[out]),
        )

    def _s3_endpoint(
        self, name: str, args: NetworkArgs, vpc: aws.ec2.Vpc, tables: Mapping[str, aws.ec2.RouteTable]
    ) -> None:
        aws.ec2.VpcEndpoint(
            f"{name}-s3",
            vpc_id=vpc.id,
            vpc_endpoint_type="Gateway",
            service_name=f"com.amazonaws.{args.region}.s3",
            route_table_ids=[table.id for table in tables.values()],
            policy=pulumi.Output.json_dumps(s3_policy(args.account, args.region)),
            tags={"Name": f"{args.stack_name}-s3"},
            opts=pulumi.ResourceOptions(parent=self),
        )


def nat_zones(settings: NetworkSettings) -> tuple[str, ...]:
    """The zones that get a NAT gateway; app subnets of other zones use the first one's."""
    return settings.zones if settings.nat_gateways is NatGateways.PER_ZONE else settings.zones[:1]


def s3_policy(account: str, region: str) -> dict[str, Any]:
    """What may be reached in S3 from the app tier: this account's buckets, by its own identities, and ECR's layers."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "OwnBuckets",
                "Effect": "Allow",
                "Principal": "*",
                "Action": [
                    "s3:AbortMultipartUpload",
                    "s3:GetBucketLocation",
                    "s3:GetObject",
                    "s3:ListBucket",
                    "s3:PutObject",
                ],
                "Resource": "arn:aws:s3:::*",  # names are not known here; the condition says whose they are
                "Condition": {"StringEquals": {"aws:PrincipalAccount": account, "aws:ResourceAccount": account}},
            },
            {
                # ECR answers with presigned addresses of AWS's own bucket, so neither account is this one.
                # Source: Amazon ECR User Guide, minimum S3 bucket permissions.
                "Sid": "ImageLayers",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::prod-{region}-starport-layer-bucket/*",
            },
        ],
    }
