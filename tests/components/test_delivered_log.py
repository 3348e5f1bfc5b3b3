"""What log delivery writes for AWS services: an encrypted group that no other account's services fill."""

from __future__ import annotations

import json

import pulumi_aws as aws

from components.delivered_log import DeliveredLog, DeliveredLogArgs
from components.log_sink import LogSink
from tests.cloud import Cloud, run
from tests.iam import findings

ARN = "arn:aws:logs:eu-west-1:111111111111:log-group:aws-waf-logs-tmi-dev"


def delivered() -> Cloud:
    args = DeliveredLogArgs(
        group_name="aws-waf-logs-tmi-dev",
        account="111111111111",
        region="eu-west-1",
        logs=LogSink(key_arn="arn:key", retention_days=30),
    )
    return run(lambda: DeliveredLog("log", args))


def test_the_group_is_encrypted_and_expires() -> None:
    group = delivered().one(aws.cloudwatch.LogGroup).inputs
    assert group["name"] == "aws-waf-logs-tmi-dev"
    assert (group["kmsKeyId"], group["retentionInDays"]) == ("arn:key", 30)


def test_log_delivery_of_this_account_alone_writes_to_this_group_alone() -> None:
    policy = delivered().one(aws.cloudwatch.LogResourcePolicy).inputs
    (statement,) = json.loads(policy["policyDocument"])["Statement"]
    assert policy["resourceArn"] == ARN
    assert statement["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert statement["Resource"] == f"{ARN}:log-stream:*"
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111111111111"},
        "ArnLike": {"aws:SourceArn": "arn:aws:logs:eu-west-1:111111111111:*"},
    }
    assert findings(policy["policyDocument"]) == []
