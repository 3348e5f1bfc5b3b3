"""Four tiers that differ by their routes, and nothing left of what AWS makes by default."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components.network import Network, s3_policy
from components.settings.choices import NatGateways
from tests.cloud import Cloud, run
from tests.iam import findings
from tests.network import ZONES, network_arguments


def vpc(name: str, _: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"defaultNetworkAclId": f"{name}-acl", "defaultRouteTableId": f"{name}-routes"}


def network(*, nat: NatGateways = NatGateways.PER_ZONE, zones: tuple[str, ...] = ZONES) -> Cloud:
    def program() -> None:
        made = Network("network", network_arguments(nat, zones))
        pulumi.export("app", made.app_subnet_ids)
        pulumi.export("data", made.data_subnet_ids)
        pulumi.export("endpoints", made.endpoint_subnet_ids)
        pulumi.export("edge", made.edge_subnet_ids)
        pulumi.export("edge routes", made.edge_route_table_id)

    return run(program, computed={"aws:ec2/vpc:Vpc": vpc})


def ways_out(cloud: Cloud) -> dict[str, str]:
    """Where each subnet's packets to the internet go, by the subnet's name."""
    routes = {route.inputs["routeTableId"]: route.inputs for route in cloud.of(aws.ec2.Route)}
    found: dict[str, str] = {}
    for association in cloud.of(aws.ec2.RouteTableAssociation):
        route = routes.get(association.inputs["routeTableId"], {})
        target = route.get("gatewayId") or route.get("natGatewayId") or "nowhere"
        found[association.inputs["subnetId"].removeprefix("network-").removesuffix("-id")] = target
    return found


def test_each_tier_has_its_own_way_out() -> None:
    assert ways_out(network()) == {
        **{f"edge-{zone}": "network-internet-id" for zone in ZONES},
        **{f"app-{zone}": f"network-nat-{zone}-id" for zone in ZONES},
        **{f"endpoints-{zone}": "nowhere" for zone in ZONES},
        **{f"data-{zone}": "nowhere" for zone in ZONES},
    }


def test_a_single_nat_gateway_serves_all_zones() -> None:
    cloud = network(nat=NatGateways.SINGLE)
    assert cloud.one(aws.ec2.NatGateway).inputs["subnetId"] == "network-edge-eu-west-1a-id"
    assert {ways_out(cloud)[f"app-{zone}"] for zone in ZONES} == {"network-nat-eu-west-1a-id"}


def test_a_nat_gateway_waits_for_the_way_to_the_internet() -> None:
    assert all("network-edge-internet" in gateway.dependencies for gateway in network().of(aws.ec2.NatGateway))


def test_no_subnet_gives_out_public_addresses() -> None:
    assert {subnet.inputs["mapPublicIpOnLaunch"] for subnet in network().of(aws.ec2.Subnet)} == {False}


def test_no_address_is_of_ipv6() -> None:
    cloud = network()
    asked = {"assignGeneratedIpv6CidrBlock", "ipv6CidrBlock", "assignIpv6AddressOnCreation", "ipv6Native"}
    for resource in [cloud.one(aws.ec2.Vpc), *cloud.of(aws.ec2.Subnet)]:
        assert "cidrBlock" in resource.inputs
        assert not asked & resource.inputs.keys()


def test_routes_to_clients_can_be_added_to_the_edge() -> None:
    cloud = network()
    edge = cloud.exports["edge routes"]
    assert edge == "network-edge-routes-id"
    assert [a.name for a in cloud.of(aws.ec2.RouteTableAssociation) if a.inputs["routeTableId"] == edge] == [
        f"network-edge-{zone}-routes" for zone in ZONES
    ]
    # Routes inside a table would take away those that others add.
    assert not any("routes" in table.inputs for table in cloud.of(aws.ec2.RouteTable))


def test_subnets_are_handed_on_in_the_order_of_zones() -> None:
    exports = network().exports
    for tier in ("edge", "app", "endpoints", "data"):
        assert exports[tier] == [f"network-{tier}-{zone}-id" for zone in ZONES]


def test_what_aws_makes_by_default_is_adopted_and_empty() -> None:
    cloud = network()
    group = cloud.one(aws.ec2.DefaultSecurityGroup).inputs
    acl = cloud.one(aws.ec2.DefaultNetworkAcl).inputs
    table = cloud.one(aws.ec2.DefaultRouteTable).inputs
    assert (group["vpcId"], group["ingress"], group["egress"]) == ("network-vpc-id", [], [])
    assert (acl["defaultNetworkAclId"], acl["ingress"], acl["egress"]) == ("network-vpc-acl", [], [])
    assert (table["defaultRouteTableId"], table["routes"]) == ("network-vpc-routes", [])


def test_s3_is_reached_from_the_app_tier_without_nat() -> None:
    endpoint = network().one(aws.ec2.VpcEndpoint).inputs
    assert (endpoint["vpcEndpointType"], endpoint["serviceName"]) == ("Gateway", "com.amazonaws.eu-west-1.s3")
    assert endpoint["routeTableIds"] == [f"network-app-{zone}-routes-id" for zone in ZONES]


def test_s3_gives_own_buckets_and_image_layers() -> None:
    own, layers = s3_policy("111111111111", "eu-west-1")["Statement"]
    assert own["Condition"] == {
        "StringEquals": {"aws:PrincipalAccount": "111111111111", "aws:ResourceAccount": "111111111111"}
    }
    assert layers["Resource"] == "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*"
    assert layers["Action"] == "s3:GetObject"


def test_all_traffic_is_logged_each_minute_to_an_encrypted_group() -> None:
    cloud = network()
    log = cloud.one(aws.ec2.FlowLog)
    group = cloud.one(aws.cloudwatch.LogGroup).inputs
    assert (log.inputs["trafficType"], log.inputs["maxAggregationInterval"]) == ("ALL", 60)
    assert log.inputs["logDestination"] == group["arn"]
    assert log.inputs["iamRoleArn"] == cloud.one(aws.iam.Role).inputs["arn"]
    assert (group["name"], group["kmsKeyId"], group["retentionInDays"]) == (
        "/aws/vpc/flow-logs/tmi-dev",
        "arn:key",
        30,
    )


def test_a_record_says_what_an_investigation_asks() -> None:
    assert network().one(aws.ec2.FlowLog).inputs["logFormat"].replace("${", "").replace("}", "").split() == [
        # The default format, in its order: what reads that reads these.
        *("version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol"),
        *("packets", "bytes", "start", "end", "action", "log-status"),
        # Where: network, subnet, node, zone.
        *("vpc-id", "subnet-id", "instance-id", "az-id"),
        # How: who opened it, which way it went.
        *("type", "tcp-flags", "flow-direction", "traffic-path"),
        # Who is behind a NAT gateway, and which service of AWS.
        *("pkt-srcaddr", "pkt-dstaddr", "pkt-src-aws-service", "pkt-dst-aws-service"),
        "reject-reason",
    ]


def test_flow_logs_wait_for_the_right_to_write() -> None:
    cloud = network()
    assert cloud.one(aws.iam.RolePolicy).name in cloud.one(aws.ec2.FlowLog).dependencies


def test_flow_logs_of_this_account_alone_write() -> None:
    (trust,) = json.loads(network().one(aws.iam.Role).inputs["assumeRolePolicy"])["Statement"]
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111111111111"},
        "ArnLike": {"aws:SourceArn": "arn:aws:ec2:eu-west-1:111111111111:vpc-flow-log/*"},
    }


def test_a_linter_finds_nothing_in_its_policies() -> None:
    cloud = network()
    assert findings(cloud.one(aws.iam.RolePolicy).inputs["policy"]) == []
    assert findings(cloud.one(aws.ec2.VpcEndpoint).inputs["policy"]) == []


def test_the_data_tier_hears_and_answers_the_app_tier_alone() -> None:
    rules = [
        r.inputs for r in network().of(aws.ec2.NetworkAclRule) if r.inputs["networkAclId"] == "network-acls-data-id"
    ]
    admitted = {(r["egress"], r["protocol"], r["cidrBlock"], r["fromPort"], r["toPort"]) for r in rules}
    assert admitted == {
        (False, "tcp", "10.65.0.0/17", 5432, 5432),
        (False, "tcp", "10.65.0.0/17", 6379, 6379),
        (True, "tcp", "10.65.0.0/17", 1024, 65_535),
    }


def test_every_subnet_has_an_acl_of_its_own_tier() -> None:
    cloud = network()
    associated = {a.inputs["subnetId"]: a.inputs["networkAclId"] for a in cloud.of(aws.ec2.NetworkAclAssociation)}
    assert associated == {
        f"network-{tier}-{zone}-id": f"network-acls-{tier}-id"
        for tier in ("edge", "app", "endpoints", "data")
        for zone in ZONES
    }


def test_acls_do_not_change_with_the_zones() -> None:
    def rules(cloud: Cloud) -> dict[str, Any]:
        return {rule.name: rule.inputs for rule in cloud.of(aws.ec2.NetworkAclRule)}

    assert rules(network(zones=ZONES[:2])) == rules(network())


def test_numbers_of_acl_rules_are_unique_and_few() -> None:
    keys = [
        (r.inputs["networkAclId"], r.inputs["egress"], r.inputs["ruleNumber"])
        for r in network().of(aws.ec2.NetworkAclRule)
    ]
    assert len(keys) == len(set(keys))
    assert max(sum(key[:2] == other[:2] for other in keys) for key in keys) <= 20  # AWS's quota a direction


def test_narrow_paths_are_announced() -> None:
    icmp = [rule.inputs for rule in network().of(aws.ec2.NetworkAclRule) if rule.inputs["protocol"] == "icmp"]
    assert [(rule["networkAclId"], rule["icmpType"], rule["icmpCode"]) for rule in icmp] == [
        ("network-acls-edge-id", 3, 4),
        ("network-acls-app-id", 3, 4),
    ]
