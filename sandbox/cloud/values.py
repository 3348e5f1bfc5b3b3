"""Property values as plain Python: to and from the engine's gRPC structs.

The engine marks what a struct cannot say by sentinels, the ones that ``pulumi.runtime.rpc`` names: an unknown value is
a fixed string, a secret an object with a signature. Here they are ``UNKNOWN`` and ``Secret``, so that no check
mistakes them for ordinary values.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from google.protobuf import struct_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

UNKNOWN_SENTINEL: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE_KEY: Final = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a marker of the protocol, not a secret


class _Unknown(enum.Enum):
    UNKNOWN = "unknown"


UNKNOWN: Final = _Unknown.UNKNOWN
"""A value that is not known before the deployment has made it."""
Unknown: TypeAlias = Literal[_Unknown.UNKNOWN]


@dataclass(frozen=True, slots=True)
class Secret:
    """A value the engine encrypts in its state and hides in its output; no message can quote it by accident."""

    value: Value = field(repr=False)


Value: TypeAlias = "bool | float | str | Unknown | Secret | list[Value] | dict[str, Value] | None"
Properties: TypeAlias = "dict[str, Value]"


def from_struct(struct: struct_pb2.Struct) -> Properties:
    """Read the engine's struct."""
    return {key: _from_message(value) for key, value in struct.fields.items()}


def _from_message(message: struct_pb2.Value) -> Value:  # noqa: PLR0911 - a return for each kind of value
    match message.WhichOneof("kind"):
        case "string_value":
            return UNKNOWN if message.string_value == UNKNOWN_SENTINEL else message.string_value
        case "number_value":
            return message.number_value
        case "bool_value":
            return message.bool_value
        case "list_value":
            return [_from_message(item) for item in message.list_value.values]
        case "struct_value":
            fields = message.struct_value.fields
            if SIGNATURE_KEY in fields and fields[SIGNATURE_KEY].string_value == SECRET_SIGNATURE:
                return Secret(_from_message(fields["value"]))
            return {key: _from_message(value) for key, value in fields.items()}
        case _:
            return None


def to_struct(properties: Mapping[str, Value]) -> struct_pb2.Struct:
    """Write the engine's struct."""
    return struct_pb2.Struct(fields={key: _to_message(value) for key, value in properties.items()})


def _to_message(value: Value) -> struct_pb2.Value:  # noqa: PLR0911 - a return for each kind of value
    match value:
        case None:
            return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
        case bool():
            return struct_pb2.Value(bool_value=value)
        case int() | float():
            return struct_pb2.Value(number_value=value)
        case str():
            return struct_pb2.Value(string_value=value)
        case Secret():
            inner = {SIGNATURE_KEY: SECRET_SIGNATURE, "value": value.value}
            return struct_pb2.Value(struct_value=to_struct(inner))
        case list():
            return struct_pb2.Value(list_value=struct_pb2.ListValue(values=[_to_message(item) for item in value]))
        case dict():
            return struct_pb2.Value(struct_value=to_struct(value))
        case _:
            return struct_pb2.Value(string_value=UNKNOWN_SENTINEL)


def reveal(value: Value) -> Value:
    """Give the value with no secret wrapping, at any depth: for checks, never for messages or results."""
    match value:
        case Secret():
            return reveal(value.value)
        case list():
            return [reveal(item) for item in value]
        case dict():
            return {key: reveal(item) for key, item in value.items()}
        case _:
            return value


def has_unknown(value: Value) -> bool:
    """Say whether anything inside is still unknown."""
    match value:
        case Secret():
            return has_unknown(value.value)
        case list():
            return any(map(has_unknown, value))
        case dict():
            return any(map(has_unknown, value.values()))
        case _:
            return value is UNKNOWN


def strings(value: Value, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string inside, with its path (``subnetIds[0]``); secrets are left out, since a message would quote them."""
    match value:
        case str():
            yield path, value
        case list():
            for index, item in enumerate(value):
                yield from strings(item, f"{path}[{index}]")
        case dict():
            for key, item in value.items():
                yield from strings(item, f"{path}.{key}" if path else key)
        case _:
            return
