"""Regular expressions of the web firewall against what they stand for."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from components.web_firewall.patterns import (
    JSON_MEDIA_TYPE,
    LOGIN_PATHS,
    ROOT_PATH,
    TOKEN_PATHS,
    WEBSOCKET_PATHS,
    number_above,
)

MIB = 1024 * 1024
LONGEST = 512  # AWS WAFV2 API Reference, RegexMatchStatement


def found(pattern: str, text: str) -> bool:
    return re.search(pattern, text) is not None


@given(limit=st.integers(0, 10**12), number=st.integers(0, 10**14), zeros=st.integers(0, 5))
@example(limit=0, number=0, zeros=0)
@example(limit=9, number=10, zeros=0)
@example(limit=999, number=1000, zeros=1)
def test_it_matches_what_is_greater(limit: int, number: int, zeros: int) -> None:
    assert found(number_above(limit), "0" * zeros + str(number)) is (number > limit)


@given(limit=st.integers(0, 10**9), step=st.integers(-3, 3))
def test_it_is_exact_around_the_limit(limit: int, step: int) -> None:
    number = max(0, limit + step)
    assert found(number_above(limit), str(number)) is (number > limit)


@given(limit=st.integers(0, 10**9), text=st.text(alphabet="0123456789 +-,.xeE", min_size=1))
def test_it_matches_nothing_but_numbers(limit: int, text: str) -> None:
    assert found(number_above(limit), text) is (text.isdigit() and int(text) > limit)


@pytest.mark.parametrize("text", ["", "abc", "+99999999", "-99999999", "99999999, 1", "0x5f5e0ff", "9e9", " 99999999"])
def test_what_is_no_length_is_left_to_the_load_balancer(text: str) -> None:
    assert found(number_above(MIB), "99999999")
    assert not found(number_above(MIB), text)


@pytest.mark.parametrize("mebibytes", range(1, 65))
def test_waf_takes_every_limit_of_the_stack_file(mebibytes: int) -> None:
    pattern = number_above(mebibytes * MIB)
    assert len(pattern) <= LONGEST
    assert re.search(r"\((?!\?:)", pattern) is None  # WAF knows no capturing groups
    assert not found(pattern, str(mebibytes * MIB))
    assert found(pattern, str(mebibytes * MIB + 1))


@pytest.mark.parametrize("pattern", [JSON_MEDIA_TYPE, ROOT_PATH, LOGIN_PATHS, TOKEN_PATHS, WEBSOCKET_PATHS])
def test_waf_takes_the_constants(pattern: str) -> None:
    assert len(pattern) <= LONGEST
    assert re.search(r"\((?!\?:)", pattern) is None


@pytest.mark.parametrize(
    ("media_type", "json"),
    [
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        ("application/json;charset=utf-8", True),
        ("application/json-patch+json", True),
        ("application/jsonp", False),
        ("application/json-seq", False),
        ("application/json text/html", False),
        ("text/html; application/json", False),
        ("application/x-www-form-urlencoded", False),
        ("multipart/form-data; boundary=x", False),
        ("text/plain", False),
        ("", False),
    ],
)
def test_media_types(media_type: str, json: bool) -> None:  # noqa: FBT001 -- a column of the table
    assert found(JSON_MEDIA_TYPE, media_type) is json
