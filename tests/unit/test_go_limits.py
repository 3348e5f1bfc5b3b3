"""What Go is told about its container."""

from __future__ import annotations

import pytest

from components.server.go_limits import go_limits
from components.settings.resources import ResourceSettings


@pytest.mark.parametrize(("millis", "threads"), [(250, "1"), (1000, "1"), (1999, "1"), (2000, "2"), (4000, "4")])
def test_go_runs_on_the_whole_vcpus_that_are_reserved(millis: int, threads: str) -> None:
    assert go_limits(ResourceSettings(cpu_millis=millis, memory_mib=1024))["GOMAXPROCS"] == threads


def test_go_collects_harder_before_the_kernel_kills() -> None:
    assert go_limits(ResourceSettings(cpu_millis=1000, memory_mib=1000))["GOMEMLIMIT"] == "900MiB"
