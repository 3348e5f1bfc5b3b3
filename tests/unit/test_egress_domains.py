"""Which names are let through, for the platform and for TMI."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from components.egress_domains import aws_domains, condensed, destinations, hosts, resolvable
from components.settings import parse
from components.settings.names import covers
from components.settings.network import AllowListEgress, OpenEgress
from components.settings.server import ServerSettings
from tests.full_settings import full
from tests.stack_files import changed

OPEN = OpenEgress(kind="open")


def allow_list(*domains: str) -> AllowListEgress:
    return AllowListEgress(kind="allow_list", domains=domains, fail_closed=True)


def server(**fields: object) -> ServerSettings:
    return parse(changed("dev", **fields)).server


def in_reach(region: str, name: str) -> bool:
    return any(covers(pattern, name) for pattern in resolvable(region, OPEN, server()))


@pytest.mark.parametrize(
    "name",
    [
        "ec2.eu-west-1.amazonaws.com",
        "eks.eu-west-1.amazonaws.com",
        "eks-auth.eu-west-1.api.aws",
        "sts.eu-west-1.amazonaws.com",
        "api.ecr.eu-west-1.amazonaws.com",
        "111111111111.dkr.ecr.eu-west-1.amazonaws.com",
        "prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com",
        "secretsmanager.eu-west-1.amazonaws.com",
        "kms.eu-west-1.amazonaws.com",
        "logs.eu-west-1.amazonaws.com",
        "monitoring.eu-west-1.amazonaws.com",
        "xray.eu-west-1.amazonaws.com",
        "EXAMPLE.gr7.eu-west-1.eks.amazonaws.com",
        "tmi-prod-main.example.eu-west-1.rds.amazonaws.com",
        "master.tmi-prod.example.euw1.cache.amazonaws.com",
        "ip-10-64-0-7.eu-west-1.compute.internal",
        "login.example.com.eu-west-1.compute.internal",
    ],
)
def test_what_the_platform_calls_is_looked_up(name: str) -> None:
    assert in_reach("eu-west-1", name)


@pytest.mark.parametrize(
    "name",
    [
        "example.org",
        "amazonaws.com",
        "sts.amazonaws.com",
        "bucket.s3.amazonaws.com",
        "distribution.cloudfront.net",
        "eu-west-1.amazonaws.com.example.org",
        "badeu-west-1.amazonaws.com",
        "ec2.eu-central-1.amazonaws.com",
        "7.0.64.10.in-addr.arpa",
    ],
)
def test_nothing_else_is(name: str) -> None:
    assert not in_reach("eu-west-1", name)


def test_instances_of_virginia_have_names_of_their_own() -> None:
    assert in_reach("us-east-1", "ip-10-64-0-7.ec2.internal")
    assert not in_reach("us-east-1", "ip-10-64-0-7.us-east-1.compute.internal")
    assert not in_reach("eu-west-1", "ip-10-64-0-7.ec2.internal")


def test_every_name_of_aws_says_why() -> None:
    for domain in aws_domains("eu-west-1"):
        assert domain.pattern.startswith("*.")
        assert "{" not in domain.pattern
        assert domain.why.endswith(".")


def test_the_whole_list_of_a_stack() -> None:
    egress = allow_list("hooks.example.com", "*.eu-west-1.amazonaws.com")
    assert resolvable("eu-west-1", egress, server()) == snapshot(
        (
            "*.cache.amazonaws.com",
            "*.eu-west-1.amazonaws.com",
            "*.eu-west-1.api.aws",
            "*.eu-west-1.compute.internal",
            "*.eu-west-1.eks.amazonaws.com",
            "*.eu-west-1.rds.amazonaws.com",
            "hooks.example.com",
            "login.example.com",
        )
    )


def test_tmi_connects_to_its_providers_and_to_what_is_listed() -> None:
    other = {
        "server__oauth_providers__corporate__jwks_url": "https://keys.example.net/jwks",
        "server__oauth_providers__corporate__userinfo_url": "https://graph.example.net",
    }
    egress = allow_list("hooks.example.com", "*.example.net")
    assert destinations(egress, server(**other)) == ("*.example.net", "hooks.example.com", "login.example.com")


def test_no_name_at_all_is_not_every_name() -> None:
    assert destinations(OPEN, server()) is None
    assert destinations(allow_list(), server()) == ("login.example.com",)


@pytest.mark.parametrize("field", ["issuer", "authorization_url", "token_url", "jwks_url", "userinfo_url"])
def test_every_address_of_a_provider_counts(field: str) -> None:
    path = f"server__oauth_providers__corporate__{field}"
    assert "elsewhere.example.com" in hosts(server(**{path: "https://elsewhere.example.com/x"}))


def test_whoever_the_settings_name_is_let_through() -> None:
    assert destinations(allow_list(), full()) == snapshot(
        (
            "*.docs.example.com",
            "accounts.google.com",
            "alerts.example.com",
            "api.atlassian.com",
            "api.github.com",
            "auth.atlassian.com",
            "git.example.com",
            "github.com",
            "graph.microsoft.com",
            "login.example.com",
            "login.microsoftonline.com",
            "models.example.com",
            "oauth2.googleapis.com",
            "openidconnect.googleapis.com",
            "wiki.example.com",
            "www.googleapis.com",
        )
    )


@pytest.mark.parametrize(
    ("pattern", "domain", "expected"),
    [
        ("example.com", "example.com", True),
        ("example.com", "www.example.com", False),
        ("*.example.com", "www.example.com", True),
        ("*.example.com", "a.www.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "badexample.com", False),
        ("*.example.com", "*.example.com", True),
        ("*.example.com", "*.www.example.com", True),
        ("*.www.example.com", "*.example.com", False),
        ("www.example.com", "*.www.example.com", False),
    ],
)
def test_what_a_pattern_covers(
    pattern: str,
    domain: str,
    expected: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    assert covers(pattern, domain) is expected


NAMES = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=4).map(lambda labels: ".".join([*labels, "d"]))
PATTERNS = st.one_of(NAMES, NAMES.map(lambda name: f"*.{name}"))


@given(st.lists(PATTERNS), st.lists(NAMES, min_size=1))
def test_condensing_changes_no_answer(patterns: list[str], names: list[str]) -> None:
    fewer = condensed(patterns)
    for name in [*names, *(pattern.replace("*", "a") for pattern in patterns)]:
        assert any(covers(one, name) for one in fewer) is any(covers(one, name) for one in patterns)


@given(st.lists(PATTERNS))
def test_condensed_is_as_short_as_can_be_and_does_not_depend_on_the_order(patterns: list[str]) -> None:
    fewer = condensed(patterns)
    assert list(fewer) == sorted(set(fewer))
    assert not [one for one in fewer for other in fewer if one != other and covers(one, other)]
    assert condensed(reversed(patterns)) == fewer == condensed(fewer)
