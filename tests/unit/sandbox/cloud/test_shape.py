from __future__ import annotations

import pytest

from sandbox.cloud.catalogue import resource_type
from sandbox.cloud.checks.configuration import check_configuration
from sandbox.cloud.checks.shape import check_object
from sandbox.cloud.sdk import UnknownTypeError
from sandbox.cloud.values import UNKNOWN, Properties, Secret

CLUSTER = resource_type("aws:eks/cluster:Cluster")
GOOD: Properties = {"roleArn": UNKNOWN, "vpcConfig": {"subnetIds": ["subnet-1", UNKNOWN]}, "tags": {"a": Secret("b")}}


def failures(inputs: Properties) -> list[str]:
    return [str(failure) for failure in check_object(inputs, CLUSTER.inputs, computed=CLUSTER.computed)]


def test_inputs_that_fit_pass_unknown_and_secret_ones_too() -> None:
    assert failures(GOOD) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"versio": "1.34"}, "versio: unknown property; did you mean version?"),
        ({"roleArn": None}, "roleArn: missing: the provider requires it"),
        ({"endpoint": "https://x"}, "endpoint: is an output: only the cloud can set it"),
        ({"version": 1.34}, "version: must be a string, not a number"),
        ({"deletionProtection": "yes"}, "deletionProtection: must be true or false, not a string"),
        ({"tags": ["a"]}, "tags: must be a map, not a list"),
        ({"tags": {"a": Secret(1.0)}}, "tags['a']: must be a string, not a number"),
        ({"vpcConfig": {"subnetIds": "subnet-1"}}, "vpcConfig.subnetIds: must be a list, not a string"),
        (
            {"vpcConfig": {"subnetIds": ["subnet-1", True]}},
            "vpcConfig.subnetIds[1]: must be a string, not true or false",
        ),
        ({"vpcConfig": {}}, "vpcConfig.subnetIds: missing: the provider requires it"),
        (
            {"vpcConfig": {"subnetIds": [], "endpointPublicAcess": True}},
            "vpcConfig.endpointPublicAcess: unknown property; did you mean endpointPublicAccess?",
        ),
    ],
)
def test_what_does_not_fit_is_named(change: Properties, message: str) -> None:
    assert failures({**GOOD, **change}) == [message]


def test_a_type_that_no_sdk_has_is_an_error() -> None:
    with pytest.raises(UnknownTypeError, match="aws:ec2/subnet:Subnett is not a resource type of the installed SDKs"):
        resource_type("aws:ec2/subnet:Subnett")


def test_a_provider_s_own_settings_travel_as_json() -> None:
    token = "pulumi:providers:aws"  # noqa: S105 -- a type token

    assert list(check_configuration(token, {"allowedAccountIds": '["111111111111"]', "version": "7.0.0"})) == []
    assert [str(f) for f in check_configuration(token, {"defaultTags": '{"tag": {}}'})] == [
        "defaultTags.tag: unknown property; did you mean tags?"
    ]
    assert list(check_configuration("pulumi:providers:kubernetes", {"kubeconfig": UNKNOWN})) == []
