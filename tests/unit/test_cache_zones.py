"""Where the nodes of the cache stand, and which parameters fit them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cache import family, member_zones
from components.settings.data import CacheEngine, RedisEngine, ValkeyEngine

ZONES = st.lists(st.sampled_from("abcd"), min_size=2, max_size=4, unique=True)


@given(zones=ZONES, nodes=st.integers(min_value=1, max_value=6))
def test_nodes_are_spread_as_evenly_as_may_be(zones: list[str], nodes: int) -> None:
    placed = member_zones(zones, nodes)
    counts = [placed.count(zone) for zone in zones]
    assert len(placed) == nodes
    assert max(counts) - min(counts) <= 1
    assert placed[0] == zones[0]


@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        (RedisEngine(kind="redis", version="7.1"), "redis7"),
        (ValkeyEngine(kind="valkey", version="8.0"), "valkey8"),
        (ValkeyEngine(kind="valkey", version="8.2"), "valkey8"),
    ],
)
def test_engine_and_major_decide_the_family(engine: CacheEngine, expected: str) -> None:
    assert family(engine) == expected
