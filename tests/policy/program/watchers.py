"""What watches the small program beside its alarms: a detector, a check from outside, a canary, events, a chat."""

from __future__ import annotations

from typing import Any, Final

import pulumi
import pulumi_aws as aws

_ROLE: Final = "arn:aws:iam::111111111111:role/watcher"


def watchers(
    key: aws.kms.Key,
    log_group: pulumi.Input[str],
    bucket: pulumi.Output[str],
    opts: pulumi.ResourceOptions,
) -> None:
    aws.cloudwatch.LogAnomalyDetector(
        "anomalies",
        detector_name="anomalies",
        log_group_arn_lists=[log_group],
        enabled=True,
        kms_key_id=key.arn,
        opts=opts,
    )
    aws.route53.HealthCheck(
        "outside", type="HTTPS", fqdn="tmi.example.com", port=443, failure_threshold=3, request_interval=30, opts=opts
    )
    artifacts: Any = {"s3_encryption": {"encryption_mode": "SSE_KMS", "kms_key_arn": key.arn}}
    aws.synthetics.Canary(
        "deep-check",
        name="deep-check",
        artifact_s3_location=pulumi.Output.concat("s3://", bucket, "/results"),
        artifact_config=artifacts,
        execution_role_arn=_ROLE,
        handler="check.handler",
        runtime_version="syn-python-selenium-14.0",
        s3_bucket=bucket,
        s3_key="check.zip",
        schedule={"expression": "rate(1 minute)"},
        start_canary=True,
        opts=opts,
    )
    rule = aws.cloudwatch.EventRule("failures", event_pattern='{"source": ["aws.backup"]}', opts=opts)
    aws.cloudwatch.EventTarget(
        "failures", rule=rule.name, arn="arn:aws:logs:eu-west-1:111111111111:log-group:/aws/events/failures", opts=opts
    )
    aws.chatbot.SlackChannelConfiguration(
        "chat",
        configuration_name="chat",
        iam_role_arn=_ROLE,
        slack_channel_id="C0000EXAMPLE",
        slack_team_id="T0000EXAMPLE",
        guardrail_policy_arns=["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"],
        opts=opts,
    )
