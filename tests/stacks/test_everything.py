"""The program with everything of TMI on: what the committed stack files leave off has its place all the same."""

from __future__ import annotations

import runpy
from functools import cache

import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.settings import parse
from reference.secrets import names
from tests.cloud import Cloud, run
from tests.full_settings import FULL, SECRETS
from tests.stack_files import ROOT


@cache
def everything() -> Cloud:
    return run(
        lambda: runpy.run_path(str(ROOT / "__main__.py")), stack="dev", config={"tmi:stack": FULL}, secrets=SECRETS
    )


def test_every_secret_is_kept_and_on_the_page() -> None:
    made = sorted(str(secret.parent) for secret in everything().of(aws.secretsmanager.Secret))
    assert made == sorted(names(parse(FULL)))


def test_no_value_that_was_given_is_in_the_clear() -> None:
    given = {value for entries in SECRETS.values() for value in entries.values()}
    maps = [str(each.inputs["data"]) for each in everything().of(kubernetes.core.v1.ConfigMap)]
    assert [value for value in given if any(value in text for text in maps)] == []
