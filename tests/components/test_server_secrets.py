"""The secrets of TMI's pods: which are files, which are copied for who reads none, and who may fetch them."""

from __future__ import annotations

import json
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.secret import MountableSecret
from components.server import Server
from components.settings import parse
from tests.cloud import Cloud, run
from tests.iam import findings
from tests.manifests import manifest
from tests.server import arguments, containers, named, pod, server, stored
from tests.stack_files import document


def policy(cloud: Cloud, name: str) -> list[dict[str, Any]]:
    return json.loads(cloud.one(aws.iam.RolePolicy, name).inputs["policy"])["Statement"]


def test_tmi_gets_its_secrets_as_files_and_the_rest_from_a_copy() -> None:
    cloud = server()
    spec = named(cloud, "server-secrets-files")["spec"]
    objects = {entry["objectAlias"]: entry["objectName"] for entry in json.loads(spec["parameters"]["objects"])}
    assert sorted(objects) == ["database-url", "jwt-secret", "oauth-corporate", "redis-password", "settings-key"]
    assert objects["jwt-secret"] == "arn:aws:secretsmanager:eu-west-1:111111111111:secret:jwt-AbCdEf"
    assert spec["parameters"]["usePodIdentity"] == "true"
    copied = {entry["key"]: entry["objectName"] for entry in spec["secretObjects"][0]["data"]}
    assert copied == {
        "OAUTH_PROVIDERS_CORPORATE_CLIENT_SECRET": "oauth-corporate",
        "REDIS_TOKEN": "redis-password",
        "TMI_SECRET_SETTINGS_ENCRYPTION_KEY": "settings-key",
    }
    found = containers(pod(cloud))
    mine = {entry["name"]: entry["valueFrom"]["secretKeyRef"] for entry in found["tmi"]["env"] if "valueFrom" in entry}
    copy = spec["secretObjects"][0]["secretName"]
    assert mine == {
        name: {"name": copy, "key": name}
        for name in ("OAUTH_PROVIDERS_CORPORATE_CLIENT_SECRET", "TMI_SECRET_SETTINGS_ENCRYPTION_KEY")
    }
    assert [entry["name"] for entry in found["haproxy"]["env"]] == ["REDIS_TOKEN"]


WEBHOOKS: Final = {"kind": "enabled", "delivery": "at_least_once", "receivers": {"kind": "public"}}
"""The one reason to do without that encryption."""


def test_without_its_encryption_tmi_gets_no_key() -> None:
    cloud = server(server__settings_encryption=False, server__webhooks=WEBHOOKS)
    assert "settings-key" not in json.dumps(named(cloud, "server-secrets-files")["spec"])
    names = [entry["name"] for entry in containers(pod(cloud))["tmi"]["env"] if "valueFrom" in entry]
    assert names == ["OAUTH_PROVIDERS_CORPORATE_CLIENT_SECRET"]


def test_while_its_key_is_rotated_tmi_has_both() -> None:
    def both() -> None:
        settings = parse(document("dev"))
        Server("server", arguments(settings, rotated={}, replaced={"previous_settings_key": stored("previous", {})}))

    cloud = run(both)
    spec = named(cloud, "server-secrets-files")["spec"]
    copied = {entry["key"]: entry["objectName"] for entry in spec["secretObjects"][0]["data"]}
    assert {
        "TMI_SECRET_SETTINGS_ENCRYPTION_KEY": "settings-key",
        "TMI_SECRET_SETTINGS_ENCRYPTION_PREVIOUS_KEY": "previous-settings-key",
    }.items() <= copied.items()
    objects = {entry["objectAlias"]: entry["objectName"] for entry in json.loads(spec["parameters"]["objects"])}
    assert ":secret:settings-" in objects["settings-key"]
    assert ":secret:previous-" in objects["previous-settings-key"]
    names = [entry["name"] for entry in containers(pod(cloud))["tmi"]["env"]]
    assert {"TMI_SECRET_SETTINGS_ENCRYPTION_KEY", "TMI_SECRET_SETTINGS_ENCRYPTION_PREVIOUS_KEY"} <= set(names)
    reading, _ = policy(cloud, "server-secrets-reader-policy")
    assert set(objects.values()) == set(reading["Resource"])


def test_a_key_that_another_stack_made_is_read_with_its_own_key() -> None:
    key_arn = "arn:aws:kms:eu-central-1:111111111111:key/00000000-0000-0000-0000-000000000000"

    def recovered() -> None:
        there = MountableSecret(
            arn=pulumi.Output.from_input("arn:aws:secretsmanager:eu-central-1:111111111111:secret:there-AbCdEf"),
            version=pulumi.Output.secret(7),
            key_arn=key_arn,
        )
        settings = parse(document("dev"))
        Server("server", arguments(settings, rotated={}, replaced={"settings_key": there}))

    cloud = run(recovered)
    reading, keys = policy(cloud, "server-secrets-reader-policy")
    assert "arn:aws:secretsmanager:eu-central-1:111111111111:secret:there-AbCdEf" in reading["Resource"]
    assert keys["Resource"] == ["arn:aws:kms:eu-west-1:111111111111:key/secrets", key_arn]
    assert findings(cloud.one(aws.iam.RolePolicy, "server-secrets-reader-policy").inputs["policy"]) == []


def test_the_masters_password_is_for_the_job_alone() -> None:
    cloud = server()
    master = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:master-AbCdEf"
    assert master in policy(cloud, "server-database-secrets-reader-policy")[0]["Resource"]
    assert master not in json.dumps(policy(cloud, "server-secrets-reader-policy"))
    assert master not in json.dumps(named(cloud, "server-secrets-files"))
    accounts = {found.inputs["serviceAccount"] for found in cloud.of(aws.eks.PodIdentityAssociation)}
    assert accounts == {"tmi-server", "tmi-database-bootstrap"}


def test_roles_read_their_secrets_and_no_others() -> None:
    cloud = server()
    reading, key = policy(cloud, "server-secrets-reader-policy")
    assert len(reading["Resource"]) == 5
    assert all(
        resource.startswith("arn:aws:secretsmanager:") and "*" not in resource for resource in reading["Resource"]
    )
    assert key["Resource"] == ["arn:aws:kms:eu-west-1:111111111111:key/secrets"]
    assert key["Condition"] == {"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}}
    for found in cloud.of(aws.iam.RolePolicy):
        assert findings(found.inputs["policy"]) == []


def test_no_value_of_a_secret_is_in_any_object() -> None:
    whole = json.dumps([manifest(resource) for resource in server().resources])
    assert "secretsmanager" in whole
    assert "value-of-" not in whole
