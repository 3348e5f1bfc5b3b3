"""Figures that only the owner of a stack can judge: how much of something there is, how long, how often, when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.policy.unsafe.leaves import POD

FIGURES: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:backup/plan:Plan": ("rules.*.schedule",),
    "kubernetes:batch/v1:CronJob": ("*.ttlSecondsAfterFinished",),
    "aws:wafv2/webAcl:WebAcl": ("dataProtectionConfig.dataProtections.*.action",),
    "aws:backup/restoreTestingPlan:*": (
        "recoveryPointSelection.algorithm",
        "*.recoveryPointTypes.*",
    ),
    "aws:chatbot/*": ("loggingLevel",),
    "aws:wafv2/*": (
        "*.priority",
        "dataProtectionConfig.dataProtections.*.action",
    ),
    "random:*": (
        "keepers.*",
        "special",
    ),
    "kubernetes:*": (
        "spec.template.metadata.annotations.*",
        "metadata.annotations.*",
        "spec.networkPolicyEventLogs",
        "spec.unhealthyPodEvictionPolicy",
    ),
    "aws:ecr/*": (
        "*ifecyclePolicy*",
        "policy",
        "replicationConfiguration.*",
        "appliedFors.*",
    ),
    "aws:s3/bucket*": (
        "*.expiredObjectDeleteMarker",
        "*.filter.prefix",
        "*.bucketKeyEnabled",
    ),
    "aws:kinesis/firehose*": (
        "*.compressionFormat",
        "*.keyType",
    ),
    "aws:lb/loadBalancer:LoadBalancer": (
        "internal",
        "enableXffClientPort",
    ),
    "aws:ec2/flowLog:FlowLog": ("logFormat",),
    "aws:eks/cluster:Cluster": (
        "upgradePolicy.*",
        "zonalShiftConfig.*",
        "vpcConfig.endpointPublicAccess",
    ),
    "aws:rds/instance*": (
        "applyImmediately",
        "availabilityZone",
        "performanceInsightsRetentionPeriod",
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        "applyImmediately",
        "preferredCacheClusterAzs.*",
        "engineVersion",
    ),
    "aws:backup/*": (
        "*.completionWindow",
        "*.startWindow",
        "*Timezone",
        "*Hours",
        "*WindowDays",
        "scheduleExpression",
        "maxRetentionDays",
    ),
    "aws:budgets/*": ("limitAmount", "limitUnit", "timeUnit", "budgetType", "notifications.*.threshold*"),
    "aws:cloudwatch/*": (
        "anomalyVisibilityTime",
        "comparisonOperator",
        "datapointsToAlarm",
        "evaluationFrequency",
        "evaluationPeriods",
        "metricQueries.*.period",
        "metricQueries.*.metric.period",
        "metricQueries.*.metric.stat",
        "scheduleExpression",
        "threshold",
        "actionsSuppressor.*Period",
    ),
    "aws:costexplorer/*": ("frequency", "thresholdExpression.*"),
    "aws:elasticache/*": ("*Window", "nodeType"),
    "aws:kinesis/*": ("*.buffering*",),
    "aws:lb/*": (
        "*.weight",
        "clientKeepAlive",
        "deregistrationDelay",
        "healthCheck.*Threshold",
        "healthCheck.interval",
        "healthCheck.timeout",
        "idleTimeout",
        "priority",
        "slowStart",
    ),
    "aws:rds/instance:Instance": (
        "*Window",
        "allocatedStorage",
        "instanceClass",
        "maxAllocatedStorage",
        "storageType",
    ),
    "aws:route53/*": ("failureThreshold", "priority", "requestInterval", "ttl"),
    "aws:s3/*": ("*.days", "*.noncurrentDays", "*.daysAfterInitiation", "*.storageClass"),
    "aws:synthetics/*": ("*RetentionPeriod", "runConfig.memoryInMb", "runConfig.timeoutInSeconds", "schedule.*"),
    "kubernetes:apps/*": (
        "spec.minReadySeconds",
        "spec.progressDeadlineSeconds",
        "spec.revisionHistoryLimit",
        "*.maxSurge",
    ),
    "kubernetes:autoscaling/*": ("spec.behavior.*", "spec.maxReplicas", "spec.metrics.*"),
    "kubernetes:batch/*": ("spec.*HistoryLimit", "*.backoffLimit", "spec.schedule", "spec.timeZone"),
    "kubernetes:core/v1:LimitRange": ("spec.limits.*",),
    "kubernetes:core/v1:ResourceQuota": ("spec.scopeSelector.*",),
    "kubernetes:eks.amazonaws.com/*": ("spec.ephemeralStorage.size",),
    "kubernetes:karpenter.sh/*": ("spec.disruption.*", "spec.template.spec.requirements.*"),
    "kubernetes:scheduling.k8s.io/*": ("value", "preemptionPolicy"),
    POD: (
        "*.failureThreshold",
        "*.initialDelaySeconds",
        "*.periodSeconds",
        "*.timeoutSeconds",
        "nodeSelector.*",
        "priorityClassName",
        "topologySpreadConstraints.*",
    ),
}
"""For each pattern of types, the patterns of paths."""
