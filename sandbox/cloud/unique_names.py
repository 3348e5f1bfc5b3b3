"""Names that may exist only once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from sandbox.cloud.values import UNKNOWN, Value

if TYPE_CHECKING:
    from sandbox.cloud.world import Resource

UniqueName: TypeAlias = "tuple[tuple[str, Value], ...]"

# Names that may exist once: per account and region, or within what the other properties say.
UNIQUE_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "aws:backup/plan:Plan": ("name",),
    "aws:backup/vault:Vault": ("name",),
    "aws:budgets/budget:Budget": ("name",),
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": ("configurationName",),
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": ("configurationName",),
    "aws:cloudwatch/dashboard:Dashboard": ("dashboardName",),
    "aws:cloudwatch/eventRule:EventRule": ("name",),
    "aws:cloudwatch/logGroup:LogGroup": ("name",),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": ("logGroupName", "name"),
    "aws:cloudwatch/logStream:LogStream": ("logGroupName", "name"),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": ("logGroup", "name"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("name",),
    "aws:cloudwatch/queryDefinition:QueryDefinition": ("name",),
    "aws:ec2/securityGroup:SecurityGroup": ("vpcId", "name"),
    "aws:ecr/repository:Repository": ("name",),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": ("prefix",),
    "aws:eks/accessEntry:AccessEntry": ("clusterName", "principalArn"),
    "aws:eks/addon:Addon": ("clusterName", "addonName"),
    "aws:eks/cluster:Cluster": ("name",),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": ("clusterName", "namespace", "serviceAccount"),
    "aws:elasticache/parameterGroup:ParameterGroup": ("name",),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("replicationGroupId",),
    "aws:elasticache/subnetGroup:SubnetGroup": ("name",),
    "aws:iam/instanceProfile:InstanceProfile": ("name",),
    "aws:iam/policy:Policy": ("name",),
    "aws:iam/role:Role": ("name",),
    "aws:iam/rolePolicy:RolePolicy": ("role", "name"),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": ("name",),
    "aws:kms/alias:Alias": ("name",),
    "aws:lambda/function:Function": ("name",),
    "aws:lb/listener:Listener": ("loadBalancerArn", "port"),
    "aws:lb/listenerRule:ListenerRule": ("listenerArn", "priority"),
    "aws:lb/loadBalancer:LoadBalancer": ("name",),
    "aws:lb/targetGroup:TargetGroup": ("name",),
    "aws:rds/instance:Instance": ("identifier",),
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": ("sourceDbInstanceArn",),
    "aws:rds/parameterGroup:ParameterGroup": ("name",),
    "aws:rds/subnetGroup:SubnetGroup": ("name",),
    "aws:s3/bucket:Bucket": ("bucket",),
    "aws:secretsmanager/secret:Secret": ("name",),
    "aws:sns/topic:Topic": ("name",),
    "aws:sqs/queue:Queue": ("name",),
    "aws:synthetics/canary:Canary": ("name",),
    "aws:wafv2/ipSet:IpSet": ("scope", "name"),
    "aws:wafv2/webAcl:WebAcl": ("scope", "name"),
}
# Services whose names are unique in the account, or in the world, whatever the region.
GLOBAL_MODULES: Final = ("aws:budgets/", "aws:chatbot/", "aws:iam/", "aws:s3/")


def unique_name(resource: Resource) -> UniqueName | None:
    """Give the properties no other resource of the type may share; ``None`` if there are none or one is unknown."""
    properties = UNIQUE_NAMES.get(resource.type)
    if properties is None:
        return None
    values = tuple((name, resource.get(name)) for name in properties)
    if any(value is None or value is UNKNOWN for _, value in values):
        return None
    if resource.type.startswith(GLOBAL_MODULES):
        return values
    return (*values, ("region", resource.get("region")))
