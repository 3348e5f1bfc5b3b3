"""Who may speak to Redis: users with passwords, and whoever has the token."""

from __future__ import annotations

import pytest

from policy.rules.edge.transport import REDIS_TLS_AND_TOKEN
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations


@pytest.mark.parametrize(("value", "passes"), [(None, True), (False, True), (True, False), (UNKNOWN, False)])
def test_a_user_of_redis_has_a_password(value: Plain, *, passes: bool) -> None:
    user = resource("aws:elasticache/user:User", "it", {"noPasswordRequired": value})
    message = "noPasswordRequired must be false: a user without a password is anybody"
    assert violations(REDIS_TLS_AND_TOKEN, user) == ([] if passes else [("it", message)])


@pytest.mark.parametrize(("strategy", "passes"), [(None, True), ("ROTATE", True), ("SET", True), ("DELETE", False)])
def test_no_change_takes_the_token_away(strategy: Plain, *, passes: bool) -> None:
    known: dict[str, Plain] = {
        "transitEncryptionEnabled": True,
        "transitEncryptionMode": "required",
        "authTokenWo": UNKNOWN,
        "authTokenUpdateStrategy": strategy,
    }
    message = "authTokenUpdateStrategy must not be DELETE, which takes the token away"
    cache = resource("aws:elasticache/replicationGroup:ReplicationGroup", "it", known)
    assert violations(REDIS_TLS_AND_TOKEN, cache) == ([] if passes else [("it", message)])
