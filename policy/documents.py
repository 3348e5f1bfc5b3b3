"""Policy documents: what IAM, buckets and endpoints are granted, read as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policy.values import Plain, elements, from_json, read


def statements(document: Plain) -> Sequence[Plain] | None:
    """The statements of a policy document; `None` if it cannot be read."""
    parsed = from_json(document)
    found = listed(read(parsed, "Statement")) if isinstance(parsed, Mapping) else ()
    return found if found and all(isinstance(each, Mapping) for each in found) else None


def listed(value: Plain) -> Sequence[Plain]:
    """IAM's way of writing lists: a single element may stand for itself."""
    return [value] if isinstance(value, (str, Mapping)) else elements(value)


def texts(value: Plain) -> set[str]:
    """The texts of such a list; what is no text names nothing."""
    return {each for each in listed(value) if isinstance(each, str)}


def denies_everybody(statement: Plain, *actions: str) -> bool:
    """Whether a statement denies everybody one of these actions; under which condition, it does not ask."""
    return (
        read(statement, "Effect") == "Deny"
        and _names_everybody(statement)
        and not texts(read(statement, "Action")).isdisjoint(actions)
    )


def grants_everybody(statement: Plain) -> bool:
    """Whether a statement grants something to everybody, or to all but somebody; it asks for no condition.

    What says neither `Allow` nor `Deny` is taken for a grant.
    """
    return read(statement, "Effect") != "Deny" and (
        _names_everybody(statement) or read(statement, "NotPrincipal") is not None
    )


def _names_everybody(statement: Plain) -> bool:
    principal = read(statement, "Principal")
    return principal == "*" or "*" in texts(read(principal, "AWS"))
