"""The program: an edge, an application and its data, each as a first attempt often leaves it."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from tests.cloud import Cloud, run
from tests.computed import COMPUTED
from tests.policy.planted.application import application
from tests.policy.planted.data import data
from tests.policy.planted.edge import edge
from tests.policy.planted.network import network


def recorded(*, preview: bool) -> Cloud:
    """The program as it registers, with ids known or, in a preview, unknown."""
    return run(_program, project="planted", preview=preview, computed=COMPUTED)


def _program() -> None:
    provider = aws.Provider("main", region="eu-west-1", allowed_account_ids=["111111111111"])
    opts = pulumi.ResourceOptions(provider=provider)
    around = network(opts)
    edge(around, opts)
    data(around, opts)
    application(around, opts)
