"""Bad input gets one clear line: field, value, rule, way out; all of them at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from components.settings import InvalidSettingsError, Settings, load, parse
from components.settings.rules import RULES, broken_rules, valid_sections
from components.settings.schema import stack_file_schema
from tests.cloud import run
from tests.mistakes import MISTAKES, PRODUCTION_MISTAKES
from tests.stack_files import OAUTH_SECRETS, ROOT, STACKS, changed, document


def refusals(whole: object) -> list[str]:
    with pytest.raises(InvalidSettingsError) as refused:
        parse(whole)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize("stack", STACKS)
def test_the_stack_files_are_valid(stack: str) -> None:
    assert parse(document(stack)).name == f"tmi-{stack}"


def test_five_mistakes_are_five_lines() -> None:
    whole = changed(
        "prod",
        network__zones=["eu-west-1a", "us-east-1b", "eu-west-1c"],
        database__instances__main__instance_class="db.banana",
        cache__nodes="three",
        server__administrator__provider="unknown",
    )
    whole["databse"] = {}
    assert refusals(whole) == snapshot(
        [
            'cache.nodes: "three" must be a whole number; write it without quotes',
            "database.instances.main.instance_class: \"db.banana\" is no instance class of the table; choose one like 'db.m7g.large'",
            "databse: is no field of this section; did you mean 'database'?",
            "network.zones.1: \"us-east-1b\" is no zone of eu-west-1; name one like 'eu-west-1a'",
            'server.administrator.provider: "unknown" is no entry of server.oauth_providers or server.saml_providers; add it there or name one of them: corporate',
        ]
    )


@pytest.mark.parametrize(("fields", "line"), MISTAKES, ids=[next(iter(fields)) for fields, _ in MISTAKES])
def test_a_mistake_is_one_line(fields: Mapping[str, object], line: str) -> None:
    assert refusals(changed("dev", **fields)) == [line]


@pytest.mark.parametrize(
    ("fields", "line"), PRODUCTION_MISTAKES, ids=[next(iter(fields)) for fields, _ in PRODUCTION_MISTAKES]
)
def test_production_asks_for_more(fields: Mapping[str, object], line: str) -> None:
    assert refusals(changed("prod", **fields)) == [line]
    development = changed("prod", **fields, tier="development")
    assert parse(development).tier == "development"


def test_production_has_three_zones() -> None:
    whole = changed("prod", network__zones=["eu-west-1a", "eu-west-1c"], database__instances__main__replicas={})
    assert refusals(whole) == snapshot(
        ['network.zones: ["eu-west-1a", "eu-west-1c"] must be 3 zones or more in production; add another zone']
    )


def test_every_rule_refuses_something() -> None:
    wrong = [changed("dev", **fields) for fields, _ in MISTAKES] + [
        changed("prod", **fields) for fields, _ in PRODUCTION_MISTAKES
    ]
    wrong.append(changed("prod", network__zones=["eu-west-1a", "eu-west-1c"]))
    silent = {rule.__name__ for rule in RULES}
    for sections in map(valid_sections, wrong):
        silent -= {rule.__name__ for rule in RULES if broken_rules(sections, (rule,))}
    assert silent == set()


@pytest.mark.parametrize("path", [["tier"], ["network", "cidr"], ["database", "instances", "main", "multi_az"]])
def test_a_missing_field_is_described(path: list[str]) -> None:
    whole = document()
    node: dict[str, Any] = whole
    for part in path[:-1]:
        node = node[part]
    del node[path[-1]]
    (line,) = refusals(whole)
    assert line.startswith(f"{'.'.join(path)}: is missing; add it: ")
    assert line.endswith(".")


@pytest.mark.parametrize("whole", [None, [], "text", 1])
def test_a_document_of_another_kind_is_refused(whole: object) -> None:
    (line,) = refusals(whole)
    assert line == f"tmi:stack: {json.dumps(whole)} must be a section with fields; write them below it"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_nonsense_is_refused_without_a_crash(value: object) -> None:
    for section in ("network", "database", "load_balancer", "server"):
        assert refusals(changed("dev", **{section: value}))


INTERNAL: list[dict[str, object]] = [
    {"kind": "internal", "client_cidrs": ["10.0.0.0/8", "100.64.0.0/10"], "zone": {"kind": "created"}},
    {"kind": "internal", "client_cidrs": ["172.16.0.0/12"], "zone": {"kind": "given", "zone_id": "Z00000000PRIVATE"}},
]


@pytest.mark.parametrize("scheme", INTERNAL)
def test_a_load_balancer_may_be_internal(scheme: dict[str, object]) -> None:
    settings = parse(changed("dev", load_balancer__scheme=scheme))
    assert json.loads(settings.load_balancer.scheme.model_dump_json()) == scheme


def test_the_tls_policy_is_post_quantum_where_none_is_named() -> None:
    assert "tls_policy" not in document()["load_balancer"]
    assert parse(document()).load_balancer.tls_policy == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["kind", "domains", "zone", "x"]), inner),
    ),
    st.sampled_from(
        [
            "network__egress",
            "load_balancer__scheme",
            "load_balancer__certificate",
            "secrets__settings_key",
            "database__instances__main__origin",
            "database__instances__main__engine_version",
            "cache__engine",
            "backup__vault_lock",
            "recovery",
            "registry__tmi_images",
            "server__topology",
            "server__hub_restart",
            "server__webhooks",
        ]
    ),
)
def test_nonsense_for_a_choice_is_refused_without_a_crash(value: object, path: str) -> None:
    assert refusals(changed("dev", **{path: value}))


@given(st.sampled_from(STACKS))
def test_settings_survive_a_round_trip(stack: str) -> None:
    settings = parse(document(stack))
    assert parse(json.loads(settings.model_dump_json())) == settings


def test_the_committed_schema_is_the_models() -> None:
    committed = json.loads((ROOT / "stack.schema.json").read_text())
    assert committed == stack_file_schema(), "run `make format`"


def test_every_field_is_documented() -> None:
    schema = Settings.model_json_schema()
    models = [schema, *(model for model in schema["$defs"].values() if "properties" in model)]
    fields = [field for model in models for field in model["properties"].values()]
    assert len(fields) > 80
    assert [field for field in fields if "description" not in field and "$ref" not in field] == []


def loaded(config: dict[str, object], secrets: dict[str, object]) -> dict[str, Any]:
    exports: dict[str, Any] = {}

    def program() -> None:
        file = load()
        for asked, value in file.given_secrets.items():
            pulumi.export(asked.name, pulumi.Output.unsecret(value))
        exports["name"] = file.settings.name

    return exports | run(program, config=config, secrets=secrets).exports


def test_a_stack_file_is_loaded() -> None:
    assert loaded({"tmi:stack": document()}, dict(OAUTH_SECRETS)) == {
        "name": "tmi-dev",
        "oauth-corporate": "client-secret-of-a-test",
    }


@pytest.mark.parametrize(
    ("config", "secrets", "expected"),
    [
        (
            {},
            {},
            snapshot("""\
the stack file has 1 mistake; nothing was touched:
  tmi:stack: is missing; write the section as in Pulumi.dev.yaml\
"""),
        ),
        (
            {"tmi:stack": document()},
            {},
            snapshot("""\
the stack file has 1 mistake; nothing was touched:
  server.oauth_providers.corporate: has no client secret, and without it nobody can log in; run `pulumi config set --secret --path 'tmi:oauthSecrets.corporate'` and paste it\
"""),
        ),
        (
            {"tmi:stack": document(), **OAUTH_SECRETS},
            {},
            snapshot("""\
the stack file has 1 mistake; nothing was touched:
  tmi:oauthSecrets: is stored in plain text; revoke the values where they are from and run `pulumi config set --secret --path 'tmi:oauthSecrets.<name>'` for each\
"""),
        ),
        (
            {"tmi:stack": changed("dev", tier="x")},
            {"tmi:oauthSecrets": {"other": "x"}},
            snapshot("""\
the stack file has 2 mistakes; nothing was touched:
  server.oauth_providers.corporate: has no client secret, and without it nobody can log in; run `pulumi config set --secret --path 'tmi:oauthSecrets.corporate'` and paste it
  tier: "x" is no choice; choose one of 'development' or 'production'\
"""),
        ),
    ],
    ids=["nothing", "no secret", "plain secret", "two mistakes"],
)
def test_what_is_missing_is_said_at_once(config: dict[str, object], secrets: dict[str, object], expected: str) -> None:
    with pytest.raises(InvalidSettingsError) as refused:
        loaded(config, secrets)
    assert str(refused.value) == expected


def test_nothing_else_reads_configuration() -> None:
    readers = {
        str(file.relative_to(ROOT / "components"))
        for file in (ROOT / "components").rglob("*.py")
        if "pulumi.Config" in (text := file.read_text()) or "runtime.config" in text or "runtime import config" in text
    }
    assert readers - {"settings/__init__.py"} == {"settings/load.py"}
