"""Which images stay, and what ECR may do to cache one."""

from __future__ import annotations

import json

from components.creation_template import creation_statements
from components.registry import lifecycle
from tests.iam import findings

KEY = "arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000000"
REPOSITORIES = "arn:aws:ecr:eu-west-1:111111111111:repository/tmi-dev/public/*"


def test_the_rule_for_any_image_comes_last() -> None:
    rules = json.loads(json.dumps(lifecycle(20)))["rules"]
    statuses = [(rule["rulePriority"], rule["selection"]["tagStatus"]) for rule in rules]
    assert statuses == [(1, "untagged"), (2, "any")]
    assert rules[1]["selection"]["countNumber"] == 20


def test_ecr_may_use_one_key_for_repositories_of_one_prefix() -> None:
    statements = creation_statements(REPOSITORIES, KEY)
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    assert findings(document) == []
    assert [statement["Resource"] for statement in statements] == [REPOSITORIES, KEY]
