"""A policy is turned down by its name, for a reason, and not otherwise."""

from __future__ import annotations

import pytest

from policy.configuration import Configuration, Level, Setting, configured

OWN = {"data-closed": Level.MANDATORY, "logs-kept": Level.MANDATORY, "report": Level.ADVISORY}
FIXED = frozenset({"report"})
REASON = "the auditors asked for it in June"
WAY_OUT = 'give it a "reason" of 15 characters or more, or remove it'


def of(**sent: Setting) -> Configuration:
    """What holds once the engine has merged these into the pack's own levels."""
    merged = {name: Setting(level) for name, level in OWN.items()}
    if everything := sent.get("all"):
        merged = {name: Setting(everything.level) for name in OWN}
    return configured(OWN, FIXED, merged | {name.replace("_", "-"): setting for name, setting in sent.items()})


def test_nothing_set_changes_nothing() -> None:
    assert of() == configured(OWN, FIXED, {}) == Configuration(OWN)


@pytest.mark.parametrize("level", [Level.ADVISORY, Level.DISABLED])
def test_a_reason_turns_a_policy_down_and_is_told(level: Level) -> None:
    assert of(logs_kept=Setting(level, REASON)) == Configuration(
        {**OWN, "logs-kept": level}, (f"logs-kept is {level}: {REASON}",)
    )


@pytest.mark.parametrize("level", [Level.ADVISORY, Level.DISABLED])
@pytest.mark.parametrize("reason", ["", "later", " " * 40], ids=repr)
def test_without_a_reason_it_stays(level: Level, reason: str) -> None:
    said = f"logs-kept is set to {level} without a reason, so it stays mandatory; {WAY_OUT}"
    assert of(logs_kept=Setting(level, reason)) == Configuration(OWN, (), (said,))


def test_a_reason_for_what_is_mandatory_is_no_fault() -> None:
    assert of(logs_kept=Setting(Level.MANDATORY, REASON)) == Configuration(OWN)


def test_one_reason_may_stand_for_all() -> None:
    held = of(all=Setting(Level.ADVISORY, REASON), logs_kept=Setting(Level.DISABLED, "nothing is logged in this stack"))
    assert held.levels == {"data-closed": Level.ADVISORY, "logs-kept": Level.DISABLED, "report": Level.ADVISORY}
    assert held.turned_down == (
        "logs-kept is disabled: nothing is logged in this stack",
        f"whatever else there is (1) is advisory: {REASON}",
    )
    assert held.faults == ()


def test_all_without_a_reason_is_one_fault() -> None:
    held = of(all=Setting(Level.DISABLED))
    assert (held.levels, held.turned_down) == (OWN, ())
    assert held.faults == (f"all is set to disabled without a reason, so every policy stays; {WAY_OUT}",)


def test_a_reason_of_its_own_needs_none_of_all() -> None:
    held = of(all=Setting(Level.DISABLED), logs_kept=Setting(Level.DISABLED, REASON))
    assert held.levels == {**OWN, "logs-kept": Level.DISABLED}
    assert held.turned_down == (f"logs-kept is disabled: {REASON}",)
    assert len(held.faults) == 1


def test_the_reason_of_all_is_none_for_another_level() -> None:
    held = of(all=Setting(Level.ADVISORY, REASON), logs_kept=Setting(Level.DISABLED))
    assert held.levels["logs-kept"] is Level.MANDATORY
    assert held.faults == (f"logs-kept is set to disabled without a reason, so it stays mandatory; {WAY_OUT}",)


def test_what_reports_the_rest_cannot_be_turned_off() -> None:
    held = of(report=Setting(Level.DISABLED, REASON))
    assert held == Configuration(OWN, (), ("report is set to disabled, but says its part always: remove it",))
    assert of(all=Setting(Level.DISABLED, REASON)).levels["report"] is Level.ADVISORY


def test_a_policy_may_be_made_stricter() -> None:
    assert of(report=Setting(Level.MANDATORY)).levels == {**OWN, "report": Level.MANDATORY}


def test_a_name_that_is_none_is_a_fault() -> None:
    held = of(log_kept=Setting(Level.DISABLED, REASON), nonsense=Setting(Level.MANDATORY))
    assert held == Configuration(
        OWN,
        (),
        (
            "log-kept is no policy of this pack; did you mean logs-kept?",
            "nonsense is no policy of this pack; remove it",
        ),
    )
