"""Properties that no value makes unsafe, or none that a policy can tell; each with the reason.

Types and paths are patterns, with `*` for anything. A property that `UNSAFE` names as well is not meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.policy.unsafe.figures import FIGURES
from tests.policy.unsafe.leaves import POD

_REASONS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "words for people, and names that another value only changes": {
        "*": ("description", "tags.*", "metadata.name", "metadata.labels.*", "spec.tags.*"),
        "aws:*": ("*.name", "*.metricName", "*.label"),
        "aws:backup/*": ("name", "rules.*.ruleName"),
        "aws:budgets/*": ("name",),
        "aws:chatbot/*": ("configurationName",),
        "aws:cloudwatch/*": (
            "alarmDescription",
            "alarmName",
            "dashboardName",
            "detectorName",
            "name",
            "metricQueries.*.id",
        ),
        "aws:costexplorer/*": ("name",),
        "aws:ecr/*": ("name", "prefix", "ecrRepositoryPrefix"),
        "aws:eks/cluster:Cluster": ("name",),
        "aws:elasticache/*": ("replicationGroupId",),
        "aws:kinesis/*": ("*.prefix", "*.fileExtension"),
        "aws:kms/alias:Alias": ("name",),
        "aws:lb/loadBalancer:LoadBalancer": ("accessLogs.prefix", "connectionLogs.prefix"),
        "aws:rds/instance:Instance": ("dbName", "identifier"),
        "aws:s3/*": ("rules.*.id",),
        "aws:sns/topic:Topic": ("displayName",),
        "aws:synthetics/*": ("name",),
        "kubernetes:*": ("*.name", "*.message"),
        POD: ("*.name",),
    },
    "who owns the stack alone knows how much is enough, and when: sizes, windows, limits and thresholds": FIGURES,
    "AWS or Kubernetes refuses any other value, or does nothing then": {
        "aws:ecr/registryScanning*": ("scanType",),
        "aws:elasticache/replicationGroup:*": (
            "port",
            "authTokenWo",
            "engine",
        ),
        "aws:rds/instance*": (
            "engine",
            "port",
            "sourceDbInstanceArn",
        ),
        "aws:route53/resolverQueryLogConfig:*": ("destinationArn",),
        "aws:synthetics/canary:Canary": (
            "vpcConfig.subnetIds.*",
            "artifactS3Location",
            "deleteLambda",
        ),
        "aws:cloudwatch/logSubscriptionFilter:*": ("destinationArn",),
        "aws:cloudwatch/eventTarget:EventTarget": ("arn",),
        "aws:ecr/registryScanningConfiguration:*": ("*.filterType",),
        "kubernetes:networking.k8s.*": ("*.protocol",),
        "aws:route53/resolver*": (
            "blockResponse",
            "firewallDomainRedirectionAction",
            "mutationProtection",
        ),
        "aws:secretsmanager/*": (
            "replicas.*.region",
            "secretStringWo",
        ),
        "aws:rds/instance:Instance": ("passwordWo",),
        "aws:kms/alias:Alias": ("targetKeyId",),
        "aws:lb/l*": (
            "defaultActions.*.redirect.*",
            "port",
            "subnets.*",
            "preserveHostHeader",
        ),
        "aws:eks/addon:Addon": ("*",),
        "aws:eks/cluster*": (
            "bootstrapSelfManagedAddons",
            "kubernetesNetworkConfig.*",
            "storageConfig.*",
        ),
        "aws:ec2/vpc*": (
            "enableDnsHostnames",
            "subnetIds.*",
        ),
        "aws:ec2/route:Route": (
            "destinationCidrBlock",
            "routeTableId",
        ),
        "aws:route53/record:Record": ("*",),
        "aws:chatbot/*": (
            "region",
            "slack*",
            "snsTopicArns.*",
        ),
        "aws:*": ("vpcId", "clusterName", "iamRoleArn", "*.roleArn", "roleArn", "executionRoleArn", "customRoleArn"),
        "aws:acm/*": ("domainName", "subjectAlternativeNames.*", "validationRecordFqdns.*"),
        "aws:backup/*": ("restoreTestingPlanName", "protectedResourceArns.*"),
        "aws:cloudwatch/*": ("*.returnData", "logGroupName", "resourceArn"),
        "aws:ec2/*": ("allocationId", "cidrBlock", "domain", "gatewayId", "subnetId", "logDestinationType"),
        "aws:ec2/networkAclRule:NetworkAclRule": ("icmpCode", "icmpType", "networkAclId", "ruleAction", "ruleNumber"),
        "aws:ec2/vpcEndpoint:VpcEndpoint": ("serviceName", "vpcEndpointType"),
        "aws:eks/accessEntry:AccessEntry": ("type",),
        "aws:elasticache/*": ("authTokenWoVersion", "clusterMode", "family", "*.destinationType", "*.logFormat"),
        "aws:kinesis/*": ("destination", "*.logGroupName", "*.logStreamName"),
        "aws:lb/listener:Listener": ("loadBalancerArn",),
        "aws:lb/listenerRule:ListenerRule": ("listenerArn",),
        "aws:lb/loadBalancer:LoadBalancer": ("loadBalancerType", "ipAddressType"),
        "aws:lb/targetGroup:TargetGroup": ("targetType", "protocolVersion", "port", "healthCheck.port"),
        "aws:rds/*": ("monitoringRoleArn", "passwordWoVersion", "*.applyMethod", "replicateSourceDb"),
        "aws:s3/bucket:Bucket": ("objectLockEnabled",),
        "aws:s3/bucketObjectv2:BucketObjectv2": ("*",),
        "aws:secretsmanager/secretVersion:SecretVersion": ("secretId", "secretStringWoVersion"),
        "aws:sns/topicSubscription:TopicSubscription": ("endpoint",),
        "aws:synthetics/*": ("handler", "runtimeVersion", "s3Bucket", "s3Key"),
        "aws:wafv2/webAcl:WebAcl": ("scope", "customResponseBodies.*", "rules.*.action.block.customResponse.*"),
        "kubernetes:autoscaling/*": (
            "metadata.namespace",
            "spec.scaleTargetRef.apiVersion",
            "spec.scaleTargetRef.kind",
        ),
        "kubernetes:core/*": ("metadata.namespace", "spec.ports.*"),
        "kubernetes:eks.amazonaws.com/*": ("metadata.namespace", "spec.serviceRef.port", "spec.targetType"),
        "kubernetes:karpenter.sh/*": ("spec.template.spec.nodeClassRef.*",),
        "kubernetes:apps/v1:Deployment": ("spec.selector.matchLabels.*",),
        "kubernetes:policy/*": ("metadata.namespace",),
        "kubernetes:rbac.authorization.k8s.io/*": (
            "metadata.namespace",
            "*.apiGroup",
            "*.kind",
            "subjects.*.namespace",
        ),
        "kubernetes:secrets-store.csi.x-k8s.io/*": ("metadata.namespace", "spec.*"),
        POD: (
            "containers.*.command.*",
            "containers.*.env.*.valueFrom.*",
            "containers.*.envFrom.*",
            "containers.*.exec.*",
            "containers.*.httpGet.path",
            "containers.*.httpGet.port",
            "containers.*.lifecycle.*",
            "containers.*Probe.*",
            "containers.*.ports.*",
            "containers.*.restartPolicy",
            "containers.*.volumeMounts.*",
            "dnsConfig.*",
            "restartPolicy",
            "securityContext.fsGroup",
            "securityContext.runAsGroup",
            "securityContext.sysctls.*.value",
            "terminationGracePeriodSeconds",
            "volumes.*",
        ),
    },
    "what the rules of the web firewall look for, tests ask that send it requests": {
        "aws:wafv2/web*": (
            "dataProtectionConfig.*",
            "redactedFields.*.queryString",
            "*.actionCondition.action",
        ),
        "aws:wafv2/webAcl:WebAcl": (
            "defaultAction.allow",
            "rules.*.statement.andStatement.*",
            "rules.*.statement.managedRuleGroupStatement.ruleActionOverrides*",
            "rules.*.statement.rateBasedStatement.*",
            "rules.*.statement.regexMatchStatement.*",
            "rules.*.statement.sizeConstraintStatement.*",
            "*.sampledRequestsEnabled",
        ),
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": (
            "loggingFilter.defaultBehavior",
            "*.requirement",
        ),
    },
    "what TMI says and which of it matters, tests of the tables know that hold it against TMI's own words": {
        "aws:cloudwatch/dashboard:Dashboard": ("dashboardBody",),
        "aws:cloudwatch/eventRule:EventRule": ("eventPattern",),
        "aws:cloudwatch/eventTarget:EventTarget": ("input", "inputTransformer.*"),
        "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector": ("filterPattern", "logGroupArnLists.*"),
        "aws:cloudwatch/logMetricFilter:LogMetricFilter": ("metricTransformation.*", "pattern"),
        "aws:cloudwatch/metricAlarm:MetricAlarm": ("metricQueries.*.expression",),
        "aws:cloudwatch/compositeAlarm:CompositeAlarm": ("alarmRule", "actionsSuppressor.alarm"),
        "aws:cloudwatch/queryDefinition:QueryDefinition": ("logGroupNames.*", "queryString"),
        "aws:lb/listenerRule:ListenerRule": ("conditions.*", "actions.*.fixedResponse.*", "actions.*.type"),
        "aws:lb/targetGroup:TargetGroup": (
            "healthCheck.matcher",
            "healthCheck.path",
            "stickiness.*",
            "loadBalancingAlgorithmType",
        ),
        "aws:route53/healthCheck:HealthCheck": ("fqdn", "port", "regions.*", "resourcePath"),
        "kubernetes:admissionregistration.k8s.io/*": (
            "spec.matchConditions.*",
            "spec.matchConstraints.*",
            "spec.validations.*.expression",
        ),
    },
    "a message less that all is well again, or none where a composite alarm speaks": {
        "aws:cloudwatch/*": ("okActions", "okActions.*", "alarmActions", "metricQueries.*.metric.dimensions"),
    },
    "who gets a right is what the program is for; each document is judged, whoever has it": {
        "aws:iam/*": ("role",),
        "aws:eks/access*": ("principalArn", "accessScope.*"),
    },
    "the images are named by their digest, wherever they come from": {
        "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": ("upstreamRegistryUrl",),
    },
    "what no ApplicationNetworkPolicy lets out, the NetworkPolicies of its namespace hold back": {
        "kubernetes:networking.k8s.aws/*": ("metadata.namespace", "spec.podSelector.*", "spec.policyTypes.*"),
    },
    "what must have an alarm, a rule asks; what else is watched, the owner decides": {
        "aws:cloudwatch/metricAlarm:MetricAlarm": (
            "metricQueries.*.metric.dimensions.*",
            "metricQueries.*.metric.metricName",
            "metricQueries.*.metric.namespace",
        ),
    },
    "who may come to a balancer, and where pods may go by TLS, the owner decides; other ranges a rule refuses": {
        "aws:vpc/*": ("cidrIpv4",),
    },
    "something else says it as well: each container, the registry's scanning, the other rules of a bucket": {
        POD: ("securityContext.runAsNonRoot",),
        "aws:ecr/repository:Repository": ("*.scanOnPush",),
        "aws:s3/bucketLifecycleConfiguration:*": ("rules.*.status",),
    },
    "a NetworkPolicy that selects pods only allows: what it does not select, the default deny does": {
        "kubernetes:networking.k8s.io/v1:NetworkPolicy": ("spec.podSelector.matchLabels.*",),
    },
    "money, not safety: who watches the costs sees what is missing": {
        "aws:budgets/budget:Budget": ("costFilters.*", "notifications.*"),
        "aws:costexplorer/*": ("monitor*", "subscribers.*"),
    },
}
"""For each reason, the patterns of types, and for each of these the patterns of paths."""

HARMLESS: Final[tuple[tuple[str, str, str], ...]] = tuple(
    (token, path, reason) for reason, types in _REASONS.items() for token, paths in types.items() for path in paths
)
"""Each (pattern of types, pattern of paths, reason)."""
