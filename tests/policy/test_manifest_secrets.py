"""Manifests: what is a credential, and what only speaks of one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.rules.workload.manifest_secrets import MANIFESTS_WITHOUT_SECRETS
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource
from tests.policy.pods import HUB, deployment, faults, pod_with

VALUE = "swordfish"
HELD = "containers, number 1: env, number 1: it holds a credential"


def told(name: Plain, value: Plain) -> list[str]:
    pod = pod_with("containers", "0", "env", to=[{"name": name, "value": value}])
    return faults(MANIFESTS_WITHOUT_SECRETS, deployment(HUB, pod))


def configured(data: Plain) -> list[str]:
    return faults(MANIFESTS_WITHOUT_SECRETS, resource("kubernetes:core/v1:ConfigMap", "it", {"data": data}))


NAMES = (
    "PASSWORD", "PGPASSWORD", "POSTGRES_PASSWORD", "redis-password", "db.passwd", "TMI_JWT_SECRET", "CLIENT_SECRET",
    "TOKEN", "GITHUB_TOKEN", "API_KEY", "apikey", "TMI_TIMMY_LLM_API_KEY", "AWS_SECRET_ACCESS_KEY",
    "TMI_SECRET_SETTINGS_ENCRYPTION_KEY", "SAML_PROVIDERS_X_SP_PRIVATE_KEY", "credentials", "privateKey",
    "ENCRYPTION_PREVIOUS_KEY",
)  # fmt: skip
HARMLESS = (
    "TMI_LOG_REDACT_AUTH_TOKENS", "OAUTH_PROVIDERS_X_TOKEN_URL", "TMI_SERVER_TLS_KEY_FILE", "SECRETS", "KEY",
    "TMI_REFRESH_TOKEN_DAYS", "PARTITION_KEY", "SECRETARY", "TOKENIZER", "MONKEY", "PASSWORD_MINIMUM", "HOST",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_variable_that_is_called_a_credential(name: str) -> None:
    assert told(name, VALUE) == [HELD]
    assert told(name, UNKNOWN) == [HELD]
    assert told(name, None) == []
    assert told(name, "") == []
    assert configured({"A": "b", name: VALUE}) == ["data, entry number 2: it holds a credential"]


@pytest.mark.parametrize("name", HARMLESS)
@pytest.mark.parametrize("value", [VALUE, UNKNOWN, None])
def test_a_variable_that_is_called_otherwise(name: str, value: Plain) -> None:
    assert told(name, value) == []
    assert configured({name: value}) == []


@pytest.mark.parametrize(
    "value", ["/run/tmi/secrets/redis", "file:///run/tmi/secrets/jwt", "env://JWT", "vault://jwt", "true", "7", " /a "]
)
def test_where_a_credential_is_is_none(value: str) -> None:
    assert told("TMI_JWT_SECRET", value) == []
    assert configured({"TMI_JWT_SECRET": value}) == []


@pytest.mark.parametrize("value", ["/a b", "truest", "1234567890", "files:///a"])
def test_what_only_looks_like_a_reference_is_a_credential(value: str) -> None:
    assert told("TMI_JWT_SECRET", value) == [HELD]


@pytest.mark.parametrize(
    "value",
    [
        "postgres://tmi:swordfish@db.example.com/tmi",
        "see\nrediss://:x@a https://user:swordfish@example.com/ there",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nabc",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "AKIAIOSFODNN7EXAMPLE",
    ],
)
def test_what_looks_like_a_credential_under_any_name(value: str) -> None:
    assert told("HOST", value) == [HELD]
    assert configured({"file": value}) == ["data, entry number 1: it holds a credential"]
    for name in ("command", "args"):
        pod = pod_with("containers", "0", name, to=["sh", value])
        found = faults(MANIFESTS_WITHOUT_SECRETS, deployment(HUB, pod))
        assert found == ["containers, number 1: its command or arguments hold a credential"]


@pytest.mark.parametrize(
    "value",
    [
        "https://example.com:443/a@b",
        "postgres://$USER:$PASSWORD@$HOST/tmi",
        "postgres://tmi@db.example.com/tmi",
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----",
        "AKIA",
        "http://[::1]:80/",
    ],
)
def test_what_only_resembles_a_credential(value: str) -> None:
    assert told("HOST", value) == []
    assert configured({"file": value}) == []


@pytest.mark.parametrize("data", [None, UNKNOWN, "text", [], [UNKNOWN], {}])
def test_data_that_cannot_be_read_holds_none(data: Plain) -> None:
    assert configured(data) == []


@pytest.mark.parametrize(
    ("properties", "passes"),
    [
        ({}, True),
        ({"data": {}, "stringData": None}, True),
        ({"data": {"a": "Yg=="}}, False),
        ({"stringData": {"a": "b"}}, False),
        ({"data": UNKNOWN}, False),
        ({"data": {"token": "Yg=="}, "type": "kubernetes.io/service-account-token"}, True),
    ],
)
@pytest.mark.parametrize("form", ["", "Patch"])
def test_a_secret_has_no_values_of_the_program(properties: dict[str, Plain], form: str, *, passes: bool) -> None:
    found = faults(MANIFESTS_WITHOUT_SECRETS, resource(f"kubernetes:core/v1:Secret{form}", "it", properties))
    assert found == ([] if passes else ["it holds values of the program, which stay in the state and in the cluster"])


@pytest.mark.parametrize(
    ("source", "passes"),
    [
        ({"configMapRef": {"name": "x"}}, True),
        ({"secretRef": {"name": "x"}}, False),
        ({"secretRef": UNKNOWN}, False),
        (UNKNOWN, False),
    ],
)
def test_no_container_gets_a_whole_secret(source: Plain, *, passes: bool) -> None:
    pod = pod_with("initContainers", to=[{"envFrom": [source]}])
    message = "initContainers, number 1: envFrom hands it every key of a Secret; name those that it needs"
    assert faults(MANIFESTS_WITHOUT_SECRETS, deployment(HUB, pod)) == ([] if passes else [message])


def test_one_key_of_a_secret_may_be_a_variable() -> None:
    env: Plain = [{"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "x", "key": "PASSWORD"}}}]
    assert faults(MANIFESTS_WITHOUT_SECRETS, deployment(HUB, pod_with("containers", "0", "env", to=env))) == []


@given(st.text())
def test_no_value_is_ever_quoted(value: str) -> None:
    for message in [*told("PASSWORD", value), *configured({"PASSWORD": value})]:
        assert message in (HELD, "data, entry number 1: it holds a credential")
