"""Computed outputs that programs read, by type: endpoints, roles, keys, registries, and those of the network.

Each function gets the resource in the making, its id and its ARN, and gives what the cloud would add to the inputs.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

from sandbox.cloud.outputs.network import NETWORK_ATTRIBUTES
from sandbox.cloud.values import Properties

if TYPE_CHECKING:
    from sandbox.cloud.outputs.making import Maker, Making

POSTGRES_PORT: Final = 5432
REDIS_PORT: Final = 6379


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


def _registry(m: Making, _id: str, _arn: str) -> Properties:
    return {"registryId": m.place.account}


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


def _bucket(m: Making, resource_id: str, _arn: str) -> Properties:
    return {
        "bucketDomainName": f"{resource_id}.s3.amazonaws.com",
        "bucketRegion": m.place.region,
        "bucketRegionalDomainName": f"{resource_id}.s3.{m.place.region}.amazonaws.com",
    }


def _channel(_m: Making, resource_id: str, _arn: str) -> Properties:
    return {"chatConfigurationArn": resource_id}


def _delivery_stream(_m: Making, _id: str, arn: str) -> Properties:
    # Three that a program may give but need not.
    return {"arn": arn, "destinationId": "destinationId-000000000001", "versionId": "1"}


def _dashboard(m: Making, _id: str, _arn: str) -> Properties:
    return {"dashboardArn": f"arn:aws:cloudwatch::{m.place.account}:dashboard/{m.text('dashboardName')}"}


def _queue(_m: Making, resource_id: str, _arn: str) -> Properties:
    return {"url": resource_id}


def _canary(m: Making, _id: str, _arn: str) -> Properties:
    function = f"cwsyn-{m.text('name')}-{m.uuid('function')}"
    return {
        "engineArn": f"arn:aws:lambda:{m.place.region}:{m.place.account}:function:{function}:1",
        "status": "RUNNING",
    }


ATTRIBUTES: Final[dict[str, Maker]] = {
    **NETWORK_ATTRIBUTES,
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": _channel,
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": _channel,
    "aws:cloudwatch/dashboard:Dashboard": _dashboard,
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": _registry,
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": _registry,
    "aws:ecr/repository:Repository": _repository,
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": _registry,
    "aws:eks/accessEntry:AccessEntry": _access_entry,
    "aws:eks/cluster:Cluster": _cluster,
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": _pod_identity,
    "aws:elasticache/replicationGroup:ReplicationGroup": _cache,
    "aws:iam/role:Role": _role,
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": _delivery_stream,
    "aws:kms/alias:Alias": _alias,
    "aws:kms/key:Key": _key,
    "aws:rds/instance:Instance": _database,
    "aws:s3/bucket:Bucket": _bucket,
    "aws:secretsmanager/secretVersion:SecretVersion": _secret_version,
    "aws:sqs/queue:Queue": _queue,
    "aws:synthetics/canary:Canary": _canary,
}
