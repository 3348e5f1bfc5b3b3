"""What the engine sends becomes plain data, whatever it holds."""

from __future__ import annotations

import math
from typing import Any, cast

import pytest
from google.protobuf import struct_pb2
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import rpc
from pulumi.runtime.proto import analyzer_pb2

from policy import wire
from policy.values import UNKNOWN, Plain

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 -- the mark of one
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
ASSET = "c44067f5952c0a294b673a41bacd8c17"


def struct(**fields: object) -> struct_pb2.Struct:
    made = struct_pb2.Struct()
    made.update(cast("Any", fields))
    return made


@pytest.mark.parametrize(
    ("sent", "plain"),
    [
        (5432.0, 5432),
        (0.5, 0.5),
        (True, True),
        (None, None),
        ("", ""),
        ("text", "text"),
        ([], []),
        ({}, {}),
        ({"a": [{"b": rpc.UNKNOWN}]}, {"a": [{"b": UNKNOWN}]}),
        ({SIGNATURE: SECRET, "value": {"a": [1.0]}}, {"a": [1]}),
        ({SIGNATURE: SECRET, "value": rpc.UNKNOWN}, UNKNOWN),
        ({SIGNATURE: SECRET, "value": {SIGNATURE: SECRET, "value": "twice"}}, "twice"),
        ({SIGNATURE: OUTPUT, "value": 1.0, "secret": True}, 1),
        ({SIGNATURE: OUTPUT, "dependencies": []}, UNKNOWN),
        ({SIGNATURE: SECRET, "ciphertext": "as in a state"}, UNKNOWN),
        ({SIGNATURE: ASSET, "text": "swordfish"}, UNKNOWN),
        ({SIGNATURE: "of tomorrow", "value": "swordfish"}, UNKNOWN),
        ({SIGNATURE: 7.0, "value": "swordfish"}, UNKNOWN),
        ({SIGNATURE: None}, UNKNOWN),
    ],
    ids=repr,
)
def test_a_value_is_read(sent: object, plain: Plain) -> None:
    read = wire.properties(struct(it=sent))["it"]
    assert read is plain if plain is UNKNOWN else repr(read) == repr(plain)


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan, 1e300])
def test_a_number_of_any_size_is_one(number: float) -> None:
    assert repr(wire.plain(struct_pb2.Value(number_value=number))) == repr(int(number) if number == 1e300 else number)


def test_a_value_that_says_nothing_is_none() -> None:
    assert wire.plain(struct_pb2.Value()) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(), inside, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_json_comes_out_as_it_went_in(document: dict[str, Plain]) -> None:
    assert wire.properties(struct(it=document)) == {"it": document}


def test_what_nests_too_deep_is_unknown() -> None:
    deep = struct_pb2.Value(string_value="the bottom")
    for _ in range(400):
        outer = struct_pb2.Value()
        outer.list_value.values.add().struct_value.fields["a"].CopyFrom(deep)
        deep = outer
    sent = struct(beside=1.0)
    sent.fields["deep"].CopyFrom(deep)
    assert wire.properties(sent) == {"beside": 1, "deep": UNKNOWN}


def test_what_is_asked_for_has_its_provider_and_its_protection() -> None:
    request = analyzer_pb2.AnalyzeRequest(
        urn="urn:pulumi:test::tmi::a:b:C::it",
        type="a:b:C",
        name="it",
        properties=struct(size=8.0),
        options=analyzer_pb2.AnalyzerResourceOptions(protect=True),
        provider=analyzer_pb2.AnalyzerProviderResource(urn="urn:of:provider"),
    )
    read = wire.asked_for(request)
    assert (read.urn, read.type, read.name) == (request.urn, "a:b:C", "it")
    assert (read.properties, read.provider, read.protect) == ({"size": 8}, "urn:of:provider", True)


def test_what_is_planned_has_its_dependencies() -> None:
    sent = analyzer_pb2.AnalyzerResource(
        urn="urn",
        type="a:b:C",
        properties=struct(key=rpc.UNKNOWN),
        propertyDependencies={"key": analyzer_pb2.AnalyzerPropertyDependencies(urns=["one", "two"])},
    )
    read = wire.planned(sent)
    assert read.dependencies == {"key": ("one", "two")}
    assert (read.properties, read.provider, read.protect) == ({"key": UNKNOWN}, "", False)
