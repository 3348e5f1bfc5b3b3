from __future__ import annotations

from google.protobuf import struct_pb2
from hypothesis import given
from hypothesis import strategies as st

from sandbox.cloud.values import (
    SECRET_SIGNATURE,
    SIGNATURE_KEY,
    UNKNOWN,
    UNKNOWN_SENTINEL,
    Properties,
    Secret,
    from_struct,
    has_unknown,
    strings,
    to_struct,
)

values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text() | st.just(UNKNOWN),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | inner.map(Secret),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), values))
def test_what_is_written_is_read(properties: Properties) -> None:
    assert from_struct(to_struct(properties)) == properties


def test_the_engine_s_markers_are_read() -> None:
    struct = struct_pb2.Struct()
    struct.update({"id": UNKNOWN_SENTINEL, "password": {SIGNATURE_KEY: SECRET_SIGNATURE, "value": UNKNOWN_SENTINEL}})

    assert from_struct(struct) == {"id": UNKNOWN, "password": Secret(UNKNOWN)}


def test_a_secret_is_not_quoted_by_accident() -> None:
    assert "hidden" not in f"{Secret('hidden')} {Secret({'a': 'hidden'})!r}"


def test_unknown_values_are_found_at_any_depth() -> None:
    assert has_unknown({"a": [Secret({"b": UNKNOWN})]})
    assert not has_unknown({"a": [Secret({"b": "c"})]})


def test_strings_come_with_their_paths_and_without_secrets() -> None:
    properties: Properties = {"ids": ["sg-1"], "config": {"arn": "arn:x", "token": Secret("hidden")}, "count": 1.0}

    assert list(strings(properties)) == [("ids[0]", "sg-1"), ("config.arn", "arn:x")]
