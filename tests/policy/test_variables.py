"""Variables of canaries and functions."""

from __future__ import annotations

import pytest

from policy.rules.workload.variables import VARIABLES_WITHOUT_SECRETS
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

ARN = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:canary"
PLACES = (
    ("aws:lambda/function:Function", "environment", "variables"),
    ("aws:synthetics/canary:Canary", "runConfig", "environmentVariables"),
)
TOLD = "environment variable number {}: it holds a credential"


@pytest.mark.parametrize(("token", "outer", "inner"), PLACES)
@pytest.mark.parametrize(
    ("variables", "numbers"),
    [
        ({"SITE": "https://tmi.example.com", "CLIENT_SECRET_ARN": ARN}, []),
        ({"SITE": "x", "CLIENT_SECRET": "swordfish"}, [2]),
        ({"CLIENT_SECRET": UNKNOWN}, [1]),
        ({"SITE": UNKNOWN}, []),
        ({"DATABASE": "postgres://tmi:swordfish@db/tmi"}, [1]),
        ({"A\nB": ["a list"]}, []),
        ({}, []),
        (None, []),
        (UNKNOWN, []),
        (["PASSWORD=swordfish"], []),
    ],
)
def test_variables_hold_no_credential(token: str, outer: str, inner: str, variables: Plain, numbers: list[int]) -> None:
    given = resource(token, "it", {outer: {inner: variables}})
    assert violations(VARIABLES_WITHOUT_SECRETS, given) == [("it", TOLD.format(number)) for number in numbers]
    assert violations(VARIABLES_WITHOUT_SECRETS, resource(token, "it", {outer: UNKNOWN})) == []
