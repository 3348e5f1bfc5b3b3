"""The table of network ACLs by itself: every request it admits has a way there and its answer a way back."""

from __future__ import annotations

from collections import Counter

import pytest

from components.address_plan import NetworkTier
from components.network_acls import ACLS, PATH_MTU_TIERS, AclRule

EPHEMERAL = (1024, 65_535)
BETWEEN_TIERS = [
    (NetworkTier.EDGE, NetworkTier.APP, 8443),
    (NetworkTier.APP, NetworkTier.ENDPOINTS, 443),
    (NetworkTier.APP, NetworkTier.DATA, 5432),
    (NetworkTier.APP, NetworkTier.DATA, 6379),
]
"""Every request that crosses from tier to tier."""


def admits(tier: NetworkTier, peer: NetworkTier, ports: tuple[int, int], *, egress: bool) -> bool:
    """Whether one rule of a tier covers those ports from or to a peer."""
    return any(
        rule.egress is egress
        and rule.peer in (peer, None)
        and (rule.ports is None or (rule.ports[0] <= ports[0] and ports[1] <= rule.ports[1]))
        for rule in ACLS[tier]
    )


def test_every_tier_has_rules() -> None:
    assert set(ACLS) == set(NetworkTier)


@pytest.mark.parametrize(("source", "target", "port"), BETWEEN_TIERS)
def test_a_request_passes_both_tiers(source: NetworkTier, target: NetworkTier, port: int) -> None:
    assert admits(source, target, (port, port), egress=True)
    assert admits(target, source, (port, port), egress=False)


@pytest.mark.parametrize(("source", "target"), {(source, target): None for source, target, _ in BETWEEN_TIERS})
def test_its_answer_passes_both_tiers_on_every_ephemeral_port(source: NetworkTier, target: NetworkTier) -> None:
    assert admits(target, source, EPHEMERAL, egress=True)
    assert admits(source, target, EPHEMERAL, egress=False)


@pytest.mark.parametrize("tier", [NetworkTier.ENDPOINTS, NetworkTier.DATA])
def test_closed_tiers_know_the_app_tier_alone(tier: NetworkTier) -> None:
    assert {rule.peer for rule in ACLS[tier]} == {NetworkTier.APP}
    assert tier not in PATH_MTU_TIERS


def test_closed_tiers_send_answers_alone() -> None:
    sent = {
        rule.ports for tier in (NetworkTier.ENDPOINTS, NetworkTier.DATA) for rule in ACLS[tier] if rule.egress is True
    }
    assert sent == {EPHEMERAL}


def test_only_the_app_tier_admits_every_protocol_and_only_to_itself() -> None:
    every = [(tier, rule.peer) for tier, rules in ACLS.items() for rule in rules if rule.ports is None]
    assert every == [(NetworkTier.APP, NetworkTier.APP)] * 2


def test_the_internet_is_let_in_on_two_ports_and_with_answers() -> None:
    def from_anywhere(rule: AclRule) -> bool:
        return not rule.egress and rule.peer is None

    ports = {tier: {rule.ports for rule in rules if from_anywhere(rule)} for tier, rules in ACLS.items()}
    assert ports == {
        NetworkTier.EDGE: {(80, 80), (443, 443), EPHEMERAL},
        NetworkTier.APP: {EPHEMERAL},
        NetworkTier.ENDPOINTS: set(),
        NetworkTier.DATA: set(),
    }


@pytest.mark.parametrize("tier", list(NetworkTier))
def test_numbers_and_names_are_unique_in_a_direction(tier: NetworkTier) -> None:
    for found in (
        Counter((rule.egress, rule.number) for rule in ACLS[tier]),
        Counter((rule.egress, rule.key) for rule in ACLS[tier]),
    ):
        assert set(found.values()) == {1}
