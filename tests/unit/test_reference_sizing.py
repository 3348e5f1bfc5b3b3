"""The page of sizes says what the rules of the stack file go by."""

from __future__ import annotations

from components.settings import parse
from reference import sizing
from tests.pools import POOL
from tests.stack_files import changed


def figures(**fields: object) -> dict[str, tuple[str, str]]:
    return {figure: (value, bound) for figure, value, bound in sizing.rows(parse(changed("dev", **fields)))}


def test_one_pod_serves_everything() -> None:
    found = figures()
    assert found["processes of TMI"] == ("1", "")
    assert found["connections to PostgreSQL `main`"] == ("32", "315 of the 450 of db.t4g.medium")
    assert found["hours until the pod is full"] == ("67", "1024 MiB at 30 a minute")
    assert found["its restarts"][0] == "`0 3 * * *`"
    assert not any("pool" in figure for figure in found)


def test_a_pool_has_figures_of_its_own() -> None:
    found = figures(server__topology=POOL, server__expected_load__other_requests_per_minute=600)
    assert found["processes of TMI"] == ("6", "")
    assert found["connections to PostgreSQL `main`"][0] == "87"
    assert found["hours until the hub is full"] == ("400", "1024 MiB at 5 a minute")
    assert found["hours until a pod of the pool is full"] == ("7", "1024 MiB at 300 a minute")
    assert found["restarts of the pool"][0] == "every 3 h"
    assert found["pods of the pool at the peak"] == ("2", "2 to 4")


def test_every_replica_is_on_it() -> None:
    rows = sizing.rows(parse(changed("prod")))
    assert [figure for figure, *_ in rows if "PostgreSQL" in figure] == [
        "connections to PostgreSQL `main`",
        "connections to PostgreSQL `main`, replica `reporting`",
        "connections to PostgreSQL `main`, replica `standby`",
    ]


def test_each_stack_has_a_section() -> None:
    headings = [line for line in sizing.page().splitlines() if line.startswith("## ")]
    assert headings[:3] == ["## dev", "## prod", "## recovery"]
