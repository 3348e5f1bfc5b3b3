"""What would hurt in the workload: pods, what makes and serves them, and what bounds them."""

from __future__ import annotations

from typing import Final

from tests.policy.unsafe.leaves import ABSENT, ELSEWHERE, POD, Unsafe

WORKLOAD: Final[Unsafe] = {
    POD: {
        "automountServiceAccountToken": (True, ABSENT),
        "containers.*.image": ("docker.io/library/busybox:latest", "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tmi"),
        "containers.*.env.*.value": ("postgres://tmi:swordfish@db/tmi", "redis://:swordfish@cache:6379/0"),
        "containers.*.livenessProbe.httpGet.scheme": ("HTTP", ABSENT),
        "containers.*.readinessProbe.httpGet.scheme": ("HTTP", ABSENT),
        "containers.*.startupProbe.httpGet.scheme": ("HTTP", ABSENT),
        "containers.*.resources.limits.*": (ABSENT,),
        "containers.*.resources.requests.*": (ABSENT,),
        "containers.*.securityContext.allowPrivilegeEscalation": (True, ABSENT),
        "containers.*.securityContext.capabilities.drop.*": ("NET_RAW", ABSENT),
        "containers.*.securityContext.privileged": (True,),
        "containers.*.securityContext.readOnlyRootFilesystem": (False, ABSENT),
        "containers.*.securityContext.runAsNonRoot": (False,),
        "enableServiceLinks": (True, ABSENT),
        "securityContext.runAsUser": (0,),
        "securityContext.seccompProfile.type": ("Unconfined",),
        "securityContext.sysctls.*.name": ("kernel.msgmax",),
        "serviceAccountName": ("default", ABSENT),
        "volumes.*.emptyDir.sizeLimit": (ABSENT,),
    },
    "kubernetes:apps/v1:Deployment": {
        "metadata.namespace": ("default", ABSENT),
        "spec.replicas": (2,),
        "spec.strategy.rollingUpdate.maxUnavailable": (1,),
        "spec.strategy.type": ("RollingUpdate", "Recreate"),
        "spec.template.metadata.labels.*": (ELSEWHERE,),
    },
    "kubernetes:batch/v1:CronJob": {
        "metadata.namespace": ("default", ABSENT),
        "spec.concurrencyPolicy": ("Allow", ABSENT),
        "spec.jobTemplate.spec.activeDeadlineSeconds": (ABSENT,),
        "spec.jobTemplate.spec.template.metadata.labels.*": (ELSEWHERE,),
        "spec.startingDeadlineSeconds": (ABSENT,),
    },
    "kubernetes:batch/v1:Job": {
        "metadata.namespace": ("default", ABSENT),
        "spec.activeDeadlineSeconds": (ABSENT,),
        "spec.template.metadata.labels.*": (ELSEWHERE,),
    },
    "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": {
        "spec.minReplicas": (1, ABSENT),
        "spec.scaleTargetRef.name": ("tmi-hub", ELSEWHERE),
    },
    "kubernetes:policy/v1:PodDisruptionBudget": {
        "spec.maxUnavailable": (0, "0%"),
        "spec.selector.matchLabels.*": (ELSEWHERE,),
    },
    "kubernetes:core/v1:Namespace": {"metadata.labels.*": (ELSEWHERE, ABSENT)},
    "kubernetes:core/v1:ResourceQuota": {"spec.hard.*": (ABSENT,)},
    "kubernetes:core/v1:LimitRange": {"spec.limits.*.default.memory": (ABSENT,)},
    "kubernetes:core/v1:ConfigMap": {
        "immutable": (False, ABSENT),
        "data.*": ("DATABASE_URL=postgres://tmi:swordfish@db/tmi\nPASSWORD=swordfish\n",),
    },
    "kubernetes:core/v1:Service": {
        "spec.selector.app.kubernetes.io/component": (ELSEWHERE,),
        "spec.selector.app.kubernetes.io/name": (ELSEWHERE,),
        "spec.type": ("NodePort", "LoadBalancer"),
    },
    "kubernetes:core/v1:ServiceAccount": {"automountServiceAccountToken": (True, ABSENT)},
    "kubernetes:eks.amazonaws.com/v1:TargetGroupBinding": {
        "spec.serviceRef.name": (ELSEWHERE,),
        "spec.targetGroupARN": (ELSEWHERE,),
    },
    "random:index/randomBytes:RandomBytes": {"length": (8,)},
    "random:index/randomPassword:RandomPassword": {"length": (8,)},
}
