"""The recorder refuses what an engine would refuse."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
import pytest
from pulumi.output import Unknown

from tests.cloud import run


def test_two_of_one_name_are_refused() -> None:
    def program() -> None:
        aws.sqs.Queue("a")
        aws.sqs.Queue("a")

    with pytest.raises(AssertionError, match="two resources are called"):
        run(program)


def test_a_lookup_is_refused() -> None:
    with pytest.raises(AssertionError, match="getCallerIdentity"):
        run(aws.get_caller_identity)


def test_nothing_leaks_between_runs() -> None:
    run(lambda: pulumi.export("a", pulumi.Config("tmi").get("x")), config={"tmi:x": "1"})
    cloud = run(lambda: pulumi.export("b", pulumi.Config("tmi").get("x")), stack="prod")
    assert cloud.exports == {"b": None}


def test_dependencies_and_parents_are_seen() -> None:
    def program() -> None:
        key = aws.kms.Key("key")
        aws.sqs.Queue("queue", kms_master_key_id=key.arn, opts=pulumi.ResourceOptions(parent=key, protect=True))

    queue = run(program).one(aws.sqs.Queue)
    assert (queue.parent, queue.protect, queue.dependencies) == ("key", True, {"key"})


def test_ids_are_unknown_in_a_preview() -> None:
    def program() -> None:
        key = aws.kms.Key("key")
        aws.sqs.Queue("queue", kms_master_key_id=key.arn)

    assert isinstance(run(program, preview=True).one(aws.sqs.Queue).inputs["kmsMasterKeyId"], Unknown)
    assert run(program).one(aws.sqs.Queue).inputs["kmsMasterKeyId"] == "arn:aws:kms:eu-west-1:111111111111:key/key"
