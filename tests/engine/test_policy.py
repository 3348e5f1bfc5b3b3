from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sandbox.errors import SandboxError
from tests.engine.harness import ROOT
from tests.engine.programs import LONG_RETENTION, QUEUES, queues

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import MakeProject

NEVER_SURE = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from policy.pack import Pack
from policy.rule import Description, GraphRule, Severity, Undecided
from policy.server import serve

about = Description(
    id="never-sure", title="Sure", severity=Severity.HIGH, frameworks=("WA x",), why="So.", remediation="Think."
)
serve(Pack([GraphRule(about=about, check=lambda graph: [Undecided(next(iter(graph)), "whether it is")])], ()))
"""


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


def test_a_policy_of_our_pack_is_turned_down_for_a_reason_alone(project: MakeProject, tmp_path: Path) -> None:
    stack = project(QUEUES, queues(good=600), policies=ROOT / "policy")
    stack.policy_config = tmp_path / "policies.json"

    def told(**policies: object) -> set[tuple[str, str, str]]:
        (tmp_path / "policies.json").write_text(
            json.dumps({name.replace("_", "-"): of for name, of in policies.items()})
        )
        found = stack.preview()
        assert (found.exit_code == 0) is not found.summary.refused, found.errors
        said = [(each.policy, each.level, each.message.rpartition("\n")[2]) for each in found.summary.violations]
        return {(policy, level, line) for policy, level, line in said if "exception from" not in line}

    reason = "what these queues hold is public"
    bare = "queues-good: kmsMasterKeyId must refer to a KMS key of this stack. "
    ((key, _, said), *more) = told(listeners_tls={"enforcementLevel": "mandatory"})
    assert (key, said.startswith(bare), more) == ("storage-customer-key", True, [])
    assert told(storage_customer_key={"enforcementLevel": "advisory", "reason": reason}) == {
        (key, "advisory", said),
        ("open-questions", "advisory", f"{key} is advisory: {reason}"),
    }
    stays = 'so it stays mandatory; give it a "reason" of 15 characters or more, or remove it'
    assert told(storage_customer_key="disabled", storage_customers_key="disabled") == {
        (key, "mandatory", said),
        ("configuration", "mandatory", f"storage-customers-key is no policy of this pack; did you mean {key}?"),
        ("configuration", "mandatory", f"{key} is set to disabled without a reason, {stays}"),
    }
    ((policy, level, line),) = told(all={"enforcementLevel": "disabled", "reason": reason})
    assert (policy, level, line.endswith(f" is disabled: {reason}")) == ("open-questions", "advisory", True)


def test_a_reason_that_says_nothing_is_refused_at_once(project: MakeProject, tmp_path: Path) -> None:
    stack = project(QUEUES, queues(good=600), policies=ROOT / "policy")
    stack.policy_config = tmp_path / "policies.json"
    stack.policy_config.write_text(json.dumps({"listeners-tls": {"enforcementLevel": "disabled", "reason": "later"}}))
    refused = stack.preview()
    assert refused.exit_code != 0
    assert "listeners-tls: reason: String length must be greater than or equal to 15" in str(refused.errors)


def test_what_is_open_in_a_preview_must_not_be_so_after_up(project: MakeProject) -> None:
    stack = project(QUEUES, queues(good=600), policies=NEVER_SURE)
    (remark,) = stack.preview().summary.violations
    assert (remark.policy, remark.level) == ("open-questions", "advisory")
    assert remark.message.endswith("1 undecided until the values are known: never-sure 1")
    up = stack.up()
    assert up.exit_code != 0
    (violation,) = [each for each in up.summary.violations if each.level == "mandatory"]
    assert violation.policy == "never-sure"
    assert "still open although all is deployed: whether it is. Think." in violation.message
    assert up.names == ["account", "queues", "queues-good"]
