"""Health: what counts as well is asked, answers as it should, and by TLS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policy.graph import Graph, Resource
from policy.network.group_roles import BALANCERS
from policy.rule import Description, GraphRule, ResourceRule, Severity, Violation
from policy.rules.edge.transport import TARGET_GROUPS
from policy.values import elements, present, read, show

_HEALTH_CHECK: Final = "aws:route53/healthCheck:HealthCheck"
_RECORD: Final = "aws:route53/record:Record"
_BY_ITSELF: Final = ("CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL")
"""Health checks that ask no endpoint."""
_WELL: Final = re.compile(r"[23]\d\d(?:-[23]\d\d)?(?:,[23]\d\d(?:-[23]\d\d)?)*")
_GRPC: Final = re.compile(r"0")
_LONGEST_SECONDS: Final = 300
"""How long a target that failed may still be sent new requests, at most; the defaults of a balancer come to 60."""


def targets_checked(group: Resource) -> Iterator[Violation]:
    """Each target is asked, counts as well by an answer of success, and is left out soon after it stops."""
    if group.get("targetType") == "lambda":  # asked for nothing else than it is called for
        return
    check = group.get("healthCheck")
    if read(check, "enabled") not in (None, True):  # absent: true
        yield Violation(group, f"healthCheck.enabled is {show(read(check, 'enabled'))}; it must be true")
    matcher = read(check, "matcher")
    wanted = _GRPC if group.get("protocolVersion") == "GRPC" else _WELL
    if matcher is not None and not (isinstance(matcher, str) and wanted.fullmatch(matcher)):  # absent: 200
        yield Violation(group, "healthCheck.matcher must hold codes of success alone")
    numbers = [read(check, name) for name in ("interval", "unhealthyThreshold")]
    interval, failures = (default if given is None else given for given, default in zip(numbers, (30, 2), strict=True))
    if not (isinstance(interval, int) and isinstance(failures, int) and interval * failures <= _LONGEST_SECONDS):
        yield Violation(group, f"interval times unhealthyThreshold must be {_LONGEST_SECONDS} s or less")


def health_checks_ask(check: Resource) -> Iterator[Violation]:
    """Each health check asks by HTTPS, with the name of the host, and tells what it found."""
    kind = check.get("type")
    if kind in _BY_ITSELF:
        return
    if kind not in ("HTTPS", "HTTPS_STR_MATCH"):
        yield Violation(check, "type must be HTTPS or HTTPS_STR_MATCH")
    if check.get("enableSni") not in (None, True):  # absent: true for HTTPS
        yield Violation(check, "enableSni must be true, or it is not this name's certificate that answers")
    for name in ("disabled", "invertHealthcheck"):  # one that is disabled counts as well
        if check.get(name) not in (None, False):
            yield Violation(check, f"{name} is {show(check.get(name))}; it must be false")


def names_follow_health(graph: Graph) -> Iterator[Violation]:
    """A name that leads to a balancer of the stack follows its health."""
    for record in graph.of_type(_RECORD):
        if graph.references(record, "aliases", BALANCERS):
            for alias in elements(record.get("aliases")):
                if present(alias) and read(alias, "evaluateTargetHealth") is not True:
                    yield Violation(record, "aliases: evaluateTargetHealth must be true")


TARGETS_CHECKED: Final = ResourceRule(
    about=Description(
        id="targets-checked",
        title="Targets are sent requests while they answer well, and not otherwise",
        severity=Severity.MEDIUM,
        frameworks=("WA REL11", "FSBP AutoScaling.1"),
        why="A target that is not asked, or may answer with an error, gets requests until somebody notices.",
        remediation="Leave healthCheck.enabled on, match 200 or another success, and shorten the interval.",
    ),
    types=frozenset(TARGET_GROUPS),
    check=targets_checked,
)
HEALTH_CHECKS_ASK: Final = ResourceRule(
    about=Description(
        id="health-checks-ask-by-tls",
        title="Health checks of Route 53 ask by HTTPS and are in force",
        severity=Severity.MEDIUM,
        frameworks=("WA REL11", "WA SEC09"),
        why="A check of an open port says nothing of the certificate, and one that is disabled finds all well.",
        remediation="Set type HTTPS, leave enableSni on, and leave disabled and invertHealthcheck out.",
    ),
    types=frozenset({_HEALTH_CHECK}),
    check=health_checks_ask,
)
NAMES_FOLLOW_HEALTH: Final = GraphRule(
    about=Description(
        id="names-follow-health",
        title="Names follow the health of the balancer they lead to",
        severity=Severity.MEDIUM,
        frameworks=("WA REL11",),
        why="A name that does not look keeps leading to a balancer of which no target answers.",
        remediation="Set evaluateTargetHealth in the alias.",
    ),
    check=names_follow_health,
)
