"""Web ACLs that AWS WAF would not take, and logs that it would not write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.cloud.checks.failure import Failure
from sandbox.cloud.values import UNKNOWN, Properties, Value, reveal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud.world import Resource, World

WEB_ACL: Final = "aws:wafv2/webAcl:WebAcl"
LOGGING: Final = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
GROUP_STATEMENTS: Final = frozenset({"managedRuleGroupStatement", "ruleGroupReferenceStatement"})
# Limits of the WAFV2 API.
LONGEST_PATTERN: Final = 512
LONGEST_SEARCH: Final = 200
LOWEST_RATE: Final = 10
HIGHEST_RATE: Final = 2_000_000_000
WINDOWS: Final = (60, 120, 300, 600)
DESTINATION_PREFIX: Final = "aws-waf-logs-"


def check_web_acl(wanted: Resource, _world: World) -> Iterator[Failure]:
    """Refuse rules of equal priority, with the wrong kind of action, or with statements beyond WAF's limits."""
    if wanted.type != WEB_ACL:
        return
    inputs = _mapping(reveal(wanted.inputs))
    bodies = [_mapping(body).get("key") for body in _listing(inputs.get("customResponseBodies"))]
    seen: dict[Value, str] = {}
    for index, item in enumerate(_listing(inputs.get("rules"))):
        path, rule = f"rules[{index}]", _mapping(item)
        priority = rule.get("priority")
        if isinstance(priority, float | int):
            other = seen.setdefault(priority, path)
            if other != path:
                yield Failure(f"{path}.priority", f"{priority:g} is the priority of {other} too; they must all differ")
        yield from _check_action(path, rule, bodies)
        yield from _check_statement(f"{path}.statement", rule.get("statement"))


def check_log_destination(wanted: Resource, _world: World) -> Iterator[Failure]:
    """Refuse a log of a web ACL that goes to several places, or to one whose name does not say what it is for."""
    destinations = wanted.inputs.get("logDestinationConfigs")
    if wanted.type != LOGGING or not isinstance(destinations, list):
        return
    if len(destinations) != 1:
        yield Failure("logDestinationConfigs", f"must name one destination, not {len(destinations)}")
    for index, arn in enumerate(destinations):
        if isinstance(arn, str) and not _name_of(arn).startswith(DESTINATION_PREFIX):
            yield Failure(
                f"logDestinationConfigs[{index}]", f"the name of the destination must begin with {DESTINATION_PREFIX}"
            )


def _name_of(arn: str) -> str:
    """Give the name at the end of the ARN of a log group, a delivery stream or a bucket."""
    resource = arn.split(":", 5)[-1]
    return resource.removeprefix("log-group:").removeprefix("deliverystream/")


def _check_action(path: str, rule: Properties, bodies: list[Value]) -> Iterator[Failure]:
    if UNKNOWN in (rule.get("action"), rule.get("overrideAction"), rule.get("statement")):
        return
    wants, other = ("action", "overrideAction")
    if GROUP_STATEMENTS & _mapping(rule.get("statement")).keys():
        wants, other = other, wants
    if rule.get(wants) is None or rule.get(other) is not None:
        yield Failure(path, f"must have {wants} and no {other}: the latter is for rules with another kind of statement")
    response = _mapping(_mapping(_mapping(rule.get("action")).get("block")).get("customResponse"))
    key = response.get("customResponseBodyKey")
    if isinstance(key, str) and key not in bodies and UNKNOWN not in bodies:
        yield Failure(
            f"{path}.action.block.customResponse.customResponseBodyKey",
            f"there is no {key!r} among customResponseBodies",
        )


def _check_statement(path: str, value: Value) -> Iterator[Failure]:
    for kind, item in _mapping(value).items():
        here, body = f"{path}.{kind}", _mapping(item)
        inner = body.get("statements")
        if kind in ("andStatement", "orStatement") and isinstance(inner, list):
            if len(inner) < 2:  # noqa: PLR2004 - what is combined
                yield Failure(f"{here}.statements", f"must hold two statements at least, not {len(inner)}")
            for index, statement in enumerate(inner):
                yield from _check_statement(f"{here}.statements[{index}]", statement)
        yield from _check_statement(f"{here}.statement", body.get("statement"))
        yield from _check_statement(f"{here}.scopeDownStatement", body.get("scopeDownStatement"))
        yield from _check_length(f"{here}.regexString", body.get("regexString"), LONGEST_PATTERN)
        yield from _check_length(f"{here}.searchString", body.get("searchString"), LONGEST_SEARCH)
        limit, window = body.get("limit"), body.get("evaluationWindowSec")
        if isinstance(limit, float | int) and not LOWEST_RATE <= limit <= HIGHEST_RATE:
            yield Failure(f"{here}.limit", f"must be {LOWEST_RATE} to {HIGHEST_RATE:,} requests")
        if isinstance(window, float | int) and window not in WINDOWS:
            yield Failure(f"{here}.evaluationWindowSec", f"must be one of {', '.join(map(str, WINDOWS))}")


def _check_length(path: str, value: Value, longest: int) -> Iterator[Failure]:
    if isinstance(value, str) and not 1 <= len(value.encode()) <= longest:
        yield Failure(path, f"must have 1 to {longest} bytes")


def _mapping(value: Value) -> Properties:
    return value if isinstance(value, dict) else {}


def _listing(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []
