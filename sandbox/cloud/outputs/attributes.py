"""Computed outputs that programs read, by type: addresses, endpoints, certificates' validation records.

Each function gets the resource in the making, its id and its ARN, and gives what the cloud would add to the inputs.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final, TypeAlias

from sandbox.cloud.values import Properties, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.cloud.outputs.making import Making

Maker: TypeAlias = "Callable[[Making, str, str], Properties]"

POSTGRES_PORT: Final = 5432
REDIS_PORT: Final = 6379


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


def _key(_m: Making, resource_id: str, _arn: str) -> Properties:
    return {"keyId": resource_id}


def _alias(m: Making, _id: str, _arn: str) -> Properties:
    target = m.text("targetKeyId")
    return {"targetKeyArn": m.output_of(target, "arn")}


def _secret_version(m: Making, resource_id: str, _arn: str) -> Properties:
    return {
        "arn": m.text("secretId"),
        "hasSecretStringWo": "secretStringWo" in m.inputs,
        "versionId": resource_id.partition("|")[2],
        "versionStages": ["AWSCURRENT"],
    }


def _role(m: Making, _id: str, _arn: str) -> Properties:
    return {"uniqueId": f"AROA{m.capitals('unique', 17)}"}


def _database(m: Making, resource_id: str, _arn: str) -> Properties:
    identifier = m.text("identifier", f"terraform-{m.digest('identifier', 26)}")
    address = f"{identifier}.{m.digest('address', 12)}.{m.place.region}.rds.amazonaws.com"
    port = m.whole("port", POSTGRES_PORT)
    return {
        "address": address,
        "arn": f"arn:aws:rds:{m.place.region}:{m.place.account}:db:{identifier}",
        "endpoint": f"{address}:{port}",
        "engineVersionActual": m.text("engineVersion"),
        "hostedZoneId": f"Z{m.capitals('zone', 13)}2",
        "identifier": identifier,
        "port": port,
        "resourceId": resource_id,
        "status": "available",
    }


def _cache(m: Making, resource_id: str, _arn: str) -> Properties:
    # With TLS the primary answers as master.<id>, the readers as replica.<id>.
    domain = f"{resource_id}.{m.digest('domain', 6)}.{_short_region(m.place.region)}.cache.amazonaws.com"
    nodes = m.whole("numCacheClusters", 1)
    return {
        "clusterEnabled": False,
        "engineVersionActual": m.text("engineVersion"),
        "memberClusters": [f"{resource_id}-{number:03d}" for number in range(1, nodes + 1)],
        "port": m.whole("port", REDIS_PORT),
        "primaryEndpointAddress": f"master.{domain}",
        "readerEndpointAddress": f"replica.{domain}",
    }


def _short_region(region: str) -> str:
    area, direction, number = region.split("-")
    points = ("north", "south", "east", "west", "central")
    letters = "".join(point[0] for point in sorted(points, key=direction.find) if point in direction)
    return f"{area}{letters}{number}"


def _repository(m: Making, _id: str, _arn: str) -> Properties:
    return {
        "registryId": m.place.account,
        "repositoryUrl": f"{m.place.account}.dkr.ecr.{m.place.region}.amazonaws.com/{m.text('name')}",
    }


def _cluster(m: Making, _id: str, _arn: str) -> Properties:
    given = m.inputs.get("vpcConfig")
    config: Properties = dict(given) if isinstance(given, dict) else {}
    subnets = config.get("subnetIds")
    first = subnets[0] if isinstance(subnets, list) and subnets else None
    name = m.capitals("endpoint", 32)
    certificate = f"a simulated certificate authority of {m.text('name')}"
    issuer = f"https://oidc.eks.{m.place.region}.amazonaws.com/id/{name}"
    return {
        "certificateAuthority": {"data": base64.b64encode(certificate.encode()).decode()},
        "endpoint": f"https://{name}.gr7.{m.place.region}.eks.amazonaws.com",
        "identities": [{"oidcs": [{"issuer": issuer}]}],
        "platformVersion": "eks.1",
        "status": "ACTIVE",
        "vpcConfig": {
            **config,
            "clusterSecurityGroupId": f"sg-{m.digest('cluster security group', 17)}",
            "vpcId": m.output_of(first, "vpcId") if isinstance(first, str) else None,
        },
    }


def _access_entry(m: Making, _id: str, _arn: str) -> Properties:
    principal = m.text("principalArn")
    return {
        "accessEntryArn": (
            f"arn:aws:eks:{m.place.region}:{m.place.account}:access-entry/{m.text('clusterName')}/role/"
            f"{m.place.account}/{principal.rsplit('/', 1)[-1]}/{m.uuid('entry')}"
        )
    }


def _pod_identity(m: Making, resource_id: str, _arn: str) -> Properties:
    return {
        "associationId": resource_id,
        "associationArn": (
            f"arn:aws:eks:{m.place.region}:{m.place.account}:podidentityassociation/{m.text('clusterName')}/{resource_id}"
        ),
    }


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


def _bucket(m: Making, resource_id: str, _arn: str) -> Properties:
    return {
        "bucketDomainName": f"{resource_id}.s3.amazonaws.com",
        "bucketRegion": m.place.region,
        "bucketRegionalDomainName": f"{resource_id}.s3.{m.place.region}.amazonaws.com",
    }


def _dashboard(m: Making, _id: str, _arn: str) -> Properties:
    return {"dashboardArn": f"arn:aws:cloudwatch::{m.place.account}:dashboard/{m.text('dashboardName')}"}


def _queue(_m: Making, resource_id: str, _arn: str) -> Properties:
    return {"url": resource_id}


ATTRIBUTES: Final[dict[str, Maker]] = {
    "aws:acm/certificate:Certificate": _certificate,
    "aws:cloudwatch/dashboard:Dashboard": _dashboard,
    "aws:ec2/eip:Eip": _elastic_ip,
    "aws:ec2/natGateway:NatGateway": _nat_gateway,
    "aws:ec2/routeTable:RouteTable": _owned,
    "aws:ec2/securityGroup:SecurityGroup": _owned,
    "aws:ec2/subnet:Subnet": _subnet,
    "aws:ec2/vpc:Vpc": _vpc,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    "aws:ecr/repository:Repository": _repository,
    "aws:eks/accessEntry:AccessEntry": _access_entry,
    "aws:eks/cluster:Cluster": _cluster,
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": _pod_identity,
    "aws:elasticache/replicationGroup:ReplicationGroup": _cache,
    "aws:iam/role:Role": _role,
    "aws:kms/alias:Alias": _alias,
    "aws:kms/key:Key": _key,
    "aws:lb/loadBalancer:LoadBalancer": _load_balancer,
    "aws:lb/targetGroup:TargetGroup": _target_group,
    "aws:rds/instance:Instance": _database,
    "aws:route53/record:Record": _record,
    "aws:route53/zone:Zone": _zone,
    "aws:s3/bucket:Bucket": _bucket,
    "aws:secretsmanager/secretVersion:SecretVersion": _secret_version,
    "aws:sqs/queue:Queue": _queue,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _rule,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _rule,
}
