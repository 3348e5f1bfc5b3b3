"""Providers: bound to an account, and without credentials."""

from __future__ import annotations

import json

import pytest

from policy.rules.identity.providers import ACCOUNTS_BOUND, PROVIDERS_WITHOUT_CREDENTIALS
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource
from tests.policy.pods import faults

AWS = "pulumi:providers:aws"
KUBERNETES = "pulumi:providers:kubernetes"
DEVELOPMENT = json.dumps({"tags": {"tmi:tier": "development"}})


@pytest.mark.parametrize(
    ("given", "passes"),
    [
        ({"allowedAccountIds": ["111111111111"]}, True),
        ({"allowedAccountIds": '["111111111111"]'}, True),
        ({"allowedAccountIds": UNKNOWN}, True),
        ({"allowedAccountIds": []}, False),
        ({"allowedAccountIds": "[]"}, False),
        ({}, False),
        ({"defaultTags": DEVELOPMENT}, True),
        ({"defaultTags": json.dumps({"tags": {"tmi:tier": "production"}})}, False),
        ({"defaultTags": "{"}, False),
    ],
)
def test_production_is_for_one_account(given: dict[str, Plain], *, passes: bool) -> None:
    provider = resource(AWS, "main", given, provider="")
    bucket = resource("aws:s3/bucket:Bucket", "bucket", provider=provider.urn)
    assert (faults(ACCOUNTS_BOUND, provider, bucket) == []) is passes
    assert faults(ACCOUNTS_BOUND, provider) == []


@pytest.mark.parametrize("name", ["accessKey", "secretKey", "token", "insecure"])
@pytest.mark.parametrize(("value", "passes"), [(None, True), ("placeholder", False), (UNKNOWN, False), (True, False)])
def test_a_provider_of_aws_holds_no_key(name: str, value: Plain, *, passes: bool) -> None:
    assert (faults(PROVIDERS_WITHOUT_CREDENTIALS, resource(AWS, "main", {name: value})) == []) is passes


def kubeconfig(cluster: Plain, user: Plain) -> dict[str, Plain]:
    return {"clusters": [{"name": "it", "cluster": cluster}], "users": [{"name": "it", "user": user}]}


SERVER = {"server": "https://cluster.example.com", "certificate-authority-data": "UExBQ0VIT0xERVI="}
EXEC: Plain = {"exec": {"command": "aws", "args": ["eks", "get-token"]}}


@pytest.mark.parametrize(
    ("cluster", "user", "count"),
    [
        (SERVER, EXEC, 0),
        ({**SERVER, "insecure-skip-tls-verify": False}, EXEC, 0),
        ({**SERVER, "insecure-skip-tls-verify": True}, EXEC, 1),
        ({"server": "http://cluster.example.com"}, EXEC, 1),
        (SERVER, {"token": "placeholder"}, 1),
        (SERVER, {"username": "admin", "password": "placeholder"}, 1),
        (SERVER, {"client-certificate-data": "a", "client-key-data": "placeholder"}, 1),
        (None, None, 0),
        ([], "placeholder", 2),
    ],
)
def test_a_kubeconfig_holds_no_credential(cluster: Plain, user: Plain, count: int) -> None:
    document = kubeconfig(cluster, user)
    for written in (document, json.dumps(document)):
        found = faults(PROVIDERS_WITHOUT_CREDENTIALS, resource(KUBERNETES, "it", {"kubeconfig": written}))
        assert len(found) == count


@pytest.mark.parametrize("value", [None, UNKNOWN, "", "{", "[]", "7", "~/.kube/config", [], "[" * 5_000])
def test_what_is_no_document_of_json_is_left_alone(value: Plain) -> None:
    assert faults(PROVIDERS_WITHOUT_CREDENTIALS, resource(KUBERNETES, "it", {"kubeconfig": value})) == []
