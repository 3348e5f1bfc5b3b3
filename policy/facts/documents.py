"""Policy documents: what IAM, buckets and endpoints are granted, read as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from policy.values import Plain, elements, from_json, present, read

_CALLERS: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "aws:vpcsourceip",
        "kms:calleraccount",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)
"""The keys of a condition that say who calls, in lower case. Source: Amazon S3 User Guide, the meaning of public."""
_PLAINTEXT: Final[tuple[Plain, ...]] = tuple(
    {"Bool": {"aws:SecureTransport": value}} for value in ("false", False, ["false"])
)
"""The condition that a request came without TLS; a second one beside it would narrow what is refused."""
_NAMING: Final = ("StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress")
"""Operators by which a condition holds for what it names; with `IfExists` it holds for everybody else as well."""


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


def denies_plaintext(statement: Plain, *actions: str) -> bool:
    """Whether a statement denies everybody one of these actions without TLS, in every case."""
    return denies_everybody(statement, *actions) and read(statement, "Condition") in _PLAINTEXT


def grants_everybody(statement: Plain) -> bool:
    """Whether a statement grants something to everybody, or to all but somebody; it asks for no condition.

    What says neither `Allow` nor `Deny` is taken for a grant.
    """
    return read(statement, "Effect") != "Deny" and (
        _names_everybody(statement) or read(statement, "NotPrincipal") is not None
    )


def opens_to_everybody(statement: Plain) -> bool:
    """Whether a statement grants something to everybody, and no condition of it says who calls.

    That they come by TLS, or with a tag, is no such condition; nor is a name of `*` or a range of all addresses.
    """
    conditions = read(statement, "Condition")
    held: Mapping[str, Plain] = conditions if isinstance(conditions, Mapping) else {}
    return grants_everybody(statement) and not any(
        operator.rpartition(":")[2] in _NAMING
        and isinstance(named, Mapping)
        and any(key.lower() in _CALLERS and _says_who(value) for key, value in named.items())
        for operator, named in held.items()
    )


def _says_who(value: Plain) -> bool:
    found = listed(value)
    return bool(found) and all(
        present(each) and not (isinstance(each, str) and (not each.strip("*") or each in ("0.0.0.0/0", "::/0")))
        for each in found
    )


def allows_service(document: Plain, service: str, action: str, *, in_any_case: bool = False) -> bool:
    """Whether a document allows a service of AWS an action, in lower case; under which condition, it may not ask."""
    return any(
        read(each, "Effect") == "Allow"
        and service in texts(read(each, "Principal", "Service"))
        and any(_covers(pattern.lower(), action) for pattern in texts(read(each, "Action")))
        and not (in_any_case and present(read(each, "Condition")))
        for each in statements(document) or ()
    )


def _covers(pattern: str, action: str) -> bool:
    return pattern == action or (pattern.endswith("*") and action.startswith(pattern[:-1]))


def _names_everybody(statement: Plain) -> bool:
    principal = read(statement, "Principal")
    return principal == "*" or "*" in texts(read(principal, "AWS"))
