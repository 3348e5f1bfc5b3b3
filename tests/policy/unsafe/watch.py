"""What would hurt in what watches the platform: logs, alarms, messages, the canary."""

from __future__ import annotations

from typing import Final

from tests.policy.unsafe.documents import EVERYBODY, NO_DOCUMENT
from tests.policy.unsafe.leaves import ABSENT, ELSEWHERE, Unsafe

WATCH: Final[Unsafe] = {
    "aws:cloudwatch/logGroup:LogGroup": {"kmsKeyId": (ELSEWHERE, ABSENT), "retentionInDays": (0, 1, ABSENT)},
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": {
        "filterPattern": ("ERROR",),
        "logGroup": (ELSEWHERE,),
    },
    "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector": {
        "enabled": (False,),
        "kmsKeyId": (ELSEWHERE, ABSENT),
    },
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": {"policyDocument": (EVERYBODY,)},
    "aws:cloudwatch/metricAlarm:MetricAlarm": {
        "alarmActions.*": (ABSENT,),
        "treatMissingData": (ABSENT,),
    },
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": {"alarmActions.*": (ABSENT,)},
    "aws:cloudwatch/eventTarget:EventTarget": {"rule": (ELSEWHERE,)},
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": {
        "extendedS3Configuration.bucketArn": (ELSEWHERE,),
        "extendedS3Configuration.cloudwatchLoggingOptions.enabled": (False,),
        "serverSideEncryption.enabled": (False,),
    },
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": {
        "guardrailPolicyArns.*": ("arn:aws:iam::aws:policy/AdministratorAccess", ABSENT),
    },
    "aws:sns/topic:Topic": {"kmsMasterKeyId": ("alias/aws/sns", ELSEWHERE, ABSENT)},
    "aws:sns/topicPolicy:TopicPolicy": {"arn": (ELSEWHERE,), "policy": (EVERYBODY, NO_DOCUMENT)},
    "aws:sns/topicSubscription:TopicSubscription": {"protocol": ("http",), "topic": (ELSEWHERE,)},
    "aws:synthetics/canary:Canary": {
        "artifactConfig.s3Encryption.encryptionMode": ("SSE_S3",),
        "artifactConfig.s3Encryption.kmsKeyArn": (ELSEWHERE, ABSENT),
        "startCanary": (False,),
        "runConfig.environmentVariables.*": ("postgres://tmi:swordfish@db/tmi",),
        "vpcConfig.securityGroupIds.*": (ELSEWHERE, ABSENT),
    },
}
