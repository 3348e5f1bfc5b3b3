"""TMI's environment: the names TMI reads, and the values that keep it safe."""

from __future__ import annotations

import re
from pathlib import Path

import pulumi_kubernetes as kubernetes
import pytest

from components.address_plan import AddressPlan
from components.server.environment import client_secret_variable, environment
from components.settings import parse
from tests.stack_files import changed, document
from tests.stacks.program import STACKS, recorded

TMI_READS = set(Path(__file__).with_name("tmi_variables.txt").read_text().splitlines()[1:])

GO_READS = {"GOMEMLIMIT"}
PROVIDER_READS = re.compile(
    "OAUTH_PROVIDERS_[A-Z0-9_]+?_(ENABLED|NAME|CLIENT_ID|CLIENT_SECRET|ISSUER|AUTHORIZATION_URL|TOKEN_URL|JWKS_URL|SCOPES"
    "|USERINFO_URL|USERINFO_CLAIMS_(SUBJECT|EMAIL|NAME)_CLAIM)"
)


def rendered(**fields: object) -> dict[str, str]:
    server = parse(changed("dev", **fields)).server
    return environment(
        server, domain="tmi.example.com", edge_cidrs=["10.0.0.0/24", "10.0.1.0/24"], idle_timeout_seconds=120
    )


def test_tmi_reads_every_name() -> None:
    unread = {
        name for name in rendered() if name not in TMI_READS | GO_READS and PROVIDER_READS.fullmatch(name) is None
    }
    assert unread == set()


def test_nothing_is_empty_since_tmi_takes_that_for_unset() -> None:
    assert [name for name, value in rendered().items() if not value] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TMI_BUILD_MODE", "production"),
        ("TMI_LOG_IS_DEV", "false"),
        ("TMI_AUTH_AUTO_PROMOTE_FIRST_USER", "false"),
        ("TMI_OTEL_ENABLED", "false"),
        ("TMI_SERVER_INTERFACE", "127.0.0.1"),
        ("TMI_SERVER_PORT", "443"),
        ("TMI_SERVER_TLS_SUBJECT_NAME", "tmi.example.com"),
        ("TMI_SERVER_TLS_KEY_FILE", "/run/tmi/tls/tls.key"),
        ("TMI_TRUSTED_PROXIES", "127.0.0.0/8,10.0.0.0/24,10.0.1.0/24"),
        ("TMI_DB_MAX_IDLE_CONNS", "10"),
        ("TMI_OAUTH_CALLBACK_URL", "https://tmi.example.com/oauth2/callback"),
        ("OAUTH_PROVIDERS_CORPORATE_ENABLED", "true"),
        ("OAUTH_PROVIDERS_CORPORATE_SCOPES", "openid,email,profile"),
        ("OAUTH_PROVIDERS_CORPORATE_USERINFO_CLAIMS_SUBJECT_CLAIM", "sub"),
        ("GOMEMLIMIT", "921MiB"),
    ],
)
def test_value(name: str, value: str) -> None:
    assert rendered()[name] == value


def test_secrets_come_by_file_where_tmi_dereferences_one() -> None:
    by_file = {name for name, value in rendered().items() if value.startswith("file://")}
    assert by_file == {"TMI_DATABASE_URL", "TMI_REDIS_PASSWORD", "TMI_JWT_SECRET"}


def test_origins_are_the_user_interfaces_and_callbacks_end_their_host() -> None:
    variables = rendered(server__user_interface_origins=["https://a.example.com", "https://b.example.com"])
    assert variables["TMI_CORS_ALLOWED_ORIGINS"] == "https://a.example.com,https://b.example.com"
    assert variables["WEBSOCKET_ALLOWED_ORIGINS"] == "https://a.example.com,https://b.example.com"
    assert variables["TMI_OAUTH_CLIENT_CALLBACK_ALLOWLIST"] == "https://a.example.com/*,https://b.example.com/*"


@pytest.mark.parametrize("stack", STACKS)
def test_tmi_believes_its_own_pod_and_the_edge_subnets_and_nobody_else(stack: str) -> None:
    network = parse(document(stack)).network
    edge = AddressPlan.of(network.cidr, network.zones).edge.values()
    variables = recorded(stack).one(kubernetes.core.v1.ConfigMap, "server-environment").inputs["data"]
    assert variables["TMI_TRUSTED_PROXIES"].split(",") == ["127.0.0.0/8", *map(str, edge)]


def test_tmi_keeps_idle_connections_longest() -> None:
    assert rendered()["TMI_SERVER_IDLE_TIMEOUT"] == "140s"


def test_hyphens_of_an_id_are_underscores_in_a_name() -> None:
    assert client_secret_variable("my-login") == "OAUTH_PROVIDERS_MY_LOGIN_CLIENT_SECRET"
