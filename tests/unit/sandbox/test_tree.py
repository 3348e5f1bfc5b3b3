from __future__ import annotations

from typing import Any

import pytest

from sandbox.state import mask, outputs
from sandbox.tree import mermaid, short_type, text_tree

STACK = "urn:pulumi:dev::tmi::pulumi:pulumi:Stack::tmi-dev"


def resource(type_: str, name: str, parent: str = STACK, **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    return {"urn": f"urn:pulumi:dev::tmi::{type_}::{name}", "type": type_, "parent": parent} | more


NETWORK = resource("tmi:network:Network", "network")
DATABASE = resource("tmi:data:Database", "database")
REPLICAS = resource("tmi:data:Replicas", "replicas", DATABASE["urn"])
VPC = resource("aws:ec2/vpc:Vpc", "network-vpc", NETWORK["urn"], protect=True)
SUBNET = resource("aws:ec2/subnet:Subnet", "network-a", NETWORK["urn"], dependencies=[VPC["urn"]])
KEY = resource("aws:kms/key:Key", "key")
INSTANCE = resource("aws:rds/instance:Instance", "a", REPLICAS["urn"], dependencies=[SUBNET["urn"], KEY["urn"]])
DEPLOYED = [
    {"urn": STACK, "type": "pulumi:pulumi:Stack"},
    resource("pulumi:providers:aws", "default_7_51_1"),
    NETWORK,
    DATABASE,
    REPLICAS,
    VPC,
    SUBNET,
    KEY,
    INSTANCE,
]


def test_the_tree_is_sorted_and_marks_what_is_protected() -> None:
    assert text_tree(DEPLOYED).splitlines() == [
        "pulumi:pulumi:Stack tmi-dev",
        "├── aws:kms:Key key",
        "├── tmi:data:Database database",
        "│   └── tmi:data:Replicas replicas",
        "│       └── aws:rds:Instance a",
        "└── tmi:network:Network network",
        "    ├── aws:ec2:Subnet network-a",
        "    └── aws:ec2:Vpc network-vpc  (protected)",
    ]


def test_the_diagram_has_top_level_components_and_their_dependencies() -> None:
    assert mermaid(DEPLOYED).splitlines() == [
        "flowchart LR",
        '  n0["network<br/>2 resources"]',
        '  n1["database<br/>2 resources"]',
        '  n2["key"]',
        "  n1 --> n0",
        "  n1 --> n2",
    ]


@pytest.mark.parametrize(
    ("token", "short"),
    [
        ("aws:ec2/vpc:Vpc", "aws:ec2:Vpc"),
        ("kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:Deployment"),
        ("tmi:network:Network", "tmi:network:Network"),
        ("pulumi:providers:aws", "pulumi:providers:aws"),
    ],
)
def test_types_are_written_as_the_cli_does(token: str, short: str) -> None:
    assert short_type(token) == short


def test_secrets_and_unknowns_are_masked_however_deep() -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
    value = {"a": [secret, "plain"], "b": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}
    assert mask(value) == {"a": ["[secret]", "plain"], "b": "[unknown]"}


def test_outputs_are_those_of_the_stack() -> None:
    deployment = {"resources": [{"urn": STACK, "type": "pulumi:pulumi:Stack", "outputs": {"a": 1}}, KEY]}
    assert outputs(deployment) == {"a": 1}
    assert outputs(None) == {}
