"""Answers to the engine, in its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulumi.runtime.proto import provider_pb2

from sandbox.cloud import diff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.cloud.checks.failure import Failure

_KINDS: Final = {
    (diff.Kind.ADDED, False): provider_pb2.PropertyDiff.ADD,
    (diff.Kind.ADDED, True): provider_pb2.PropertyDiff.ADD_REPLACE,
    (diff.Kind.DELETED, False): provider_pb2.PropertyDiff.DELETE,
    (diff.Kind.DELETED, True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    (diff.Kind.UPDATED, False): provider_pb2.PropertyDiff.UPDATE,
    (diff.Kind.UPDATED, True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}


def check_failures(failures: Iterable[Failure]) -> list[provider_pb2.CheckFailure]:
    """Write failures for the engine. It would print the value of a property it is told of, secret or not."""
    return [provider_pb2.CheckFailure(reason=str(failure)) for failure in failures]


def diff_response(changes: list[diff.Change], *, delete_first: bool) -> provider_pb2.DiffResponse:
    """Write what changed, and what of it takes another resource."""
    if not changes:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE, hasDetailedDiff=True)
    replaces = [change.path for change in changes if change.replaces]
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME,
        diffs=[change.path for change in changes],
        replaces=replaces,
        deleteBeforeReplace=bool(replaces) and delete_first,
        detailedDiff={
            change.path: provider_pb2.PropertyDiff(kind=_KINDS[change.kind, change.replaces], inputDiff=True)
            for change in changes
        },
        hasDetailedDiff=True,
    )
