"""Each secret is generated or given, stored once, and readable nowhere else."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_random as random
import pytest

from components.secrets import Secrets, SecretsArgs, value_version
from components.settings.sections import RotationSettings, SecretsSettings
from tests.cloud import Cloud, Declared, run
from tests.marked import secret


def program(label: str = "2026-11", *, deletion_protection: bool = True) -> None:
    rotation = RotationSettings(database=label, redis="2026-11", jwt="2026-11")
    Secrets(
        "secrets",
        SecretsArgs(
            account="111111111111",
            key_arn="arn:aws:kms:eu-west-1:111111111111:key/secrets",
            settings=SecretsSettings(recovery_window_days=30, rotation=rotation),
            database_instances=("main", "restored"),
            oauth_client_secrets={"corporate": pulumi.Output.from_input("given-value")},
            deletion_protection=deletion_protection,
        ),
    )


def stored() -> dict[str, Declared]:
    return {version.parent: version for version in run(program).of(aws.secretsmanager.SecretVersion)}


def test_every_secret_of_the_stack_is_stored() -> None:
    assert sorted(stored()) == [
        "secrets-database-master-main",
        "secrets-database-master-restored",
        "secrets-database-owner",
        "secrets-jwt",
        "secrets-oauth-corporate",
        "secrets-redis",
        "secrets-settings-key",
    ]


def test_a_value_is_written_only_and_its_version_follows_it() -> None:
    inputs = stored()["secrets-oauth-corporate"].inputs
    assert inputs["secretStringWo"] == secret("given-value")
    assert inputs["secretStringWoVersion"] == secret(value_version("given-value"))
    assert "secretString" not in inputs


def test_every_value_is_a_secret_to_the_engine() -> None:
    for version in stored().values():
        value = version.inputs["secretStringWo"]["value"]
        assert version.inputs["secretStringWo"] == secret(value)
        assert version.inputs["secretStringWoVersion"] == secret(value_version(value))


def test_a_secret_has_the_stacks_key_a_recovery_window_and_a_policy() -> None:
    cloud = run(program)
    for made in cloud.of(aws.secretsmanager.Secret):
        assert made.inputs["kmsKeyId"] == "arn:aws:kms:eu-west-1:111111111111:key/secrets"
        assert made.inputs["recoveryWindowInDays"] == 30
        policy = cloud.one(aws.secretsmanager.SecretPolicy, f"{made.parent}-policy")
        assert policy.inputs["blockPublicPolicy"] is True
        assert made.name in policy.dependencies


def test_passwords_are_long_and_alphanumeric() -> None:
    lengths = {password.name: password.inputs["length"] for password in run(program).of(random.RandomPassword)}
    assert lengths == {
        "secrets-database-master-main-value": 48,
        "secrets-database-master-restored-value": 48,
        "secrets-database-owner-value": 48,
        "secrets-redis-value": 48,
        "secrets-jwt-value": 64,
    }
    assert all(password.inputs["special"] is False for password in run(program).of(random.RandomPassword))


def keepers(cloud: Cloud) -> dict[str, Any]:
    return {password.name: password.inputs["keepers"] for password in cloud.of(random.RandomPassword)}


def test_a_new_label_makes_new_values_of_its_class_alone() -> None:
    before, after = keepers(run(program)), keepers(run(lambda: program("2026-12")))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "secrets-database-master-main-value",
        "secrets-database-master-restored-value",
        "secrets-database-owner-value",
    }


@pytest.mark.parametrize("protected", [True, False])
def test_the_settings_key_is_kept(protected: bool) -> None:  # noqa: FBT001 -- a case of the test
    key = run(lambda: program(deletion_protection=protected)).one(random.RandomBytes)
    assert key.inputs["length"] == 32
    assert "keepers" not in key.inputs
    assert key.protect is protected


def test_a_reader_waits_for_the_value() -> None:
    def reads() -> None:
        rotation = RotationSettings(database="2026-11", redis="2026-11", jwt="2026-11")
        settings = SecretsSettings(recovery_window_days=7, rotation=rotation)
        args = SecretsArgs(
            account="111111111111",
            key_arn="key",
            settings=settings,
            database_instances=(),
            oauth_client_secrets={},
            deletion_protection=False,
        )
        aws.ssm.Parameter("reader", type="String", value=Secrets("secrets", args).redis.arn)

    assert "secrets-redis-version" in run(reads).one(aws.ssm.Parameter).dependencies
