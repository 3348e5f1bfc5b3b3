"""Faults that real stacks have had are found, each by the rule that is about it, in a preview already."""

from __future__ import annotations

import pytest

from policy.rule import Violation, findings
from policy.rules import RULES
from tests.policy.planted.defects import DEFECTS, Defect
from tests.policy.planted.program import recorded
from tests.policy.recorded import graph_of_cloud

ABOUT = {rule.about.id: rule for rule in RULES}
GRAPHS = {preview: graph_of_cloud(recorded(preview=preview)) for preview in (True, False)}


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "deployed"])
@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.what)
def test_a_defect_is_found(defect: Defect, *, preview: bool) -> None:
    found = [each for each in findings(ABOUT[defect.rule], GRAPHS[preview]) if isinstance(each, Violation)]
    assert [each.message for each in found if each.resource.name == defect.resource and defect.says in each.message]
