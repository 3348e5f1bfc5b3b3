"""Which changes cannot be made in place: the properties that force a replacement.

From the providers' own sources: ``ForceNew`` and ``RequiresReplace`` in hashicorp/terraform-provider-aws (version 6,
which pulumi-aws 7 bridges), and ``provider/pkg/provider/diff.go`` of pulumi/pulumi-kubernetes 4. A type that is not
listed is updated in place.
"""

from __future__ import annotations

from typing import Final

EVERY_PROPERTY: Final = ("",)
"""The empty path, of which every path is a part."""

AWS: Final[dict[str, tuple[str, ...]]] = {
    "aws:acm/certificate:Certificate": (
        "certificateAuthorityArn",
        "domainName",
        "keyAlgorithm",
        "subjectAlternativeNames",
        "validationMethod",
    ),
    "aws:acm/certificateValidation:CertificateValidation": ("certificateArn", "validationRecordFqdns"),
    "aws:backup/selection:Selection": EVERY_PROPERTY,
    "aws:backup/vault:Vault": ("kmsKeyArn", "name"),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": EVERY_PROPERTY,
    "aws:budgets/budget:Budget": ("accountId", "name", "namePrefix"),
    "aws:cloudwatch/dashboard:Dashboard": ("dashboardName",),
    "aws:cloudwatch/eventRule:EventRule": ("eventBusName", "name"),
    "aws:cloudwatch/eventTarget:EventTarget": ("eventBusName", "rule", "targetId"),
    "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector": ("kmsKeyId",),
    "aws:cloudwatch/logGroup:LogGroup": ("logGroupClass", "name", "namePrefix"),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": ("logGroupName", "name"),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": ("policyName", "resourceArn"),
    "aws:cloudwatch/logStream:LogStream": ("logGroupName", "name"),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": ("logGroup", "name"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("name",),
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": ("monitorDimension", "monitorSpecification", "monitorType"),
    "aws:costexplorer/anomalySubscription:AnomalySubscription": ("name",),
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": ("defaultNetworkAclId",),
    "aws:ec2/defaultRouteTable:DefaultRouteTable": ("defaultRouteTableId",),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ("vpcId",),
    "aws:ec2/eip:Eip": ("address", "domain", "networkBorderGroup", "publicIpv4Pool"),
    "aws:ec2/flowLog:FlowLog": (
        "eniId",
        "iamRoleArn",
        "logDestination",
        "logDestinationType",
        "logFormat",
        "maxAggregationInterval",
        "subnetId",
        "trafficType",
        "vpcId",
    ),
    "aws:ec2/natGateway:NatGateway": ("allocationId", "connectivityType", "privateIp", "subnetId"),
    "aws:ec2/networkAcl:NetworkAcl": ("vpcId",),
    "aws:ec2/networkAclAssociation:NetworkAclAssociation": EVERY_PROPERTY,
    "aws:ec2/networkAclRule:NetworkAclRule": EVERY_PROPERTY,
    "aws:ec2/route:Route": (
        "destinationCidrBlock",
        "destinationIpv6CidrBlock",
        "destinationPrefixListId",
        "routeTableId",
    ),
    "aws:ec2/routeTable:RouteTable": ("vpcId",),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": ("gatewayId", "subnetId"),
    "aws:ec2/securityGroup:SecurityGroup": ("description", "name", "namePrefix", "vpcId"),
    "aws:ec2/subnet:Subnet": ("availabilityZone", "availabilityZoneId", "cidrBlock", "ipv6Native", "vpcId"),
    "aws:ec2/vpc:Vpc": ("cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("serviceName", "serviceRegion", "vpcEndpointType", "vpcId"),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": ("policy", "repository"),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": ("ecrRepositoryPrefix", "upstreamRegistryUrl"),
    "aws:ecr/repository:Repository": ("encryptionConfigurations", "name"),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": ("prefix",),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": ("repository",),
    "aws:eks/accessEntry:AccessEntry": ("clusterName", "principalArn", "type"),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": EVERY_PROPERTY,
    "aws:eks/addon:Addon": ("addonName", "clusterName"),
    "aws:eks/cluster:Cluster": (
        "accessConfig.bootstrapClusterCreatorAdminPermissions",
        "bootstrapSelfManagedAddons",
        "computeConfig.nodeRoleArn",
        "kubernetesNetworkConfig.ipFamily",
        "kubernetesNetworkConfig.serviceIpv4Cidr",
        "name",
        "outpostConfig",
        "remoteNetworkConfig",
        "roleArn",
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": ("clusterName", "namespace", "serviceAccount"),
    "aws:elasticache/parameterGroup:ParameterGroup": ("description", "family", "name"),
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        "atRestEncryptionEnabled",
        "dataTieringEnabled",
        "globalReplicationGroupId",
        "kmsKeyId",
        "networkType",
        "nodeGroupConfigurations",
        "port",
        "replicationGroupId",
        "securityGroupNames",
        "snapshotArns",
        "snapshotName",
        "subnetGroupName",
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": ("name",),
    "aws:iam/instanceProfile:InstanceProfile": ("name", "namePrefix", "path"),
    "aws:iam/policy:Policy": ("description", "name", "namePrefix", "path"),
    "aws:iam/role:Role": ("name", "namePrefix", "path"),
    "aws:iam/rolePolicy:RolePolicy": ("name", "namePrefix", "role"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": EVERY_PROPERTY,
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": ("destination", "name"),
    "aws:kms/alias:Alias": ("name", "namePrefix"),
    "aws:kms/key:Key": ("customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion"),
    "aws:lb/listener:Listener": ("loadBalancerArn",),
    "aws:lb/listenerRule:ListenerRule": ("listenerArn",),
    "aws:lb/loadBalancer:LoadBalancer": ("internal", "loadBalancerType", "name", "namePrefix"),
    "aws:lb/targetGroup:TargetGroup": (
        "ipAddressType",
        "name",
        "namePrefix",
        "port",
        "protocol",
        "protocolVersion",
        "targetType",
        "vpcId",
    ),
    "aws:rds/instance:Instance": (
        "availabilityZone",
        "characterSetName",
        "dbName",
        "engine",
        "kmsKeyId",
        "restoreToPointInTime",
        "s3Import",
        "snapshotIdentifier",
        "storageEncrypted",
        "timezone",
        "username",
    ),
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": EVERY_PROPERTY,
    "aws:rds/parameterGroup:ParameterGroup": ("description", "family", "name", "namePrefix"),
    "aws:rds/subnetGroup:SubnetGroup": ("name", "namePrefix"),
    "aws:route53/healthCheck:HealthCheck": ("measureLatency", "referenceName", "requestInterval", "type"),
    "aws:route53/record:Record": ("name", "setIdentifier", "zoneId"),
    "aws:route53/zone:Zone": ("delegationSetId", "name"),
    "aws:s3/bucket:Bucket": ("bucket", "bucketPrefix", "objectLockEnabled"),
    "aws:s3/bucketObjectv2:BucketObjectv2": ("bucket", "key"),
    "aws:secretsmanager/secret:Secret": ("name", "namePrefix"),
    "aws:secretsmanager/secretPolicy:SecretPolicy": ("secretArn",),
    "aws:secretsmanager/secretVersion:SecretVersion": (
        "secretBinary",
        "secretId",
        "secretString",
        "secretStringWoVersion",
    ),
    "aws:sns/topic:Topic": ("fifoTopic", "name", "namePrefix"),
    "aws:sns/topicPolicy:TopicPolicy": ("arn",),
    "aws:sns/topicSubscription:TopicSubscription": ("endpoint", "protocol", "topic"),
    "aws:sqs/queue:Queue": ("fifoQueue", "name", "namePrefix"),
    "aws:synthetics/canary:Canary": ("name",),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ("securityGroupId",),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ("securityGroupId",),
    "aws:wafv2/ipSet:IpSet": ("ipAddressVersion", "name", "scope"),
    "aws:wafv2/webAcl:WebAcl": ("name", "scope"),
    "aws:wafv2/webAclAssociation:WebAclAssociation": EVERY_PROPERTY,
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": ("resourceArn",),
}
# Changes that are made in place one way alone: type, property, value before, value after.
# customizeDiffEngineForceNewOnDowngrade of aws_elasticache_replication_group.
# A tuple: values of other properties are lists, which no set can look for.
ONE_WAY: Final = (("aws:elasticache/replicationGroup:ReplicationGroup", "engine", "valkey", "redis"),)
# Every bucket's configuration is a resource of its own that belongs to the bucket it was made for.
BUCKET_CONFIGURATION: Final = "aws:s3/bucket"

KUBERNETES: Final[dict[str, tuple[str, ...]]] = {
    "kubernetes:apps/v1:DaemonSet": ("spec.selector",),
    "kubernetes:apps/v1:Deployment": ("spec.selector",),
    "kubernetes:apps/v1:StatefulSet": (
        "spec.podManagementPolicy",
        "spec.revisionHistoryLimit",
        "spec.selector",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    ),
    "kubernetes:batch/v1:Job": ("spec.completions", "spec.parallelism", "spec.selector", "spec.template"),
    # Unless the provider is told that they are mutable (enableConfigMapMutable, enableSecretMutable).
    "kubernetes:core/v1:ConfigMap": ("binaryData", "data"),
    "kubernetes:core/v1:Secret": ("data", "stringData", "type"),
    "kubernetes:core/v1:ResourceQuota": ("spec.scopes",),
    "kubernetes:core/v1:Service": ("spec.clusterIP",),
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": ("roleRef",),
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": ("roleRef",),
    "kubernetes:storage.k8s.io/v1:StorageClass": ("parameters", "provisioner"),
}
MUTABLE_ON_REQUEST: Final = {
    "kubernetes:core/v1:ConfigMap": "enableConfigMapMutable",
    "kubernetes:core/v1:Secret": "enableSecretMutable",
}


def forcing_paths(token: str, *, is_mutable: bool = False) -> tuple[str, ...]:
    """Give the paths whose change forces a replacement of a resource of this type.

    ``is_mutable`` says that the provider was told to change ConfigMaps or Secrets in place.
    """
    package = token.split(":", 1)[0]
    if package == "random":
        return EVERY_PROPERTY
    if package == "pulumi":
        return ("region",)
    if package == "kubernetes":
        return ("metadata.name", "metadata.namespace", *(() if is_mutable else KUBERNETES.get(token, ())))
    listed = AWS.get(token, ("bucket",) if token.startswith(BUCKET_CONFIGURATION) else ())
    return (*listed, "region")
