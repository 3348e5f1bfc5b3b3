"""The id and the ARN of each AWS type, as tables."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sandbox.cloud.outputs.making import Making

# EC2 numbers its resources: prefix-0123456789abcdef0.
EC2_PREFIXES: Final[dict[str, str]] = {
    "aws:ec2/eip:Eip": "eipalloc",
    "aws:ec2/flowLog:FlowLog": "fl",
    "aws:ec2/internetGateway:InternetGateway": "igw",
    "aws:ec2/natGateway:NatGateway": "nat",
    "aws:ec2/networkAcl:NetworkAcl": "acl",
    "aws:ec2/networkAclAssociation:NetworkAclAssociation": "aclassoc",
    "aws:ec2/networkAclRule:NetworkAclRule": "nacl",
    "aws:ec2/routeTable:RouteTable": "rtb",
    "aws:ec2/routeTableAssociation:RouteTableAssociation": "rtbassoc",
    "aws:ec2/securityGroup:SecurityGroup": "sg",
    "aws:ec2/subnet:Subnet": "subnet",
    "aws:ec2/vpc:Vpc": "vpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "vpce",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "sgr",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "sgr",
}

# Ids put together from properties.
ID_FORMATS: Final[dict[str, str]] = {
    "aws:backup/vault:Vault": "{name}",
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": "{backupVaultName}",
    "aws:budgets/budget:Budget": "{account}:{name}",
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": (
        "arn:aws:chatbot::{account}:chat-configuration/slack-channel/{configurationName}"
    ),
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": (
        "arn:aws:chatbot::{account}:chat-configuration/microsoft-teams-channel/{configurationName}"
    ),
    "aws:cloudwatch/dashboard:Dashboard": "{dashboardName}",
    "aws:cloudwatch/eventRule:EventRule": "{name}",
    "aws:cloudwatch/logGroup:LogGroup": "{name}",
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": "{name}",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "{name}",
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": "{defaultNetworkAclId}",
    "aws:ec2/defaultRouteTable:DefaultRouteTable": "{defaultRouteTableId}",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": "{repository}",
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": "{ecrRepositoryPrefix}",
    "aws:ecr/repository:Repository": "{name}",
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": "{prefix}",
    "aws:ecr/repositoryPolicy:RepositoryPolicy": "{repository}",
    "aws:eks/accessEntry:AccessEntry": "{clusterName}:{principalArn}",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": "{clusterName}#{principalArn}#{policyArn}",
    "aws:eks/addon:Addon": "{clusterName}:{addonName}",
    "aws:eks/cluster:Cluster": "{name}",
    "aws:elasticache/parameterGroup:ParameterGroup": "{name}",
    "aws:elasticache/replicationGroup:ReplicationGroup": "{replicationGroupId}",
    "aws:elasticache/subnetGroup:SubnetGroup": "{name}",
    "aws:iam/instanceProfile:InstanceProfile": "{name}",
    "aws:iam/role:Role": "{name}",
    "aws:iam/rolePolicy:RolePolicy": "{role}:{name}",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "{role}/{policyArn}",
    "aws:kms/alias:Alias": "{name}",
    "aws:rds/parameterGroup:ParameterGroup": "{name}",
    "aws:rds/subnetGroup:SubnetGroup": "{name}",
    "aws:route53/record:Record": "{zoneId}_{name}_{type}",
    "aws:s3/bucket:Bucket": "{bucket}",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "{secretArn}",
    "aws:sns/topicPolicy:TopicPolicy": "{arn}",
    "aws:synthetics/canary:Canary": "{name}",
    "aws:wafv2/webAclAssociation:WebAclAssociation": "{webAclArn},{resourceArn}",
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": "{resourceArn}",
}

# Ids of a form of their own.
ID_MAKERS: Final[dict[str, Callable[[Making], str]]] = {
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": lambda m: m.text("policyName") or m.text("resourceArn"),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": lambda m: str(
        m.output_of(m.text("vpcId"), "defaultSecurityGroupId") or f"sg-{m.digest('id', 17)}"
    ),
    "aws:ec2/route:Route": lambda m: f"r-{m.text('routeTableId')}{m.digest('id', 10)}",
    # A registry is the account's, and its configuration goes by that name.
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": lambda m: m.place.account,
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": lambda m: m.place.account,
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": lambda m: f"a-{m.digest('id', 17)}",
    "aws:rds/instance:Instance": lambda m: f"db-{m.capitals('id', 26)}",
    "aws:route53/zone:Zone": lambda m: f"Z{m.capitals('id', 19)}2",
    "aws:secretsmanager/secretVersion:SecretVersion": lambda m: f"{m.text('secretId')}|terraform-{m.digest('id', 26)}",
    "aws:sqs/queue:Queue": lambda m: f"https://sqs.{m.place.region}.amazonaws.com/{m.place.account}/{m.text('name')}",
}

# In the formats: region, account, id, hash (16 digits), suffix (6 digits), and the resource's own properties.
ARN_FORMATS: Final[dict[str, str]] = {
    "aws:acm/certificate:Certificate": "acm:{region}:{account}:certificate/{uuid}",
    "aws:backup/plan:Plan": "backup:{region}:{account}:backup-plan:{uuid}",
    "aws:backup/vault:Vault": "backup:{region}:{account}:backup-vault:{name}",
    "aws:budgets/budget:Budget": "budgets::{account}:budget/{name}",
    "aws:cloudwatch/eventRule:EventRule": "events:{region}:{account}:rule/{name}",
    "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector": "logs:{region}:{account}:anomaly-detector:{uuid}",
    "aws:cloudwatch/logGroup:LogGroup": "logs:{region}:{account}:log-group:{name}",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": "ce::{account}:anomalymonitor/{uuid}",
    "aws:costexplorer/anomalySubscription:AnomalySubscription": "ce::{account}:anomalysubscription/{uuid}",
    "aws:ec2/eip:Eip": "ec2:{region}:{account}:elastic-ip/{id}",
    "aws:ec2/flowLog:FlowLog": "ec2:{region}:{account}:vpc-flow-log/{id}",
    "aws:ec2/internetGateway:InternetGateway": "ec2:{region}:{account}:internet-gateway/{id}",
    "aws:ec2/networkAcl:NetworkAcl": "ec2:{region}:{account}:network-acl/{id}",
    "aws:ec2/routeTable:RouteTable": "ec2:{region}:{account}:route-table/{id}",
    "aws:ec2/securityGroup:SecurityGroup": "ec2:{region}:{account}:security-group/{id}",
    "aws:ec2/subnet:Subnet": "ec2:{region}:{account}:subnet/{id}",
    "aws:ec2/vpc:Vpc": "ec2:{region}:{account}:vpc/{id}",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "ec2:{region}:{account}:vpc-endpoint/{id}",
    "aws:ecr/repository:Repository": "ecr:{region}:{account}:repository/{name}",
    "aws:eks/addon:Addon": "eks:{region}:{account}:addon/{clusterName}/{addonName}/{uuid}",
    "aws:eks/cluster:Cluster": "eks:{region}:{account}:cluster/{name}",
    "aws:elasticache/parameterGroup:ParameterGroup": "elasticache:{region}:{account}:parametergroup:{name}",
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        "elasticache:{region}:{account}:replicationgroup:{replicationGroupId}"
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": "elasticache:{region}:{account}:subnetgroup:{name}",
    "aws:iam/instanceProfile:InstanceProfile": "iam::{account}:instance-profile/{name}",
    "aws:iam/policy:Policy": "iam::{account}:policy/{name}",
    "aws:iam/role:Role": "iam::{account}:role/{name}",
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": "firehose:{region}:{account}:deliverystream/{name}",
    "aws:kms/alias:Alias": "kms:{region}:{account}:{name}",
    "aws:kms/key:Key": "kms:{region}:{account}:key/{id}",
    "aws:lambda/function:Function": "lambda:{region}:{account}:function:{name}",
    "aws:lb/loadBalancer:LoadBalancer": "elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/{hash}",
    "aws:lb/targetGroup:TargetGroup": "elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hash}",
    "aws:rds/instance:Instance": "rds:{region}:{account}:db:{identifier}",
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": (
        "rds:{region}:{account}:auto-backup:ab-{hash}"
    ),
    "aws:rds/parameterGroup:ParameterGroup": "rds:{region}:{account}:pg:{name}",
    "aws:rds/subnetGroup:SubnetGroup": "rds:{region}:{account}:subgrp:{name}",
    "aws:route53/healthCheck:HealthCheck": "route53:::healthcheck/{id}",
    "aws:route53/zone:Zone": "route53:::hostedzone/{id}",
    "aws:s3/bucket:Bucket": "s3:::{bucket}",
    "aws:secretsmanager/secret:Secret": "secretsmanager:{region}:{account}:secret:{name}-{suffix}",
    "aws:sns/topic:Topic": "sns:{region}:{account}:{name}",
    "aws:sqs/queue:Queue": "sqs:{region}:{account}:{name}",
    "aws:synthetics/canary:Canary": "synthetics:{region}:{account}:canary:{name}",
}

ARN_IS_ID: Final = frozenset(
    {
        "aws:acm/certificate:Certificate",
        "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
        "aws:costexplorer/anomalySubscription:AnomalySubscription",
        "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector",
        "aws:iam/policy:Policy",
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
        "aws:lb/listener:Listener",
        "aws:lb/listenerRule:ListenerRule",
        "aws:lb/loadBalancer:LoadBalancer",
        "aws:lb/targetGroup:TargetGroup",
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
        "aws:secretsmanager/secret:Secret",
        "aws:sns/topic:Topic",
        "aws:sns/topicSubscription:TopicSubscription",
    }
)
"""Types whose id is their ARN."""


def make_id(making: Making) -> str:
    """Make the id of a new resource."""
    token = making.token
    if token in ARN_IS_ID:
        return make_arn(making, "")
    if token in EC2_PREFIXES:
        return f"{EC2_PREFIXES[token]}-{making.digest('id', 17)}"
    if token in ID_MAKERS:
        return ID_MAKERS[token](making)
    if token in ID_FORMATS:
        return _format(ID_FORMATS[token], making, {})
    if token.startswith("aws:s3/bucket"):
        return making.text("bucket")
    return making.uuid("id")


def make_arn(making: Making, resource_id: str) -> str:
    """Make the ARN of a resource."""
    token = making.token
    if token == "aws:lb/listener:Listener":  # noqa: S105 - a type token
        return f"{making.text('loadBalancerArn').replace(':loadbalancer/', ':listener/')}/{making.digest('arn', 16)}"
    if token == "aws:lb/listenerRule:ListenerRule":  # noqa: S105 - a type token
        return f"{making.text('listenerArn').replace(':listener/', ':listener-rule/')}/{making.digest('arn', 16)}"
    if token == "aws:sns/topicSubscription:TopicSubscription":  # noqa: S105 - a type token
        return f"{making.text('topic')}:{making.uuid('arn')}"
    service = token.split(":")[1].split("/")[0]
    kind = token.rsplit(":", 1)[1].lower()
    if service == "wafv2" and "scope" in making.inputs:
        scope = "global" if making.text("scope") == "CLOUDFRONT" else "regional"
        return _format(
            f"arn:aws:wafv2:{{region}}:{{account}}:{scope}/{kind}/{{name}}/{{id}}", making, {"id": resource_id}
        )
    pattern = ARN_FORMATS.get(token, f"{service}:{{region}}:{{account}}:{kind}/{{id}}")
    return _format(f"arn:aws:{pattern}", making, {"id": resource_id})


def _format(pattern: str, making: Making, extra: Mapping[str, str]) -> str:
    known = {
        "region": making.place.region,
        "account": making.place.account,
        "hash": making.digest("arn", 16),
        "suffix": making.digest("suffix", 6),
        "uuid": making.uuid("arn"),
        **extra,
    }
    names = [field for _, field, _, _ in Formatter().parse(pattern) if field]
    return pattern.format_map({name: known[name] if name in known else making.text(name) for name in names})
