from __future__ import annotations

from sandbox.cloud import CloudOptions, Fault
from sandbox.cloud.faults import Faults
from sandbox.cloud.values import SECRET_SIGNATURE, SIGNATURE_KEY, UNKNOWN, Secret
from sandbox.cloud.world import Resource, World
from tests.unit.sandbox.cloud.making import urn

VPC = "aws:ec2/vpc:Vpc"
SECRET = {SIGNATURE_KEY: SECRET_SIGNATURE, "ciphertext": "v1:x"}
SNAPSHOT = {
    "resources": [
        {"urn": "urn:pulumi:dev::tmi::pulumi:pulumi:Stack::tmi-dev", "type": "pulumi:pulumi:Stack", "custom": False},
        {"urn": urn(VPC, "net"), "type": VPC, "custom": True, "id": "vpc-00000001", "inputs": {"a": SECRET}},
        {"urn": urn(VPC, "net"), "type": VPC, "custom": True, "id": "vpc-00000002", "delete": True, "inputs": {"b": 1}},
    ]
}


def test_a_state_says_what_stands_and_keeps_its_secrets() -> None:
    there = World(frozenset(), SNAPSHOT)

    assert there.exists("vpc-00000001")
    assert there.exists("vpc-00000002")
    latest = there.latest(urn(VPC, "net"))
    assert latest is not None
    assert (latest.id, latest.inputs) == ("vpc-00000001", {"a": UNKNOWN})


def test_an_alias_is_followed_by_the_old_inputs() -> None:
    there = World(frozenset(), SNAPSHOT)

    assert there.follow_alias(urn(VPC, "other"), {"a": "different", "c": 1.0}) is None
    renamed = there.follow_alias(urn(VPC, "other"), {"a": Secret("anything")})
    assert renamed is not None
    assert renamed.id == "vpc-00000001"
    assert there.latest(urn(VPC, "net")) is None
    assert there.exists("vpc-00000001")


def test_the_new_version_of_a_resource_stays_when_the_old_one_goes() -> None:
    there = World(frozenset(), None)
    arn = "arn:aws:ec2:eu-west-1:111111111111:vpc/both"
    old, new = (Resource(urn=urn(VPC), id=f"vpc-0000000{n}", inputs={}, outputs={"arn": arn}) for n in (1, 2))
    there.learn(old)
    there.learn(new)

    there.forget(old.urn, old.id)

    assert there.latest(urn(VPC)) == new
    assert list(there.made()) == [new]
    assert there.by_identity(arn) == new


def test_a_fault_strikes_as_often_as_it_should_and_only_where() -> None:
    faults = Faults((Fault(type=VPC, name="net", operation="create", message="no", times=2),))

    assert faults.take("create", urn(VPC, "other")) is None
    assert faults.take("update", urn(VPC, "net")) is None
    assert [faults.take("create", urn(VPC, "net")) for _ in range(3)] == ["no", "no", None]


def test_options_survive_the_way_to_the_other_process() -> None:
    options = CloudOptions(
        existing=frozenset({"Z1"}),
        faults=(Fault(type=VPC, operation="read", message="no"),),
        latency_seconds=0.5,
        snapshot=SNAPSHOT,
    )

    assert CloudOptions.from_json(options.to_json()) == options
    assert options.types() == [VPC]
