"""Each secret is generated or given, stored once, and readable nowhere else."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, cast

import pulumi
import pulumi_aws as aws
import pulumi_random as random
import pytest

from components.secret import Replica, value_version
from components.secrets import Secrets, SecretsArgs
from components.settings import parse
from components.settings.given_secrets import GivenSecret, given_secrets
from components.settings.safekeeping import (
    ExistingKey,
    RotatingKey,
    RotationSettings,
    SecretsSettings,
    SettingsKey,
    SingleKey,
)
from tests.cloud import Cloud, Declared, run
from tests.marked import secret
from tests.stack_files import document

SINGLE = SingleKey(kind="single", label="2026-11")
ROTATING = RotatingKey(kind="rotating", label="2026-12", previous="2026-11")
EXISTING = ExistingKey(
    kind="existing",
    secret_arn="arn:aws:secretsmanager:eu-central-1:111111111111:secret:secrets-settings-2026-11-key-AbCdEf",  # noqa: S106 -- a name
    key_arn="arn:aws:kms:eu-central-1:111111111111:key/00000000-0000-0000-0000-000000000000",
)
THERE = Replica(region="eu-central-1", key_arn="arn:aws:kms:eu-central-1:111111111111:key/secrets")


def given(value: str) -> dict[GivenSecret, pulumi.Output[str]]:
    (asked,) = given_secrets(dict(parse(document()).server))
    return {asked: pulumi.Output.secret(value)}


def arguments(
    label: str = "2026-11",
    *,
    deletion_protection: bool = True,
    settings_key: SettingsKey = SINGLE,
    replica: Replica | None = None,
    linked_accounts: bool = False,
) -> SecretsArgs:
    rotation = RotationSettings(database=label, redis="2026-11", jwt="2026-11")
    return SecretsArgs(
        account="111111111111",
        key_arn="arn:aws:kms:eu-west-1:111111111111:key/secrets",
        settings=SecretsSettings(recovery_window_days=30, rotation=rotation, settings_key=settings_key),
        database_instances=("main", "restored"),
        given=given("given-value"),
        linked_accounts=linked_accounts,
        replica=replica,
        deletion_protection=deletion_protection,
    )


def made(label: str = "2026-11", **changed: Any) -> Cloud:  # noqa: ANN401 -- any argument
    return run(lambda: Secrets("secrets", arguments(label, **changed)))


def stored(**changed: Any) -> dict[str, Declared]:  # noqa: ANN401 -- any argument
    return {version.parent: version for version in made(**changed).of(aws.secretsmanager.SecretVersion)}


def test_every_secret_of_the_stack_is_stored() -> None:
    assert sorted(stored()) == [
        "secrets-database-master-main",
        "secrets-database-master-restored",
        "secrets-database-owner",
        "secrets-jwt",
        "secrets-oauth-corporate",
        "secrets-redis",
        "secrets-settings-2026-11-key",
    ]


def test_tokens_of_linked_accounts_have_a_key_of_their_own() -> None:
    assert "secrets-content-token-key" in stored(linked_accounts=True)
    made_of = made(linked_accounts=True).one(random.RandomBytes, "secrets-content-token-key-value")
    assert made_of.inputs["length"] == 32
    assert "secrets-content-token-key" not in stored()


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
    cloud = made()
    for each in cloud.of(aws.secretsmanager.Secret):
        assert each.inputs["kmsKeyId"] == "arn:aws:kms:eu-west-1:111111111111:key/secrets"
        assert each.inputs["recoveryWindowInDays"] == 30
        policy = cloud.one(aws.secretsmanager.SecretPolicy, f"{each.parent}-policy")
        assert policy.inputs["blockPublicPolicy"] is True
        assert each.name in policy.dependencies


def test_passwords_are_long_and_alphanumeric() -> None:
    lengths = {password.name: password.inputs["length"] for password in made().of(random.RandomPassword)}
    assert lengths == {
        "secrets-database-master-main-value": 48,
        "secrets-database-master-restored-value": 48,
        "secrets-database-owner-value": 48,
        "secrets-redis-value": 48,
        "secrets-jwt-value": 64,
    }
    assert all(password.inputs["special"] is False for password in made().of(random.RandomPassword))


def keepers(cloud: Cloud) -> dict[str, Any]:
    return {password.name: password.inputs["keepers"] for password in cloud.of(random.RandomPassword)}


def test_a_new_label_makes_new_values_of_its_class_alone() -> None:
    before, after = keepers(made()), keepers(made("2026-12"))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "secrets-database-master-main-value",
        "secrets-database-master-restored-value",
        "secrets-database-owner-value",
    }


def keys(cloud: Cloud) -> dict[str, bool]:
    """The settings keys by name, and whether each refuses to be deleted."""
    return {key.name: key.protect for key in cloud.of(random.RandomBytes)}


@pytest.mark.parametrize("protected", [True, False])
def test_the_settings_key_is_kept(protected: bool) -> None:  # noqa: FBT001 -- a case of the test
    key = made(deletion_protection=protected).one(random.RandomBytes)
    assert key.name == "secrets-settings-2026-11-key-value"
    assert key.inputs["length"] == 32
    assert "keepers" not in key.inputs
    assert key.protect is protected


def test_each_step_of_a_rotation_keeps_every_key_that_is_needed_and_lets_the_last_one_go() -> None:
    before, between, after = (
        keys(made(settings_key=key)) for key in (SINGLE, ROTATING, SingleKey(kind="single", label="2026-12"))
    )
    assert before == {"secrets-settings-2026-11-key-value": True}
    assert between == {"secrets-settings-2026-11-key-value": False, "secrets-settings-2026-12-key-value": True}
    assert after == {"secrets-settings-2026-12-key-value": True}


def test_a_rotation_can_be_turned_round() -> None:
    back = RotatingKey(kind="rotating", label="2026-11", previous="2026-12")
    assert keys(made(settings_key=back)) == {
        "secrets-settings-2026-11-key-value": True,
        "secrets-settings-2026-12-key-value": False,
    }


def held(key: SettingsKey) -> dict[str, Any]:
    """What a reader sees of the settings keys."""

    def reads() -> None:
        secrets = Secrets("secrets", arguments(settings_key=key))
        previous = secrets.previous_settings_key
        aws.ssm.Parameter("current", type="String", value=secrets.settings_key.arn)
        if previous:
            aws.ssm.Parameter("previous", type="String", value=previous.arn)

    return {each.name: each.inputs["value"]["value"] for each in run(reads).of(aws.ssm.Parameter)}


def test_the_current_key_and_the_one_before_are_told_apart() -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:secrets-settings-{}-key-secret-AbCdEf"
    assert held(SINGLE) == {"current": arn.format("2026-11")}
    assert held(ROTATING) == {"current": arn.format("2026-12"), "previous": arn.format("2026-11")}


def test_a_key_of_another_regions_stack_is_neither_made_nor_read() -> None:
    cloud = made(settings_key=EXISTING)
    assert "random:index/randomBytes:RandomBytes" not in {each.type for each in cloud.resources}
    assert "settings" not in " ".join(each.name for each in cloud.of(aws.secretsmanager.Secret))
    assert held(EXISTING) == {"current": EXISTING.secret_arn}


def test_every_secret_has_a_copy_in_the_recovery_region() -> None:
    copy = {"region": "eu-central-1", "kmsKeyId": "arn:aws:kms:eu-central-1:111111111111:key/secrets"}
    secrets = made(replica=THERE).of(aws.secretsmanager.Secret)
    assert len(secrets) == 7
    assert [each.inputs["replicas"] for each in secrets] == [[copy]] * 7
    assert not any(each.inputs.get("forceOverwriteReplicaSecret") for each in secrets)


def test_without_a_recovery_region_no_secret_leaves_its_own() -> None:
    assert not any("replicas" in each.inputs for each in made().of(aws.secretsmanager.Secret))


def test_a_reader_waits_for_the_value() -> None:
    def reads() -> None:
        aws.ssm.Parameter("reader", type="String", value=Secrets("secrets", arguments()).redis.arn)

    assert "secrets-redis-version" in run(reads).one(aws.ssm.Parameter).dependencies


@pytest.mark.parametrize("preview", [False, True])
def test_no_value_is_anywhere_but_where_it_belongs(preview: bool) -> None:  # noqa: FBT001 -- a case of the test
    def program() -> None:
        planted_one = given("planted-by-an-operator")
        args = dataclasses.replace(arguments(settings_key=ROTATING, replica=THERE), given=planted_one)
        Secrets("secrets", args)

    cloud = run(program, preview=preview)
    planted = {"planted-by-an-operator"}
    if not preview:
        planted |= {str(secret_of(version)) for version in cloud.of(aws.secretsmanager.SecretVersion)}
        assert len(planted) == 8 - 1  # both settings keys have the same bytes here
    for each in cloud.resources:
        said = json.dumps(unmarked(each.inputs), default=str) + each.name
        assert not [value for value in planted if value in said], each.name


def secret_of(version: Declared) -> object:
    return version.inputs["secretStringWo"]["value"]


def unmarked(value: object) -> object:
    """What of a resource's inputs is no secret to the engine, and so could be shown; outputs are left out."""
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        if fields.keys() == secret(None).keys():
            return "[secret]"
        return {name: unmarked(field) for name, field in fields.items() if name not in {"result", "hex"}}
    if isinstance(value, list):
        return [unmarked(item) for item in cast("list[object]", value)]
    return value


def test_a_secret_does_not_show_itself_where_an_exception_would() -> None:
    shown: list[str] = []

    def program() -> None:
        args = dataclasses.replace(arguments(), given=given("planted-by-an-operator"))
        shown.extend([repr(args), repr(Secrets("secrets", args).given["oauth-corporate"])])

    run(program)
    assert len(shown) == 2
    assert not any("planted-by-an-operator" in text for text in shown)
