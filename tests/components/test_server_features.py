"""TMI's component with everything on: what it mounts, what it reads, and from where."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pulumi_kubernetes as kubernetes

from components.settings.variables.table import FAMILIES, GROUPS
from components.timeouts import ANSWER_MARGIN
from tests.cloud import Cloud
from tests.full_settings import EVERYTHING, TIMMY
from tests.manifests import validated
from tests.server import server


@cache
def everything() -> Cloud:
    fields: dict[str, Any] = {**EVERYTHING, "server__settings_encryption": True, "server__alerting": {"kind": "none"}}
    return server(**fields)


def mounted(cloud: Cloud) -> dict[str, Any]:
    (spec,) = [each.inputs["spec"] for each in cloud.resources if each.name == "server-secrets-files"]
    return spec


def tmi(cloud: Cloud) -> dict[str, Any]:
    template = cloud.one(kubernetes.apps.v1.Deployment).inputs["spec"]["template"]["spec"]
    (container,) = template["containers"]
    return {**container, "volumes": {volume["name"]: volume for volume in template["volumes"]}}


def test_every_secret_that_tmi_cannot_read_from_a_file_is_a_variable_and_no_other_is() -> None:
    copied = {entry["key"]: entry["objectName"] for entry in mounted(everything())["secretObjects"][0]["data"]}
    assert copied == {
        "OAUTH_PROVIDERS_CORPORATE_CLIENT_SECRET": "oauth-corporate",
        "OAUTH_PROVIDERS_GITHUB_CLIENT_SECRET": "oauth-github",
        "OAUTH_PROVIDERS_GOOGLE_CLIENT_SECRET": "oauth-google",
        "OAUTH_PROVIDERS_MICROSOFT_CLIENT_SECRET": "oauth-microsoft",
        "REDIS_TOKEN": "redis-password",
        "TMI_CONTENT_OAUTH_PROVIDERS_CONFLUENCE_CLIENT_SECRET": "content-confluence",
        "TMI_CONTENT_OAUTH_PROVIDERS_MICROSOFT_CLIENT_SECRET": "content-microsoft",
        "TMI_CONTENT_TOKEN_ENCRYPTION_KEY": "content-token-key",
        "TMI_SECRET_SETTINGS_ENCRYPTION_KEY": "settings-key",
    }


def test_every_file_that_the_environment_names_is_mounted() -> None:
    files = {entry["objectAlias"] for entry in json.loads(mounted(everything())["parameters"]["objects"])}
    data = everything().one(kubernetes.core.v1.ConfigMap, "server-environment").inputs["data"]
    named = {value.rpartition("/")[2] for value in data.values() if "/run/tmi/secrets/" in value}
    assert named == {
        "database-url",
        "redis-password",
        "jwt-secret",
        "saml-my-saml",
        "content-google-drive",
        "timmy-chat",
        "timmy-text",
        "timmy-code",
        "timmy-rerank",
    }
    assert named < files
    (path,) = {mount["mountPath"] for mount in tmi(everything())["volumeMounts"] if mount["name"] == "secrets"}
    assert path == "/run/tmi/secrets"


def test_no_variable_of_the_pod_is_set_twice() -> None:
    data = everything().one(kubernetes.core.v1.ConfigMap, "server-environment").inputs["data"]
    assert data.keys().isdisjoint(entry["name"] for entry in tmi(everything())["env"])


def test_a_secret_of_the_table_is_in_no_config_map_but_as_the_name_of_a_file() -> None:
    data = everything().one(kubernetes.core.v1.ConfigMap, "server-environment").inputs["data"]
    secrets = {row.name for group in GROUPS.values() for row in group if row.secret}
    secrets |= {row.name for family in FAMILIES for row in family.variables if row.secret}
    held = {name: value for name, value in data.items() if any(name.endswith(secret) for secret in secrets)}
    assert held
    assert [name for name, value in held.items() if "/run/tmi/secrets/" not in value] == []


def test_tmi_reads_a_file_of_its_own_where_accounts_are_linked_and_nowhere_else() -> None:
    container = tmi(everything())
    assert container["args"] == ["--config=/etc/tmi/configuration/tmi.yaml"]
    file = everything().one(kubernetes.core.v1.ConfigMap, "server-configuration").inputs
    assert json.loads(file["data"]["tmi.yaml"]) == {
        "content_oauth": {"allowed_client_callbacks": ["https://ui.dev.example.com/*"]}
    }
    assert container["volumes"]["configuration"]["configMap"]["name"] == file["metadata"]["name"]
    small = server()
    assert "args" not in tmi(small)
    assert "configuration" not in tmi(small)["volumes"]


def test_its_objects_are_valid() -> None:
    assert len(validated(everything().resources)) > len(validated(server().resources))


def test_the_proxy_waits_for_the_answers_of_a_model() -> None:
    (text,) = [
        each.inputs["data"]["haproxy.cfg"]
        for each in everything().of(kubernetes.core.v1.ConfigMap)
        if each.name == "server-hub-haproxy"
    ]
    assert f"    timeout server {TIMMY['limits']['answer_seconds'] + ANSWER_MARGIN}s\n" in text
