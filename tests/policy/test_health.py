"""Health: targets, health checks of Route 53, and names."""

from __future__ import annotations

import pytest

from policy.rules.edge.health import HEALTH_CHECKS_ASK, NAMES_FOLLOW_HEALTH, TARGETS_CHECKED
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource
from tests.policy.pods import faults

MATCHER = "healthCheck.matcher must hold codes of success alone"
SLOW = "interval times unhealthyThreshold must be 300 s or less"
OFF = "healthCheck.enabled is {}; it must be true"


@pytest.mark.parametrize("token", ["aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup"])
@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (None, []),
        ({}, []),
        ({"enabled": True, "matcher": "200", "interval": 10, "unhealthyThreshold": 3}, []),
        ({"matcher": "200-299,301"}, []),
        ({"enabled": False}, [OFF.format("false")]),
        ({"enabled": UNKNOWN}, [OFF.format("unknown until it is deployed")]),
        ({"matcher": "200-499"}, [MATCHER]),
        ({"matcher": "404"}, [MATCHER]),
        ({"matcher": ""}, [MATCHER]),
        ({"matcher": 200}, [MATCHER]),
        ({"matcher": UNKNOWN}, [MATCHER]),
        ({"interval": 300}, [SLOW]),
        ({"interval": 60, "unhealthyThreshold": 5}, []),
        ({"interval": "30"}, [SLOW]),
        ({"unhealthyThreshold": UNKNOWN}, [SLOW]),
        (UNKNOWN, [OFF.format("unknown until it is deployed"), MATCHER, SLOW]),
    ],
)
def test_a_target_is_asked(token: str, check: Plain, expected: list[str]) -> None:
    assert faults(TARGETS_CHECKED, resource(token, "it", {"healthCheck": check})) == expected


def test_other_protocols_answer_otherwise() -> None:
    token = "aws:lb/targetGroup:TargetGroup"  # noqa: S105 -- a type token
    for given, passes in (
        ({"targetType": "lambda", "healthCheck": {"enabled": False}}, True),
        ({"protocolVersion": "GRPC", "healthCheck": {"matcher": "0"}}, True),
        ({"protocolVersion": "GRPC", "healthCheck": {"matcher": "0-99"}}, False),
        ({"protocolVersion": "HTTP1", "healthCheck": {"matcher": "0"}}, False),
    ):
        assert (faults(TARGETS_CHECKED, resource(token, "it", given)) == []) is passes


TYPE = "type must be HTTPS or HTTPS_STR_MATCH"
SNI = "enableSni must be true, or it is not this name's certificate that answers"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"type": "HTTPS"}, []),
        ({"type": "HTTPS_STR_MATCH", "enableSni": True, "disabled": False}, []),
        ({"type": "CALCULATED", "enableSni": False}, []),
        ({"type": "CLOUDWATCH_METRIC", "invertHealthcheck": True}, []),
        ({"type": "HTTP"}, [TYPE]),
        ({"type": "TCP"}, [TYPE]),
        ({}, [TYPE]),
        ({"type": UNKNOWN}, [TYPE]),
        ({"type": "HTTPS", "enableSni": False}, [SNI]),
        ({"type": "HTTPS", "enableSni": "true"}, [SNI]),
        ({"type": "HTTPS", "disabled": True}, ["disabled is true; it must be false"]),
        ({"type": "HTTPS", "invertHealthcheck": True}, ["invertHealthcheck is true; it must be false"]),
    ],
)
def test_a_health_check_asks_by_tls(given: dict[str, Plain], expected: list[str]) -> None:
    assert faults(HEALTH_CHECKS_ASK, resource("aws:route53/healthCheck:HealthCheck", "it", given)) == expected


BALANCER = resource("aws:lb/loadBalancer:LoadBalancer", "alb")


@pytest.mark.parametrize(
    ("aliases", "passes"),
    [
        ([{"evaluateTargetHealth": True}], True),
        ([{"evaluateTargetHealth": False}], False),
        ([{"name": UNKNOWN}], False),
        ([{"evaluateTargetHealth": True}, {"evaluateTargetHealth": "true"}], False),
        ([], True),
        (None, True),
        (UNKNOWN, False),
    ],
)
def test_a_name_follows_its_balancer(aliases: Plain, *, passes: bool) -> None:
    token = "aws:route53/record:Record"  # noqa: S105 -- a type token
    record = resource(token, "it", {"aliases": aliases}, aliases=BALANCER)
    assert (faults(NAMES_FOLLOW_HEALTH, BALANCER, record) == []) is passes
    assert faults(NAMES_FOLLOW_HEALTH, resource(token, "it", {"aliases": aliases})) == []
