"""The table of routes: it sends every real request the right way, in words that each of its readers understands."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from components.server.routes import HUB, REFUSED, Destination, destination, rules
from tests.tmi_requests import REQUESTS, Request

PATTERNS = [route.path for group in (*REFUSED, *HUB) for route in group.routes]
PATHS = st.one_of(
    st.sampled_from([request.path for request in REQUESTS]),
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=60).map("/".__add__),
)


@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_a_real_request_goes_where_it_must(request_: Request) -> None:
    assert destination(request_.method, request_.path, pool=True) is request_.destination


def test_without_a_pool_the_hub_answers_what_is_not_refused() -> None:
    for request in REQUESTS:
        refused = request.destination is Destination.REFUSED
        expected = Destination.REFUSED if refused else Destination.HUB
        assert destination(request.method, request.path, pool=False) is expected, request


def test_the_table_is_the_whole_of_tmi() -> None:
    found = Counter(request.destination for request in REQUESTS)
    assert found == snapshot({Destination.POOL: 324, Destination.HUB: 43, Destination.REFUSED: 12})
    assert len(REQUESTS) == len({str(request) for request in REQUESTS})


def test_head_goes_where_get_goes() -> None:
    for request in REQUESTS:
        get, head = (destination(method, request.path, pool=True) for method in ("GET", "HEAD"))
        assert get is head, request


def test_every_route_serves_a_real_request() -> None:
    idle = [pattern for pattern in PATTERNS if not any(re.search(pattern, request.path) for request in REQUESTS)]
    assert idle == []


def test_every_route_has_a_reason_and_its_source() -> None:
    reasons = [route.reason for group in (*REFUSED, *HUB) for route in group.routes]
    assert len(reasons) == len(PATTERNS)
    assert [reason for reason in reasons if not re.search(r"\. Source: TMI, [a-z_/]+\.go\.$", reason)] == []


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_is_of_the_subset_that_all_readers_share(pattern: str) -> None:
    plain = re.sub(r"\[\^/\]\+|\(/\.\*\)\?|\.\*|/\?", "", pattern)
    assert re.fullmatch(r"\^[a-z_2/-]+\$", plain)


@given(path=PATHS)
def test_a_pattern_finds_only_whole_paths(path: str) -> None:
    for pattern in PATTERNS:
        assert bool(re.search(pattern, path)) == bool(re.fullmatch(pattern, path))


@given(path=PATHS)
def test_a_slash_at_the_end_changes_nothing_on_a_route(path: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        way = destination(method, path, pool=True)
        if way is not Destination.POOL:
            assert destination(method, f"{path}/", pool=True) is way or path.endswith("/")


@given(path=PATHS, below=st.text("abc/.", max_size=20))
def test_what_is_refused_is_refused_with_all_below_it(path: str, below: str) -> None:
    assert destination("GET", f"/dev/{below}", pool=True) is Destination.REFUSED
    if destination("GET", path, pool=True) is Destination.REFUSED:
        assert destination("POST", f"{path}/{below}", pool=False) is Destination.REFUSED


def test_priorities_stay_as_they_are_and_leave_room() -> None:
    found = {group.name: group.priority for group, _ in rules(pool=True)}
    assert found == snapshot(
        {
            "refused-notifications": 10,
            "refused-internals": 20,
            "collaboration": 110,
            "sessions": 120,
            "diagram-writes": 130,
            "threat-model-deletion": 140,
            "logins": 150,
            "saml": 160,
            "timmy": 170,
            "pool": 1000,
        }
    )


def test_refused_groups_come_before_all_others() -> None:
    order = [way for _, way in sorted(rules(pool=True), key=lambda rule: rule[0].priority)]
    assert order == [Destination.REFUSED] * len(REFUSED) + [Destination.HUB] * len(HUB) + [Destination.POOL]
    assert [way for _, way in rules(pool=False)] == [Destination.REFUSED] * len(REFUSED)
