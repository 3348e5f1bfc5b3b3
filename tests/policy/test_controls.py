"""Every control of the frameworks is covered by a rule, or left out for a reason; nothing is both."""

from __future__ import annotations

import re

from policy.controls import KNOWN, LEFT_OUT, NAMED, PREFIXES
from policy.rules import RULES

COVERED = {control for rule in RULES for control in rule.about.frameworks}
IDS = {rule.about.id for rule in RULES}


def test_none_is_missing() -> None:
    assert sorted(KNOWN - COVERED - LEFT_OUT.keys()) == []


def test_none_is_excused_that_a_rule_covers() -> None:
    assert sorted(COVERED & LEFT_OUT.keys()) == []


def test_none_is_excused_that_nobody_asks_for() -> None:
    assert sorted(LEFT_OUT.keys() - KNOWN) == []


def test_every_control_is_of_a_known_framework() -> None:
    pattern = re.compile(rf"(?:{'|'.join(PREFIXES)}) \S.*")
    assert [each for each in sorted(COVERED | KNOWN) if not pattern.fullmatch(each)] == []


def test_ids_that_rules_name_exist() -> None:
    """Of the services whose controls are listed whole; others are named by rules alone."""
    listed = {each.rpartition(".")[0] for each in KNOWN if each.startswith("FSBP")}
    found = {each for each in COVERED if each.startswith("FSBP") and each.rpartition(".")[0] in listed}
    assert sorted(found - KNOWN) == []


def test_what_has_no_id_is_held_by_rules_that_exist() -> None:
    assert {rule for rules in NAMED.values() for rule in rules} - IDS == set()
    assert all(NAMED.values())


def test_every_reason_says_something() -> None:
    assert [each for each, reason in LEFT_OUT.items() if len(reason.split()) < 3] == []
