"""The rules over objects of a cluster in which something deep inside is unknown or of a wrong kind."""

from __future__ import annotations

import pytest

from policy.graph import Graph
from policy.rule import Violation, findings
from policy.rules import RULES
from policy.rules.workload.pods import PODS_RESTRICTED
from policy.values import UNKNOWN, Plain
from tests.policy.hostile import paths
from tests.policy.mutations.changing import with_value
from tests.policy.program.whole import recorded
from tests.policy.recorded import graph_of_cloud

ABOUT_OBJECTS = RULES[RULES.index(PODS_RESTRICTED) :]
SECRET = "swordfish-in-a-wrong-place"  # noqa: S105 -- looked for in messages


@pytest.mark.parametrize("value", [UNKNOWN, [SECRET], {SECRET: SECRET}], ids=repr)
def test_nothing_deep_inside_breaks_a_rule_nor_is_quoted(value: Plain) -> None:
    graph = graph_of_cloud(recorded(preview=False))
    objects = [each for each in graph if each.type.startswith("kubernetes:")]
    changes = [(each, path) for each in objects for path in paths(each.properties) if len(path) > 1]
    assert len(changes) > len(objects)
    for each, path in changes:
        changed = Graph(with_value(graph, each, path, value).resources)
        for rule in ABOUT_OBJECTS:
            for finding in findings(rule, changed):
                assert not isinstance(finding, Violation) or SECRET not in finding.message
