"""What the recorder's cloud answers: the computed outputs that components read, by type token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

Compute: TypeAlias = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""From a resource's logical name and inputs to its computed outputs."""


def common(name: str, inputs: Mapping[str, Any], arn: str = "mock:eu-west-1:111111111111:{}") -> Mapping[str, Any]:
    """What most resources of AWS have: an ARN, and a name where none was given."""
    return {"arn": f"arn:aws:{arn.format(name)}", "name": inputs.get("name", name)}


def _shaped(arn: str) -> Compute:
    """An ARN of its service's own shape, for what reads policy documents."""
    return lambda name, inputs: common(name, inputs, arn)


def _database(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    address = f"{inputs.get('identifier', name)}.example.eu-west-1.rds.amazonaws.com"
    identifier = inputs.get("identifier", name)
    return {
        **common(name, inputs),
        "address": address,
        "identifier": identifier,
        "endpoint": f"{address}:5432",
        "resourceId": f"db-{name.upper()}",
    }


def _key(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**common(name, inputs, "kms:eu-west-1:111111111111:key/{}"), "keyId": f"{name}-key-id"}


def _cache(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    group = inputs.get("replicationGroupId", name)
    members = [f"{group}-{number:03}" for number in range(1, int(inputs.get("numCacheClusters", 1)) + 1)]
    return {
        **common(name, inputs),
        "primaryEndpointAddress": f"master.{group}.example.euw1.cache.amazonaws.com",
        "memberClusters": members,
    }


def _cluster(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    network = {**inputs.get("vpcConfig", {}), "clusterSecurityGroupId": "sg-cluster", "vpcId": "vpc-id"}
    return {
        **common(name, inputs),
        "endpoint": "https://EXAMPLE.gr7.eu-west-1.eks.amazonaws.com",
        "certificateAuthority": {"data": "RVhBTVBMRQ=="},
        "vpcConfig": network,
    }


def _balancer(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **common(name, inputs),
        "arnSuffix": f"app/{name}/0000000000000000",
        "dnsName": f"{name}.eu-west-1.elb.amazonaws.com",
        "zoneId": "Z00000000ALB",
    }


def _target_group(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**common(name, inputs), "arnSuffix": f"targetgroup/{name}/0000000000000000"}


def _certificate(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    domains = [inputs["domainName"], *inputs.get("subjectAlternativeNames", [])]
    options = [
        {
            "domainName": domain,
            "resourceRecordName": f"_validation.{domain}.",
            "resourceRecordType": "CNAME",
            "resourceRecordValue": "_example.acm-validations.aws.",
        }
        for domain in domains
    ]
    return {**common(name, inputs), "domainValidationOptions": options}


def _repository(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    url = f"111111111111.dkr.ecr.eu-west-1.amazonaws.com/{inputs.get('name', name)}"
    return {
        **common(name, inputs, "ecr:eu-west-1:111111111111:repository/{}"),
        "repositoryUrl": url,
        "registryId": "111111111111",
    }


def _bucket(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    bucket = inputs.get("bucket", name)
    return {"bucket": bucket, "arn": f"arn:aws:s3:::{bucket}"}


def _network(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **common(name, inputs),
        "defaultNetworkAclId": f"{name}-default-acl",
        "defaultRouteTableId": f"{name}-default-routes",
    }


def _record(_name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"fqdn": str(inputs["name"]).rstrip(".")}


def _log_group(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    group = inputs.get("name", name)
    return {"name": group, "arn": f"arn:aws:logs:eu-west-1:111111111111:log-group:{group}"}


def _stream(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    stream = inputs.get("name", name)
    return {"name": stream, "arn": f"arn:aws:firehose:eu-west-1:111111111111:deliverystream/{stream}"}


def _password(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"result": f"{name}-value".ljust(int(inputs["length"]), "x")}


def _bytes(_name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"hex": "0f" * int(inputs.get("length", inputs.get("byteLength", 0)))}


def _canary(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    function = f"function:cwsyn-{inputs['name']}-00000000-0000-0000-0000-000000000000:1"
    return {**common(name, inputs), "engineArn": f"arn:aws:lambda:eu-west-1:111111111111:{function}"}


COMPUTED: Final[Mapping[str, Compute]] = {
    "aws:acm/certificate:Certificate": _certificate,
    "aws:cloudwatch/logGroup:LogGroup": _log_group,
    "aws:ec2/vpc:Vpc": _network,
    "aws:ecr/repository:Repository": _repository,
    "aws:eks/cluster:Cluster": _cluster,
    "aws:elasticache/replicationGroup:ReplicationGroup": _cache,
    "aws:iam/role:Role": _shaped("iam::111111111111:role/{}"),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": _stream,
    "aws:kms/key:Key": _key,
    "aws:lb/loadBalancer:LoadBalancer": _balancer,
    "aws:lb/targetGroup:TargetGroup": _target_group,
    "aws:rds/instance:Instance": _database,
    "aws:route53/record:Record": _record,
    "aws:s3/bucket:Bucket": _bucket,
    "aws:secretsmanager/secret:Secret": _shaped("secretsmanager:eu-west-1:111111111111:secret:{}-AbCdEf"),
    "aws:sns/topic:Topic": _shaped("sns:eu-west-1:111111111111:{}"),
    "aws:synthetics/canary:Canary": _canary,
    "random:index/randomBytes:RandomBytes": _bytes,
    "random:index/randomPassword:RandomPassword": _password,
}
