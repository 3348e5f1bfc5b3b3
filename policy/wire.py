"""What the engine sends, as plain data: each message is read once, whatever number of rules look at it.

A value is a protobuf `Value`. Objects of one reserved key are none: they mark a secret, an asset or another thing that
JSON cannot say. Source: Pulumi, `sdk/go/common/resource/sig` and `sdk/go/propertyrpc`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from policy.graph import Resource
from policy.values import UNKNOWN, Plain

if TYPE_CHECKING:
    from google.protobuf import struct_pb2
    from pulumi.runtime.proto import analyzer_pb2

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_WRAPPERS: Final = frozenset(
    [
        "1b47061264138c4ac30d75fd1eb44270",  # a secret
        "d0e6a833031e9bbcd3f4e8bde6ca49a4",  # an output; without a value where that is unknown
    ]
)
"""Signatures of what holds an ordinary value."""
_UNKNOWN: Final = frozenset(
    [
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # a text, and by now whatever is unknown
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # a boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # a number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # an array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # an asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # an archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # an object
    ]
)
"""Texts that stand for a value that only a deployment will tell."""


def asked_for(request: analyzer_pb2.AnalyzeRequest) -> Resource:
    """A resource as the program asks for it, before it is touched: its inputs."""
    return _resource(request, {})


def planned(sent: analyzer_pb2.AnalyzerResource) -> Resource:
    """A resource as it will be, or is: its outputs, and what its inputs were made from."""
    return _resource(sent, {name: tuple(value.urns) for name, value in sent.propertyDependencies.items()})


def _resource(
    sent: analyzer_pb2.AnalyzeRequest | analyzer_pb2.AnalyzerResource, dependencies: Mapping[str, tuple[str, ...]]
) -> Resource:
    return Resource(
        urn=sent.urn,
        type=sent.type,
        name=sent.name,
        properties=properties(sent.properties),
        dependencies=dependencies,
        provider=sent.provider.urn,
        protect=sent.options.protect,
    )


def properties(sent: struct_pb2.Struct) -> Mapping[str, Plain]:
    """The properties of a resource; one that nests deeper than Python can follow, some 200 levels, is unknown."""
    return {name: _followed(value) for name, value in sent.fields.items()}


def _followed(value: struct_pb2.Value) -> Plain:
    try:
        return plain(value)
    except RecursionError:
        return UNKNOWN


def plain(value: struct_pb2.Value) -> Plain:
    """A value; secrets as what they hold, whole numbers as `int`."""
    match value.WhichOneof("kind"):
        case "string_value":
            return UNKNOWN if value.string_value in _UNKNOWN else value.string_value
        case "struct_value":
            return _object(value.struct_value)
        case "list_value":
            return [plain(each) for each in value.list_value.values]
        case "bool_value":
            return value.bool_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case _:
            return None


def _object(value: struct_pb2.Struct) -> Plain:
    if _SIGNATURE not in value.fields:
        return {name: plain(each) for name, each in value.fields.items()}
    if value.fields[_SIGNATURE].string_value in _WRAPPERS and "value" in value.fields:
        return plain(value.fields["value"])
    return UNKNOWN  # an asset, an archive, a reference: none of them is data
