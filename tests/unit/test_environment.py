"""TMI's environment: the names TMI reads, and the values that keep it safe."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, cast

import pulumi_kubernetes as kubernetes
import pytest

from components.address_plan import AddressPlan
from components.server.environment import environment
from components.settings import parse
from components.settings.server import ServerSettings
from components.settings.variables.left_out import LEFT_OUT
from components.settings.variables.providers import OAUTH_PROVIDERS
from components.settings.variables.table import FAMILIES, GROUPS, SET_BY_PODS, names
from components.settings.variables.variable import FIXED, Variable
from tests.full_settings import FULL, full
from tests.stack_files import STACKS, changed, document
from tests.stacks.program import recorded

TMI: dict[str, Any] = json.loads(Path(__file__).with_name("tmi_variables.json").read_text())
"""What TMI reads, from its source."""
READ = {*TMI["names"], *TMI["libraries"]} | {
    f"{prefix}_<ID>_{name}" for prefix, family in TMI["families"].items() for name in family
}
ROWS = [variable for group in GROUPS.values() for variable in group] + [
    variable for family in FAMILIES for variable in family.variables
]


def rendered(server: ServerSettings) -> dict[str, str]:
    edge = ["10.0.0.0/24", "10.0.1.0/24"]
    return environment(server, domain="tmi.example.com", edge_cidrs=edge, idle_timeout_seconds=120)


def small(**fields: object) -> dict[str, str]:
    return rendered(parse(changed("dev", **fields)).server)


def is_read(name: str) -> bool:
    return name in READ or any(one.endswith("*") and name.startswith(one[:-1]) for one in READ)


def test_the_list_is_of_the_version_that_the_stack_files_run() -> None:
    assert {document(stack)["server"]["images"]["tmi"] for stack in STACKS} == {TMI["version"]}


def test_tmi_reads_every_name_of_the_table() -> None:
    assert [name for name in (*names(), *SET_BY_PODS, *LEFT_OUT) if not is_read(name)] == []


def test_every_name_that_tmi_reads_is_in_the_table_or_left_out_for_a_reason() -> None:
    known = {*names(), *SET_BY_PODS, *LEFT_OUT}
    begun = {name for name in READ if name.endswith("*") and any(one.startswith(name[:-1]) for one in known)}
    assert READ - known - begun == set()


def test_no_name_is_there_twice_or_left_out_and_set() -> None:
    everything = [*names(), *SET_BY_PODS, *LEFT_OUT]
    assert sorted({name for name in everything if everything.count(name) > 1}) == []


def test_with_everything_on_every_variable_of_the_table_has_a_value_but_for_secrets_of_the_environment() -> None:
    variables = rendered(full())
    expected = {variable.name for group in GROUPS.values() for variable in group}
    missing = expected - variables.keys()
    assert missing == {
        "TMI_SECRET_SETTINGS_ENCRYPTION_KEY",
        "TMI_SECRET_SETTINGS_ENCRYPTION_PREVIOUS_KEY",
        "TMI_CONTENT_TOKEN_ENCRYPTION_KEY",
    }


def test_every_value_follows_the_setting_that_the_table_names() -> None:
    fields = _paths(FULL) | _paths(document("prod"))
    sections = document("prod").keys()

    def known(setting: str) -> bool:
        whole = setting if setting.partition(".")[0] in sections else f"server.{setting}"
        return setting == FIXED or setting.startswith("tmi:") or whole in fields

    assert [row.name for group in GROUPS.values() for row in group if not known(row.setting)] == []


def test_every_value_of_a_provider_follows_one_of_its_fields() -> None:
    server = FULL["server"]
    members = {
        "oauth_providers": server["oauth_providers"],
        "saml_providers": server["saml_providers"],
        "content.sources": server["content"]["sources"],
    }
    for family in FAMILIES:
        fields = {path for provider in members[family.setting].values() for path in _paths(provider)}
        outside = {FIXED, family.setting, "load_balancer.domain"}
        rows = [row.name for row in family.variables if not row.setting.startswith("tmi:")]
        known = [row.name for row in family.variables if row.setting in fields | outside]
        assert rows == known


def _paths(node: object, at: str = "") -> set[str]:
    found = {at} if at else set[str]()
    if isinstance(node, dict):
        for key, value in cast("dict[str, object]", node).items():
            found |= _paths(value, f"{at}.{key}" if at else key)
    return found


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_a_row_says_since_when_and_what_for(row: Variable[Any]) -> None:
    assert re.fullmatch(r"1\.[0-9]+(\.[0-9]+)?", row.since)
    assert row.does
    assert not row.does.endswith(".")


@pytest.mark.parametrize("stack", STACKS)
def test_every_name_in_the_config_map_is_read(stack: str) -> None:
    data = recorded(stack).one(kubernetes.core.v1.ConfigMap, "server-environment").inputs["data"]
    prefixes = "|".join(TMI["families"])
    general = {re.sub(f"^({prefixes})_CORPORATE_", r"\1_<ID>_", name) for name in data}
    assert [name for name in general if not is_read(name)] == []


def test_nothing_is_empty_since_tmi_takes_that_for_unset() -> None:
    assert [name for name, value in (small() | rendered(full())).items() if not value] == []


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
        ("TMI_OAUTH_CLIENT_CALLBACK_ALLOWLIST", "https://ui.dev.example.com/*"),
        ("OAUTH_PROVIDERS_CORPORATE_ENABLED", "true"),
        ("OAUTH_PROVIDERS_CORPORATE_SCOPES", "openid,email,profile"),
        ("OAUTH_PROVIDERS_CORPORATE_USERINFO_CLAIMS_SUBJECT_CLAIM", "sub"),
        ("SYSTEM_AUDIT_RETENTION_DAYS", "90"),
    ],
)
def test_value(name: str, value: str) -> None:
    assert small()[name] == value


def test_secrets_come_by_file_where_tmi_dereferences_one() -> None:
    by_file = {name for name, value in rendered(full()).items() if value.startswith("file://")}
    secrets = {row.name for group in GROUPS.values() for row in group if row.secret}
    assert by_file == {
        "TMI_DATABASE_URL",
        "TMI_REDIS_PASSWORD",
        "TMI_JWT_SECRET",
        "TMI_ALERTING_WEBHOOK_SECRET",
        "TMI_TIMMY_LLM_API_KEY",
        "TMI_TIMMY_TEXT_EMBEDDING_API_KEY",
        "TMI_TIMMY_CODE_EMBEDDING_API_KEY",
        "TMI_TIMMY_RERANK_API_KEY",
    }
    assert by_file < secrets


def test_what_is_off_leaves_no_trace_but_that() -> None:
    variables = small()
    for feature in ("TIMMY", "ALERTING", "OTEL"):
        assert [name for name in variables if name.startswith(f"TMI_{feature}_")] == [f"TMI_{feature}_ENABLED"]
    assert [name for name in variables if name.startswith(("TMI_CONTENT_SOURCE", "TMI_CONTENT_OAUTH", "SAML"))] == []


def test_with_a_collector_telemetry_goes_to_it_and_a_stop_waits_a_second() -> None:
    variables = small(server__telemetry={"kind": "collector", "sampling_percent": 5})
    assert {name: value for name, value in variables.items() if "OTEL" in name} == {
        "TMI_OTEL_ENABLED": "true",
        "TMI_OTEL_SAMPLING_RATE": "0.05",
        "TMI_OTEL_PROMETHEUS_PORT": "9464",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4317",
        "OTEL_EXPORTER_OTLP_TIMEOUT": "1000",
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "delta",
    }


def test_origins_are_the_user_interfaces() -> None:
    variables = small(
        server__user_interface_origins=["https://a.example.com", "https://b.example.com"],
        server__login__client_callbacks=["https://a.example.com/*", "https://b.example.com/back"],
    )
    assert variables["TMI_CORS_ALLOWED_ORIGINS"] == "https://a.example.com,https://b.example.com"
    assert variables["WEBSOCKET_ALLOWED_ORIGINS"] == "https://a.example.com,https://b.example.com"
    assert variables["TMI_OAUTH_CLIENT_CALLBACK_ALLOWLIST"] == "https://a.example.com/*,https://b.example.com/back"


def test_a_list_of_hosts_has_those_that_linked_accounts_and_models_need() -> None:
    variables = rendered(full())
    assert variables["TMI_SSRF_DOCUMENT_URI_ALLOWLIST"].split(",") == [
        "*.docs.example.com",
        "api.atlassian.com",
        "auth.atlassian.com",
        "graph.microsoft.com",
        "login.microsoftonline.com",
        "oauth2.googleapis.com",
        "www.googleapis.com",
    ]
    assert "models.example.com" in variables["TMI_SSRF_TIMMY_ALLOWLIST"].split(",")


def test_what_is_newer_is_added_as_it_stands() -> None:
    assert small(server__extra={"TMI_NEW_LIMIT": "7"}).items() - small().items() == {("TMI_NEW_LIMIT", "7")}


@pytest.mark.parametrize("stack", STACKS)
def test_tmi_believes_its_own_pod_and_the_edge_subnets_and_nobody_else(stack: str) -> None:
    network = parse(document(stack)).network
    edge = AddressPlan.of(network.cidr, network.zones).edge.values()
    variables = recorded(stack).one(kubernetes.core.v1.ConfigMap, "server-environment").inputs["data"]
    assert variables["TMI_TRUSTED_PROXIES"].split(",") == ["127.0.0.0/8", *map(str, edge)]


def test_tmi_keeps_idle_connections_longest() -> None:
    assert small()["TMI_SERVER_IDLE_TIMEOUT"] == "140s"


def test_hyphens_of_an_id_are_underscores_in_a_name() -> None:
    assert OAUTH_PROVIDERS.name("my-login", "CLIENT_SECRET") == "OAUTH_PROVIDERS_MY_LOGIN_CLIENT_SECRET"
