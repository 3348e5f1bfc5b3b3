"""The procedures: each says what it takes, and each change of a stack file in them is one that the program accepts."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any, Final, cast

import kubernetes_validate
import pytest
import yaml

from components.server.isolation import BOOTSTRAP_LABELS
from components.settings import parse
from tests.stack_files import stack_file

RUNBOOKS: Final = Path(__file__).parents[2] / "docs" / "runbooks"
PROCEDURES: Final = {
    path.stem: path.read_text() for path in sorted(RUNBOOKS.glob("*.md")) if "**Procedure**" in path.read_text()
}
STACKS: Final = {"fail-over-to-recovery-region": "recovery"}
"""The file that a procedure changes, where it is not production's."""


def test_every_procedure_is_there() -> None:
    assert set(PROCEDURES) == {
        "fail-over-to-recovery-region",
        "notifications",
        "promote-replica",
        "reset-database",
        "restore-a-dump",
        "restore-from-snapshot",
        "restore-point-in-time",
        "rotate-a-secret",
    }


@pytest.mark.parametrize("name", PROCEDURES)
def test_it_says_what_to_look_at_before_what_to_do_how_to_check_it_and_how_to_go_back(name: str) -> None:
    headings = [line for line in PROCEDURES[name].splitlines() if line.startswith("## ")]
    assert (headings[0], headings[-2], headings[-1]) == ("## Before", "## Check", "## Go back")
    assert len(headings) >= 4


@pytest.mark.parametrize("name", PROCEDURES)
def test_what_it_links_to_is_there(name: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PROCEDURES[name])
    # The page of secrets is written by `python -m reference`.
    missing = {link for link in links if not (RUNBOOKS / link).exists()} - {"../reference/secrets.md"}
    assert missing == set()


def fragments(name: str) -> list[dict[str, Any]]:
    """Each change of the stack file, in order."""
    blocks = re.findall(r"^ *```yaml\n(.*?)^ *```", PROCEDURES[name], re.MULTILINE | re.DOTALL)
    return [cast("dict[str, Any]", yaml.safe_load(block)) for block in blocks]


def merged(whole: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """`whole` with what `change` says; a choice (`kind`) is replaced and not mixed with the one before."""
    result = dict(whole)
    for key, value in change.items():
        old = result.get(key)
        if isinstance(value, dict) and isinstance(old, dict) and "kind" not in value:
            result[key] = merged(cast("dict[str, Any]", old), cast("dict[str, Any]", value))
        else:
            result[key] = value
    return result


@pytest.mark.parametrize("name", [name for name in PROCEDURES if fragments(name)])
def test_the_program_accepts_every_change_one_after_the_other(name: str) -> None:
    document = stack_file(STACKS.get(name, "prod"))["config"]["tmi:stack"]
    for change in fragments(name):
        before = copy.deepcopy(document)
        document = merged(document, change)
        assert parse(document) != parse(before) or name == "fail-over-to-recovery-region"


def test_all_but_a_reset_change_the_stack_file() -> None:
    assert {name for name in PROCEDURES if not fragments(name)} == {"reset-database"}


def pod() -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load((RUNBOOKS / "psql.yaml").read_text()))


def test_the_pod_with_the_tools_is_valid_and_meets_the_restricted_standard() -> None:
    found = pod()
    kubernetes_validate.validate(found, "1.35", strict=True)
    (container,) = found["spec"]["containers"]
    assert found["spec"]["automountServiceAccountToken"] is False
    assert found["spec"]["securityContext"]["runAsNonRoot"] is True
    assert found["spec"]["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }


def test_the_pod_with_the_tools_has_the_labels_of_the_job_that_may_reach_the_database() -> None:

    assert pod()["metadata"]["labels"] == dict(BOOTSTRAP_LABELS)
    assert (
        pod()["spec"]["containers"][0]["image"].rsplit(":", 1)[1]
        == stack_file("prod")["config"]["tmi:stack"]["server"]["images"]["postgres"]
    )


def test_a_reset_touches_nothing_before_both_questions_are_answered() -> None:
    script = (RUNBOOKS / "reset-database.sql").read_text()
    answered = script.index("BEGIN;\nDROP")
    assert script.index("\\prompt") < script.index("\\if :is_meant") < script.index("\\if :is_idle") < answered
    assert script.startswith("--")
    assert "\\set ON_ERROR_STOP on" in script[:answered]
    assert not re.search(r"\b(DROP|DELETE|TRUNCATE|ALTER)\b", script[:answered])
