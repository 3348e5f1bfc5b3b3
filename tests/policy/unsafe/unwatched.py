"""Types of resources none of whose properties a rule watches; each with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_MONEY: Final = "money, not safety"
_WORDS: Final = "words for people, and questions that they ask"

UNWATCHED: Final[Mapping[str, str]] = {
    "aws:budgets/budget:Budget": _MONEY,
    "aws:cloudwatch/dashboard:Dashboard": _WORDS,
    "aws:cloudwatch/eventRule:EventRule": "its target is watched, and its state where it is given",
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": "what TMI says, its own tests know; the alarms are watched",
    "aws:cloudwatch/logStream:LogStream": "a part of a group, which is watched",
    "aws:cloudwatch/queryDefinition:QueryDefinition": _WORDS,
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": _MONEY,
    "aws:costexplorer/anomalySubscription:AnomalySubscription": _MONEY,
    "aws:ec2/eip:Eip": "an address; what answers there is watched",
    "aws:ec2/internetGateway:InternetGateway": "a door that opens by routes, which are watched",
    "aws:ec2/natGateway:NatGateway": "it lets nobody in; its alarms are watched",
    "aws:ec2/networkAcl:NetworkAcl": "its rules and associations are resources of their own, which are watched",
    "aws:ec2/routeTable:RouteTable": "its routes are resources of their own here, which are watched",
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": "its template is watched, and images are named by digest",
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": "images are named by digest, wherever they lie",
    "aws:eks/addon:Addon": "EKS checks what it is told; its pods are AWS's",
    "aws:kms/alias:Alias": "a name; whatever uses the key names the key or is followed through it",
    "aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup": "its rules and its association are watched",
    "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig": "its association is watched, and the group it fills",
    "aws:s3/bucketObjectv2:BucketObjectv2": "the canary's script, which has tests; its bucket is watched",
    "aws:secretsmanager/secretVersion:SecretVersion": "its value is written only; that there is one is watched",
    "kubernetes:scheduling.k8s.io/v1:PriorityClass": "who waits when nodes are full, not who may what",
    "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass": "the role of the pod decides what it reads",
    "pulumi:providers:aws": "where the others go; the regions that rules ask for are read from it",
    "pulumi:providers:kubernetes": "where the others go",
}
