"""Violations that are accepted for a while: each with a reason, an owner and an end.

An exception takes a violation out of the way of a deployment and puts itself into the report instead. One that has
expired no longer helps, and one that matches no violation is dead wood: both are violations themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Final

from policy.graph import Graph, Resource
from policy.rule import Rule, Violation, findings


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyException:
    """Accepts what one rule says about some resources of one stack."""

    rule: str
    """The rule's id."""
    stack: str
    """Pattern over `project/name`; `tmi/*` for an exception that every stack of the platform needs."""
    resource: str
    """Pattern over `type::name` with `*` and `?`, such as `aws:cloudwatch/logGroup:LogGroup::canary-*`."""
    reason: str
    owner: str
    """Who answers for it: a team or an address."""
    expires: date
    """The last day on which it holds."""

    def covers(self, rule: str, resource: Resource, today: date) -> bool:
        """Whether it accepts a violation of `rule` by `resource` today."""
        return self.rule == rule and today <= self.expires and self._matches(resource)

    def _matches(self, resource: Resource) -> bool:
        return self.concerns([resource.stack]) and fnmatchcase(f"{resource.type}::{resource.name}", self.resource)

    def concerns(self, stacks: Iterable[str]) -> bool:
        """Whether it is meant for one of these stacks."""
        return any(fnmatchcase(stack, self.stack) for stack in stacks)

    def __str__(self) -> str:
        return f"exception from {self.rule} for {self.resource} in {self.stack} ({self.owner}, until {self.expires})"


EXCEPTIONS: Final[tuple[PolicyException, ...]] = (
    PolicyException(
        rule="namespaces-restricted",
        stack="tmi/*",
        resource="kubernetes:core/v1:Namespace::add-ons-logging",
        reason="the agents of CloudWatch Observability read logs and metrics from the node's own file system, which "
        "Pod Security restricted forbids; nothing else runs in their namespace",
        owner="tmi-operators@example.com",
        expires=date(2027, 11, 30),
    ),
    PolicyException(
        rule="secrets-read-in-place",
        stack="tmi/*",
        resource="kubernetes:rbac.authorization.k8s.io/v1:ClusterRole::add-ons-secrets-driver-watch",
        reason="the Secrets Store CSI driver watches the Secrets it keeps in step by one watch over the whole cluster; "
        "it writes in TMI's namespace alone",
        owner="tmi-operators@example.com",
        expires=date(2027, 11, 30),
    ),
    PolicyException(
        rule="network-policies-narrow",
        stack="tmi/*",
        resource="kubernetes:networking.k8s.io/v1:NetworkPolicy::add-ons-*-traffic",
        reason="add-ons of EKS are called by the Kubernetes API and call it, kubelets and AWS, whose addresses nobody "
        "states; the pods' security group does",
        owner="tmi-operators@example.com",
        expires=date(2027, 11, 30),
    ),
)
"""All that is accepted at present."""


def in_force(exceptions: Sequence[PolicyException], graph: Graph, today: date) -> list[PolicyException]:
    """The exceptions that hold today in the stack of this graph."""
    stacks = {resource.stack for resource in graph}
    return [exception for exception in exceptions if exception.concerns(stacks) and today <= exception.expires]


def faults(
    exceptions: Sequence[PolicyException], rules: Collection[Rule], graph: Graph, today: date
) -> Iterator[tuple[PolicyException, str]]:
    """What is wrong with exceptions, judged over the stack they are meant for."""
    by_id = {rule.about.id: rule for rule in rules}
    stacks = {resource.stack for resource in graph}
    for exception in exceptions:
        rule = by_id.get(exception.rule)
        if rule is None:
            yield exception, "names no rule of this pack"
        elif exception.concerns(stacks):
            if today > exception.expires:
                yield exception, "has expired: fix the resource, or renew the decision"
            elif not any(
                isinstance(finding, Violation) and exception.covers(exception.rule, finding.resource, today)
                for finding in findings(rule, graph)
            ):
                yield exception, "matches no violation: remove it"
