"""A primary of PostgreSQL and its replicas as a test makes them."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
from google.protobuf import json_format

from components.database import Database, DatabaseArgs
from components.log_sink import LogSink
from components.secret import StoredSecret
from components.settings import parse
from tests.cloud import Cloud, Declared, run
from tests.stack_files import changed

MASTER = "master-password-of-a-test"


def database(stack: str, *, retiring: bool = False, **fields: object) -> Cloud:
    prefix = "database__instances__main__"
    settings = parse(changed(stack, **{f"{prefix}{field}": value for field, value in fields.items()}))

    def program() -> None:
        master = StoredSecret(
            arn=pulumi.Output.from_input("arn:master"),
            value=pulumi.Output.secret(MASTER),
            version=pulumi.Output.secret(7),
        )
        Database(
            "database-main",
            DatabaseArgs(
                identifier=f"{settings.name}-main",
                region=settings.region,
                account=settings.account,
                settings=settings.database.instances["main"].model_copy(update={"retiring": retiring}),
                subnet_ids=["subnet-a", "subnet-b"],
                security_group_id="sg-database",
                key_arn="arn:key",
                logs=LogSink(key_arn="arn:logs", retention_days=365),
                master=master,
                tags={"tmi:backup": "daily"},
                deletion_protection=settings.deletion_protection,
            ),
        )

    return run(program)


def primary(stack: str) -> dict[str, Any]:
    return dict(database(stack).one(aws.rds.Instance, "database-main-primary").inputs)


def said(cloud: Cloud, name: str) -> dict[str, Any]:
    """What the program said of a server, without what the cloud answered."""
    return said_of(cloud.one(aws.rds.Instance, name))


def said_of(instance: Declared) -> dict[str, Any]:
    inputs: dict[str, Any] = json_format.MessageToDict(instance.request.object)
    return inputs
