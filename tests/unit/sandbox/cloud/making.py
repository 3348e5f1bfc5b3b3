"""Resources and worlds for the tests of the simulated cloud."""

from __future__ import annotations

from sandbox.cloud.values import Properties, Value
from sandbox.cloud.world import Resource, World

REGION = "eu-west-1"


def urn(token: str, name: str = "x") -> str:
    return f"urn:pulumi:dev::tmi::tmi:network:Network${token}::{name}"


def resource(
    token: str, logical_name: str = "x", id_: str = "", computed: Properties | None = None, /, **inputs: Value
) -> Resource:
    outputs: Properties = {"region": REGION, **inputs, **(computed or {})}
    return Resource(urn=urn(token, logical_name), id=id_, inputs=inputs, outputs=outputs)


def world(*resources: Resource, existing: tuple[str, ...] = ()) -> World:
    made = World(frozenset(existing), None)
    for each in resources:
        if each.id:
            made.learn(each)
        else:
            made.want(each)
    return made
