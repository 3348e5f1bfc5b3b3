"""Computed outputs of the network and its front door: addresses, balancers, certificates and their records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.cloud.values import Properties, Value

if TYPE_CHECKING:
    from sandbox.cloud.outputs.making import Maker, Making


def _vpc(m: Making, _id: str, _arn: str) -> Properties:
    route_table = f"rtb-{m.digest('route table', 17)}"
    return {
        "defaultNetworkAclId": f"acl-{m.digest('network acl', 17)}",
        "defaultRouteTableId": route_table,
        "defaultSecurityGroupId": f"sg-{m.digest('security group', 17)}",
        "mainRouteTableId": route_table,
        "ownerId": m.place.account,
    }


def _subnet(m: Making, _id: str, _arn: str) -> Properties:
    return {"availabilityZone": m.text("availabilityZone", f"{m.place.region}a"), "ownerId": m.place.account}


def _owned(m: Making, _id: str, _arn: str) -> Properties:
    return {"ownerId": m.place.account}


def _elastic_ip(m: Making, resource_id: str, _arn: str) -> Properties:
    # 203.0.113.0/24 is reserved for documentation (RFC 5737).
    return {"allocationId": resource_id, "publicIp": f"203.0.113.{int(m.digest('address', 2), 16)}"}


def _nat_gateway(m: Making, _id: str, _arn: str) -> Properties:
    return {
        "networkInterfaceId": f"eni-{m.digest('interface', 17)}",
        "publicIp": m.output_of(m.text("allocationId"), "publicIp"),
    }


def _endpoint(m: Making, resource_id: str, _arn: str) -> Properties:
    service = m.text("serviceName").rsplit(".", 1)[-1]
    return {
        "dnsEntries": [
            {
                "dnsName": f"{resource_id}-{m.digest('name', 8)}.{service}.{m.place.region}.vpce.amazonaws.com",
                "hostedZoneId": f"Z{m.capitals('zone', 13)}2",
            }
        ],
        "ownerId": m.place.account,
        "prefixListId": f"pl-{m.digest('prefix list', 8)}"
        if m.text("vpcEndpointType", "Gateway") == "Gateway"
        else None,
        "state": "available",
    }


def _rule(_m: Making, resource_id: str, _arn: str) -> Properties:
    return {"securityGroupRuleId": resource_id}


def _certificate(m: Making, _id: str, _arn: str) -> Properties:
    domains = dict.fromkeys([m.text("domainName"), *m.texts("subjectAlternativeNames")])
    options: list[Value] = [
        {
            "domainName": domain,
            "resourceRecordName": f"_{m.digest(f'name {domain}', 32)}.{domain.removeprefix('*.')}.",
            "resourceRecordType": "CNAME",
            "resourceRecordValue": f"_{m.digest(f'value {domain}', 32)}.acm-validations.aws.",
        }
        for domain in domains
    ]
    return {"domainValidationOptions": options, "status": "PENDING_VALIDATION"}


def _record(m: Making, _id: str, _arn: str) -> Properties:
    return {"fqdn": m.text("name")}


def _zone(m: Making, resource_id: str, _arn: str) -> Properties:
    # Delegation sets have one name server in each of four top-level domains.
    servers: list[Value] = [
        f"ns-{int(m.digest(domain, 3), 16)}.awsdns-{int(m.digest(domain, 2), 16) % 64:02d}.{domain}"
        for domain in ("com", "net", "org", "co.uk")
    ]
    return {"nameServers": servers, "primaryNameServer": servers[0], "zoneId": resource_id}


def _load_balancer(m: Making, _id: str, arn: str) -> Properties:
    prefix = "internal-" if m.inputs.get("internal") is True else ""
    digits = int(m.digest("name", 8), 16)
    subnets = m.texts("subnets")
    return {
        "arnSuffix": arn.partition(":loadbalancer/")[2],
        "dnsName": f"{prefix}{m.text('name')}-{digits}.{m.place.region}.elb.amazonaws.com",
        "vpcId": m.output_of(subnets[0], "vpcId") if subnets else None,
        "zoneId": f"Z{m.capitals('zone', 13)}2",
    }


def _target_group(_m: Making, _id: str, arn: str) -> Properties:
    return {"arnSuffix": arn.rsplit(":", 1)[1]}


NETWORK_ATTRIBUTES: Final[dict[str, Maker]] = {
    "aws:acm/certificate:Certificate": _certificate,
    "aws:ec2/eip:Eip": _elastic_ip,
    "aws:ec2/natGateway:NatGateway": _nat_gateway,
    "aws:ec2/routeTable:RouteTable": _owned,
    "aws:ec2/securityGroup:SecurityGroup": _owned,
    "aws:ec2/subnet:Subnet": _subnet,
    "aws:ec2/vpc:Vpc": _vpc,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    "aws:lb/loadBalancer:LoadBalancer": _load_balancer,
    "aws:lb/targetGroup:TargetGroup": _target_group,
    "aws:route53/record:Record": _record,
    "aws:route53/zone:Zone": _zone,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _rule,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _rule,
}
