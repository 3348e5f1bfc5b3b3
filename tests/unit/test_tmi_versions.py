"""What is known about TMI's versions: a repaired one lifts the checks that its defect asked for."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import tmi_versions
from components.settings import InvalidSettingsError, parse
from components.tmi_versions import DEFECTS, Defect, has
from tests.pools import POOL
from tests.stack_files import STACKS, changed, document

TAGS = st.from_regex(r"v?[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(-[a-z0-9]{1,8})?", fullmatch=True)


def repaired(monkeypatch: pytest.MonkeyPatch, defect: Defect, version: str) -> None:
    known = {**DEFECTS, defect: replace(DEFECTS[defect], fixed_in=version)}
    monkeypatch.setattr(tmi_versions, "DEFECTS", MappingProxyType(known))


def test_every_defect_is_described() -> None:
    assert set(DEFECTS) == set(Defect)


@given(TAGS, st.sampled_from(Defect))
def test_what_nobody_repaired_every_version_has(tag: str, defect: Defect) -> None:
    assert DEFECTS[defect].fixed_in is not None or has(tag, defect)


@pytest.mark.parametrize("stack", STACKS)
def test_the_version_of_a_stack_file_can_be_compared(stack: str) -> None:
    assert has(document(stack)["server"]["images"]["tmi"], Defect.MEMORY_LEAK)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("1.8.22", True),
        ("1.9.9", True),
        ("1.10.0", False),
        ("v1.10.0", False),
        ("1.10.0-arm64", False),
        ("1.10.1", False),
        ("2.0.0", False),
        ("1.8.22-patched", True),
    ],
)
def test_a_repair_holds_from_its_version_on(
    monkeypatch: pytest.MonkeyPatch,
    tag: str,
    expected: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    repaired(monkeypatch, Defect.MEMORY_LEAK, "1.10.0")
    assert has(tag, Defect.MEMORY_LEAK) is expected
    assert has(tag, Defect.EVERY_PROCESS_DELIVERS)


@pytest.mark.parametrize("tag", ["", "latest", "1.8"])
def test_what_is_no_version_is_refused(monkeypatch: pytest.MonkeyPatch, tag: str) -> None:
    repaired(monkeypatch, Defect.MEMORY_LEAK, "1.10.0")
    with pytest.raises(ValueError, match=r"version must begin with three numbers, as 1\.8\.22 does, not"):
        has(tag, Defect.MEMORY_LEAK)


WEBHOOKS = {"kind": "enabled", "delivery": "once_unless_retried", "receivers": {"kind": "public"}}


@pytest.mark.parametrize(
    ("defect", "fields"),
    [
        (Defect.SETTINGS_KEY_LOSES_DELIVERIES, {"server__webhooks": WEBHOOKS}),
        (
            Defect.SETTINGS_KEY_LOSES_DELIVERIES,
            {"server__alerting": {"kind": "webhook", "url": "https://alerts.example.com"}},
        ),
        (
            Defect.EVERY_PROCESS_DELIVERS,
            {"server__webhooks": WEBHOOKS, "server__settings_encryption": False, "server__topology": POOL},
        ),
        (Defect.MEMORY_LEAK, {"server__hub_restart": {"kind": "none"}}),
        (Defect.MEMORY_LEAK, {"server__expected_load__other_requests_per_minute": 500}),
    ],
)
def test_a_repaired_version_lifts_the_check(
    monkeypatch: pytest.MonkeyPatch, defect: Defect, fields: dict[str, object]
) -> None:
    with pytest.raises(InvalidSettingsError):
        parse(changed("dev", **fields))
    repaired(monkeypatch, defect, "1.8.23")
    with pytest.raises(InvalidSettingsError):
        parse(changed("dev", **fields))
    assert parse(changed("dev", **fields, server__images__tmi="1.8.23")).server.images.tmi == "1.8.23"
