"""Transport: every hop that AWS terminates or serves is encrypted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.replicas import DATABASE, in_same_region, source
from policy.graph import Graph, Resource
from policy.rule import Description, Finding, GraphRule, ResourceRule, Severity, Undecided, Violation
from policy.values import Plain, elements, present, read, show

LISTENERS: Final = ("aws:lb/listener:Listener", "aws:alb/listener:Listener")
LISTENER_RULES: Final = ("aws:lb/listenerRule:ListenerRule", "aws:alb/listenerRule:ListenerRule")
TARGET_GROUPS: Final = ("aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup")
_PARAMETER_GROUP: Final = "aws:rds/parameterGroup:ParameterGroup"

# The policies that AWS Security Hub accepts for control ELB.17.
_TLS_POLICIES: Final = tuple(
    f"ELBSecurityPolicy-TLS13-1-{suffix}"
    for suffix in (
        "3-2021-06",
        "3-FIPS-2023-04",
        "3-PQ-2025-09",
        "3-FIPS-PQ-2025-09",
        "2-Res-2021-06",
        "2-Res-FIPS-2023-04",
        "2-Res-PQ-2025-09",
        "2-Res-FIPS-PQ-2025-09",
    )
)


def listeners_tls(graph: Graph) -> Iterator[Finding]:
    """A listener speaks TLS by a strong policy with a certificate, or does nothing but redirect to HTTPS."""
    for listener in graph.of_type(*LISTENERS):
        protocol = listener.get("protocol")
        if protocol == "HTTP":
            yield from _only_redirects(listener, listener.get("defaultActions"))
        elif protocol in ("HTTPS", "TLS"):
            if listener.get("sslPolicy") not in _TLS_POLICIES:  # absent: AWS takes ELBSecurityPolicy-2016-08
                shown = show(listener.get("sslPolicy"))
                yield Violation(listener, f"sslPolicy is {shown}; take {_TLS_POLICIES[4]} or another of its family")
            if not present(listener.get("certificateArn")):
                yield Violation(listener, "certificateArn must name a certificate")
        else:
            yield Violation(listener, f"protocol is {show(protocol)}; it must be HTTPS, TLS or a redirecting HTTP")
    for rule in graph.of_type(*LISTENER_RULES):
        listeners = graph.references(rule, "listenerArn", LISTENERS)
        if not listeners:
            yield Undecided(rule, "its listener is not of this stack")
        elif any(listener.get("protocol") not in ("HTTPS", "TLS") for listener in listeners):
            yield from _only_redirects(rule, rule.get("actions"))


def _only_redirects(resource: Resource, actions: Plain) -> Iterator[Violation]:
    every = elements(actions)
    # A redirect without a protocol keeps the one it came by.
    redirects = [read(action, "redirect", "protocol") == "HTTPS" for action in every if _is_redirect(action)]
    if not every or len(redirects) < len(every) or not all(redirects):
        yield Violation(resource, "plain HTTP may only redirect to HTTPS: every action, and redirect.protocol HTTPS")


def _is_redirect(action: Plain) -> bool:
    return read(action, "type") == "redirect"


def target_groups_tls(group: Resource) -> Iterator[Violation]:
    """Targets and their health checks are spoken to by HTTPS (or targets by TLS)."""
    target_type = group.get("targetType")
    if target_type == "lambda":  # called by AWS's own API, which is TLS; it has neither protocol nor port
        return
    # A group whose target is another balancer hands its bytes on unread: that balancer's listener answers for TLS.
    wanted = ("TCP", "TLS") if target_type == "alb" else ("HTTPS", "TLS")
    protocol = group.get("protocol")
    if protocol not in wanted:
        yield Violation(group, f"protocol is {show(protocol)}; it must be {' or '.join(wanted)}")
    check = group.get("healthCheck", "protocol")
    if check != "HTTPS":  # absent: AWS checks by HTTP (TCP for network balancers)
        yield Violation(group, f"healthCheck.protocol is {show(check)}; it must be HTTPS")


def postgres_forces_tls(graph: Graph) -> Iterator[Violation]:
    """The parameter group in force at each PostgreSQL instance refuses plaintext and is of its major version."""
    for instance in graph.of_type(DATABASE):
        primary = source(graph, instance) or instance
        engine = primary.get("engine")
        if isinstance(engine, str) and engine != "postgres":
            continue
        owner = instance if present(instance.get("parameterGroupName")) else _inherited_from(graph, instance)
        groups = graph.references(owner, "parameterGroupName", {_PARAMETER_GROUP}) if owner else []
        if not groups:
            yield Violation(instance, "parameterGroupName must name a parameter group of this stack")
        for group in groups:
            values = [
                read(parameter, "value")
                for parameter in elements(group.get("parameters"))
                if read(parameter, "name") == "rds.force_ssl"
            ]
            # Absent: 1 since PostgreSQL 15, 0 before. What is proved is what is written.
            if not values or any(value not in ("1", 1) for value in values):
                shown = show(values[0] if values else None)
                yield Violation(group, f"rds.force_ssl is {shown}; it must be 1, for it serves {instance.name}")
            yield from _family_matches(instance, primary, group)


def _family_matches(instance: Resource, primary: Resource, group: Resource) -> Iterator[Violation]:
    owner = instance if present(instance.get("engineVersion")) else primary
    version = owner.get("engineVersion")
    family = group.get("family")
    # A major version may be written bare, and a bare number may arrive as one.
    if not isinstance(version, (str, int, float)) or family != f"postgres{str(version).split('.', 1)[0]}":
        shown = f"family {show(family)} does not match {instance.name}'s engineVersion, {show(version)}"
        yield Violation(group, f"{shown}: RDS would refuse it or leave it out of force")


def _inherited_from(graph: Graph, replica: Resource) -> Resource | None:
    """Whose parameter group a replica without one takes: its source's in the same region, else the engine's default.

    See `DBParameterGroupName` of CreateDBInstanceReadReplica in the RDS API reference.
    """
    primary = source(graph, replica)
    same = primary is not None and in_same_region(graph, primary, replica)
    return primary if same else None


def redis_tls_and_token(cache: Resource) -> Iterator[Violation]:
    """Clients of a cache must speak TLS and prove who they are."""
    if cache.type == _USER:
        if cache.get("noPasswordRequired") not in (None, False):  # absent: false
            yield Violation(cache, "noPasswordRequired must be false: a user without a password is anybody")
        return
    if cache.type == _CACHE_CLUSTER:
        engine = cache.get("engine")
        if engine != "memcached" and not present(cache.get("replicationGroupId")):
            yield Violation(cache, "a single cache cluster has neither TLS nor AUTH; declare a replication group")
        return
    enabled = cache.get("transitEncryptionEnabled")
    if enabled is not True:  # absent: AWS serves plaintext
        yield Violation(cache, f"transitEncryptionEnabled is {show(enabled)}; it must be true")
    mode = cache.get("transitEncryptionMode")
    if mode != "required":  # absent: required for a new group, but whatever it was for one that is migrated
        yield Violation(cache, f"transitEncryptionMode is {show(mode)}; it must be required")
    # A write-only token leaves nothing but its version in the state.
    if not any(present(cache.get(name)) for name in ("authTokenWo", "authTokenWoVersion", "authToken", "userGroupIds")):
        yield Violation(cache, "it admits anybody: give authTokenWo, or userGroupIds")
    if cache.get("authTokenUpdateStrategy") == "DELETE":  # absent: ROTATE
        yield Violation(cache, "authTokenUpdateStrategy must not be DELETE, which takes the token away")


_USER: Final = "aws:elasticache/user:User"
_CACHE_CLUSTER: Final = "aws:elasticache/cluster:Cluster"

LISTENERS_TLS: Final = GraphRule(
    about=Description(
        id="listeners-tls",
        title="Listeners speak TLS by a restricted policy; plain HTTP only redirects",
        severity=Severity.HIGH,
        frameworks=("FSBP ELB.1", "FSBP ELB.17", "FSBP ELB.18"),
        why="Sessions and tokens cross this hop, over networks that nobody here controls.",
        remediation="Give the listener protocol HTTPS, a certificate and a policy of the TLS13-1-2-Res or TLS13-1-3 "
        "family; let port 80 redirect, in its rules as in its default actions.",
    ),
    check=listeners_tls,
)
TARGET_GROUPS_TLS: Final = ResourceRule(
    about=Description(
        id="target-groups-tls",
        title="Balancers reach their targets, and check their health, by HTTPS",
        severity=Severity.HIGH,
        frameworks=("FSBP ELB.21", "FSBP ELB.22"),
        why="Encryption that ends at the balancer leaves the second half of the way open.",
        remediation="Set protocol and healthCheck.protocol to HTTPS and serve TLS in the pod.",
    ),
    types=frozenset(TARGET_GROUPS),
    check=target_groups_tls,
)
POSTGRES_FORCES_TLS: Final = GraphRule(
    about=Description(
        id="postgres-forces-tls",
        title="Every PostgreSQL instance refuses plaintext by the parameter group in force",
        severity=Severity.HIGH,
        frameworks=("FSBP RDS.38",),
        why="A client that forgets sslmode must fail, not fall back; a group attached to nothing forces nothing.",
        remediation="Set rds.force_ssl to 1 in a parameter group of the instance's major version and attach it to the "
        "primary and to each replica in another region.",
    ),
    check=postgres_forces_tls,
)
REDIS_TLS_AND_TOKEN: Final = ResourceRule(
    about=Description(
        id="redis-tls-and-token",
        title="Redis demands TLS and a token",
        severity=Severity.CRITICAL,
        frameworks=("FSBP ElastiCache.5", "FSBP ElastiCache.6"),
        why="The cache holds sessions and revoked tokens; mode preferred still answers plaintext.",
        remediation="Set transitEncryptionEnabled, transitEncryptionMode required, and authTokenWo or userGroupIds.",
    ),
    types=frozenset({"aws:elasticache/replicationGroup:ReplicationGroup", _CACHE_CLUSTER, _USER}),
    check=redis_tls_and_token,
)
