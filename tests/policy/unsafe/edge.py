"""What would hurt at the door: balancer, certificate, web firewall and names."""

from __future__ import annotations

from typing import Final

from tests.policy.unsafe.leaves import ABSENT, ELSEWHERE, Unsafe

EDGE: Final[Unsafe] = {
    "aws:acm/certificate:Certificate": {
        "keyAlgorithm": ("RSA_1024",),
        "validationMethod": ("EMAIL", ABSENT),
    },
    "aws:acm/certificateValidation:CertificateValidation": {"certificateArn": (ELSEWHERE,)},
    "aws:lb/listener:Listener": {
        "certificateArn": (ELSEWHERE, ABSENT),
        "defaultActions.*.forward.targetGroups.*.arn": (ELSEWHERE,),
        "defaultActions.*.redirect.protocol": ("HTTP",),
        "defaultActions.*.type": ("forward",),
        "protocol": ("HTTP",),
        "routingHttpResponseServerEnabled": (True,),
        "routingHttpResponseStrictTransportSecurityHeaderValue": ("max-age=0", ABSENT),
        "routingHttpResponseXContentTypeOptionsHeaderValue": (ABSENT,),
        "routingHttpResponseXFrameOptionsHeaderValue": (ABSENT,),
        "sslPolicy": ("ELBSecurityPolicy-2016-08", ABSENT),
    },
    "aws:lb/listenerRule:ListenerRule": {"actions.*.targetGroupArn": (ELSEWHERE,)},
    "aws:lb/loadBalancer:LoadBalancer": {
        "accessLogs.bucket": (ELSEWHERE,),
        "accessLogs.enabled": (False,),
        "connectionLogs.bucket": (ELSEWHERE,),
        "connectionLogs.enabled": (False,),
        "desyncMitigationMode": ("monitor",),
        "dropInvalidHeaderFields": (False, ABSENT),
        "enableDeletionProtection": (False, ABSENT),
        "enableWafFailOpen": (True,),
        "securityGroups.*": (ELSEWHERE, ABSENT),
        "xffHeaderProcessingMode": ("preserve",),
    },
    "aws:lb/targetGroup:TargetGroup": {
        "healthCheck.enabled": (False,),
        "healthCheck.protocol": ("HTTP", ABSENT),
        "protocol": ("HTTP",),
    },
    "aws:route53/healthCheck:HealthCheck": {"type": ("HTTP", "TCP"), "enableSni": (False,)},
    "aws:route53/record:Record": {"aliases.*.evaluateTargetHealth": (False,)},
    "aws:wafv2/webAcl:WebAcl": {
        "rules.*.overrideAction.none": (ABSENT,),
        "rules.*.statement.managedRuleGroupStatement.name": (ELSEWHERE,),
        "rules.*.statement.managedRuleGroupStatement.vendorName": (ELSEWHERE,),
        "rules.*.visibilityConfig.cloudwatchMetricsEnabled": (False,),
        "visibilityConfig.cloudwatchMetricsEnabled": (False,),
    },
    "aws:wafv2/webAclAssociation:WebAclAssociation": {"resourceArn": (ELSEWHERE,), "webAclArn": (ELSEWHERE,)},
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": {
        "logDestinationConfigs.*": (ELSEWHERE, ABSENT),
        "loggingFilter.filters.*.behavior": ("DROP",),
        "redactedFields.*.singleHeader.name": (ELSEWHERE,),
        "resourceArn": (ELSEWHERE,),
    },
}
