"""Small programs and policies for the engine to run."""

from __future__ import annotations

from typing import Any

QUEUES = """
import pulumi
import pulumi_aws as aws

settings = pulumi.Config().require_object("stack")
account = aws.Provider("account", region="eu-west-1", allowed_account_ids=["111111111111"])


class Queues(pulumi.ComponentResource):
    def __init__(self, name, opts):
        super().__init__("tmi:test:Queues", name, None, opts)
        last = None
        self.arns = {}
        for queue, seconds in settings.items():
            after = [last] if last else []
            last = aws.sqs.Queue(
                f"{name}-{queue}",
                message_retention_seconds=seconds,
                opts=pulumi.ResourceOptions(parent=self, depends_on=after),
            )
            self.arns[queue] = last.arn
        self.register_outputs({})


pulumi.export("arns", Queues("queues", pulumi.ResourceOptions(provider=account)).arns)
"""
"""A chain of queues, each made after the one before it, so that a failure in the middle has a before and an after."""

QUEUE = "aws:sqs/queue:Queue"


def queues(**seconds: int) -> dict[str, Any]:
    """Configure `QUEUES`: retention by name of the queue."""
    return {"tmi:stack": seconds}


GENERATED = """
import pulumi
import pulumi_random as random

password = random.RandomPassword("password", length=40, special=False)
pulumi.export("password", password.result)
pulumi.export("client", pulumi.Config().require_secret_object("oauthSecrets"))
"""

LONG_RETENTION = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy


def check(args, report):
    if args.resource_type == "aws:sqs/queue:Queue" and args.props["messageRetentionSeconds"] < 600:
        report("keep messages for 600 s or longer")


PolicyPack(
    "retention",
    policies=[ResourceValidationPolicy("long-retention", "Messages are kept.", check, EnforcementLevel.MANDATORY)],
)
"""
