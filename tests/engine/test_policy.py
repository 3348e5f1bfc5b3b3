from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.errors import SandboxError
from tests.engine.programs import LONG_RETENTION, QUEUES, queues

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import MakeProject


def test_a_violation_is_refused_before_anything_is_created(project: MakeProject) -> None:
    stack = project(QUEUES, queues(good=600, bad=60), policies=LONG_RETENTION)
    for refused in (stack.preview(), stack.up()):
        assert refused.exit_code != 0
        (violation,) = refused.summary.violations
        assert (violation.pack, violation.policy, violation.level) == ("retention", "long-retention", "mandatory")
        assert violation.urn.endswith("::queues-bad")
        assert violation.message.endswith("keep messages for 600 s or longer")
        assert refused.names == []
        assert refused.errors == []


def test_a_good_stack_is_let_through_and_the_verdict_says_by_whom(project: MakeProject) -> None:
    stack = project(QUEUES, queues(good=600), policies=LONG_RETENTION)
    created = stack.up()
    assert created.exit_code == 0
    assert created.summary.packs.keys() == {"retention"}
    assert created.summary.policies == {"long-retention"}
    assert created.names == ["account", "queues", "queues-good"]


def test_a_project_without_its_pack_is_not_run(project: MakeProject, tmp_path: Path) -> None:
    stack = project(QUEUES, queues(good=600), policies=tmp_path / "nowhere")
    with pytest.raises(SandboxError, match=r"there is no policy pack in .*nowhere: every run enforces one"):
        stack.up()
    assert stack.deployment is not None
    assert stack.deployment.get("resources") is None
