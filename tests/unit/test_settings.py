"""Bad input gets one clear line: field, value, rule, way out; all of them at once."""

from __future__ import annotations

import json
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
            'server.administrator.provider: "unknown" is no entry of server.oauth_providers; add it there or name one of them: corporate',
        ]
    )


MISTAKES: list[tuple[dict[str, object], str]] = [
    ({"account": 111111111111}, "account: 111111111111 must be text; put it in quotes"),
    (
        {"name": "TMI"},
        "name: \"TMI\" must be 2 to 20 lower-case letters, digits and single hyphens, starting with a letter; write it like 'tmi-dev'",
    ),
    ({"tier": "staging"}, "tier: \"staging\" is no choice; choose one of 'development' or 'production'"),
    ({"region": "Ireland"}, "region: \"Ireland\" must be the name of an AWS region; write it like 'eu-west-1'"),
    (
        {"deletion_protection": "yes"},
        'deletion_protection: "yes" must be true or false; write one of them without quotes',
    ),
    ({"network": []}, "network: [] must be a section with fields; write them below it"),
    (
        {"network__cidr": "10.64.0.0/24"},
        "network.cidr: \"10.64.0.0/24\" must be an IPv4 network of /16 to /18 with zero host bits; write it like '10.64.0.0/16'",
    ),
    (
        {"network__cidr": "10.64.0.1/16"},
        "network.cidr: \"10.64.0.1/16\" must be an IPv4 network of /16 to /18 with zero host bits; write it like '10.64.0.0/16'",
    ),
    (
        {"network__cidr": "172.20.0.0/16"},
        "network.cidr: \"172.20.0.0/16\" must be private and outside 172.20.0.0/16, which Services have; write it like '10.64.0.0/16'",
    ),
    (
        {"network__cidr": "8.8.0.0/16"},
        "network.cidr: \"8.8.0.0/16\" must be private and outside 172.20.0.0/16, which Services have; write it like '10.64.0.0/16'",
    ),
    (
        {"load_balancer__domain": f"{'a' * 53}.example.com"},
        'load_balancer.domain: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.exam… is too long for a certificate; choose a name of 64 characters at most',
    ),
    (
        {"network__zones": ["eu-west-1a"]},
        'network.zones: ["eu-west-1a"] must name 2 to 4 different zones; add another one of the region',
    ),
    (
        {"network__zones": "eu-west-1a"},
        'network.zones: "eu-west-1a" must be a list; write one item a line after a dash',
    ),
    (
        {"network__zones": ["eu-west-1a", "eu-west-2b"]},
        "network.zones.1: \"eu-west-2b\" is no zone of eu-west-1; name one like 'eu-west-1a'",
    ),
    (
        {"network__interface_endpoints": ["sts", "sts"]},
        'network.interface_endpoints: ["sts", "sts"] must name each service once; remove the repeated one',
    ),
    (
        {"cluster__public_access_cidrs": ["0.0.0.0/0"]},
        "cluster.public_access_cidrs.0: \"0.0.0.0/0\" must be an IPv4 network of /16 to /32 with zero host bits, never the whole internet; write it like '203.0.113.0/24'",
    ),
    (
        {"cluster__administrators": []},
        "cluster.administrators: [] must name at least one role, or nobody could administer it; add a role's ARN",
    ),
    (
        {"cluster__nodes__expire_after_hours": 1000},
        "cluster.nodes.expire_after_hours: 1000 must be 24 to 504 hours; choose a number in that range",
    ),
    (
        {"database__active": "other"},
        'database.active: "other" is no entry of database.instances; name one of them: main',
    ),
    (
        {"database__instances__main__engine_version": "17.6"},
        "database.instances.main.engine_version: \"17.6\" must be a major version of PostgreSQL, 15 to 18, in quotes; minors upgrade themselves; write it like '17'",
    ),
    (
        {"database__instances__main__instance_class": "db.banana"},
        "database.instances.main.instance_class: \"db.banana\" is no instance class of the table; choose one like 'db.m7g.large'",
    ),
    (
        {"database__instances__main__storage_gib": 100},
        "database.instances.main.storage_ceiling_gib: 100 must be a tenth above storage_gib (100) at least; write 110 or more",
    ),
    (
        {"database__instances__main__backup_retention_days": 0},
        "database.instances.main.backup_retention_days: 0 must be 1 to 35 days; choose a number in that range",
    ),
    (
        {"database__instances__main__maintenance_window": "sun:02:30-sun:03:30"},
        'database.instances.main.maintenance_window: "sun:02:30-sun:03:30" must not overlap the daily backup (02:00-03:00); move one of them',
    ),
    (
        {"database__instances__main__replicas": {"a": {"zone": "eu-west-1c", "instance_class": "db.t4g.medium"}}},
        'database.instances.main.replicas.a.zone: "eu-west-1c" must be one of network.zones; name one of eu-west-1a, eu-west-1b',
    ),
    (
        {"cache__maintenance_window": "mon:01:30-mon:02:30"},
        'cache.maintenance_window: "mon:01:30-mon:02:30" must not overlap the daily backup (02:00-03:00); move one of them',
    ),
    (
        {"load_balancer__alternative_names": ["tmi.dev.example.com"]},
        'load_balancer.alternative_names: "tmi.dev.example.com" is the domain itself already; remove it from the list',
    ),
    (
        {"load_balancer__tls_policy": "ELBSecurityPolicy-2016-08"},
        "load_balancer.tls_policy: \"ELBSecurityPolicy-2016-08\" is no choice; choose one of 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09', 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06', 'ELBSecurityPolicy-TLS13-1-3-PQ-2025-09' or 'ELBSecurityPolicy-TLS13-1-3-2021-06'",
    ),
    (
        {"server__images__tmi": "latest"},
        "server.images.tmi: \"latest\" must be an exact version, since a moving tag such as `latest` starts no rollout; write it like '1.8.22'",
    ),
    (
        {"server__user_interface_origins": ["https://*.example.com"]},
        "server.user_interface_origins.0: \"https://*.example.com\" must be the origin of a web page: https://, the host, nothing after it, no wildcard; write it like 'https://ui.example.com'",
    ),
    (
        {"server__administrator__provider": "google"},
        'server.administrator.provider: "google" is no entry of server.oauth_providers; add it there or name one of them: corporate',
    ),
    (
        {"server__log_level": "debug"},
        "server.log_level: \"debug\" is no choice; choose one of 'info', 'warn' or 'error'",
    ),
    (
        {"monitoring__log_retention_days__application": 45},
        "monitoring.log_retention_days.application: 45 is no retention of CloudWatch Logs; choose one of 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
    ),
    (
        {"monitoring__alarm_emails": []},
        "monitoring.alarm_emails: [] must name at least one address, or alarms would reach nobody; add one",
    ),
]


@pytest.mark.parametrize(("fields", "line"), MISTAKES, ids=[next(iter(fields)) for fields, _ in MISTAKES])
def test_a_mistake_is_one_line(fields: dict[str, object], line: str) -> None:
    assert refusals(changed("dev", **fields)) == [line]


PRODUCTION: list[tuple[dict[str, object], str]] = [
    ({"deletion_protection": False}, "deletion_protection: false is not for production; write true"),
    ({"network__nat_gateways": "single"}, "network.nat_gateways: \"single\" is not for production; write 'per_zone'"),
    (
        {"database__instances__main__multi_az": False},
        "database.instances.main.multi_az: false is not for production; write true",
    ),
    (
        {"database__instances__main__backup_retention_days": 6},
        "database.instances.main.backup_retention_days: 6 is too short for production; write 7 or more",
    ),
    ({"cache__nodes": 1}, "cache.nodes: 1 is not for production; write 2 or more"),
]


@pytest.mark.parametrize(("fields", "line"), PRODUCTION, ids=[next(iter(fields)) for fields, _ in PRODUCTION])
def test_production_asks_for_more(fields: dict[str, object], line: str) -> None:
    assert refusals(changed("prod", **fields)) == [line]
    development = changed("prod", **fields, tier="development")
    assert parse(development).tier == "development"


def test_production_has_three_zones() -> None:
    whole = changed("prod", network__zones=["eu-west-1a", "eu-west-1c"])
    assert refusals(whole) == snapshot(
        ['network.zones: ["eu-west-1a", "eu-west-1c"] must be 3 zones or more in production; add another zone']
    )


def test_every_rule_refuses_something() -> None:
    wrong = [changed("dev", **fields) for fields, _ in MISTAKES] + [
        changed("prod", **fields) for fields, _ in PRODUCTION
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
    for section in ("network", "database", "server"):
        assert refusals(changed("dev", **{section: value}))


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
        for name, value in file.oauth_client_secrets.items():
            pulumi.export(name, pulumi.Output.unsecret(value))
        exports["name"] = file.settings.name

    return exports | run(program, config=config, secrets=secrets).exports


def test_a_stack_file_is_loaded() -> None:
    assert loaded({"tmi:stack": document()}, dict(OAUTH_SECRETS)) == {
        "name": "tmi-dev",
        "corporate": "client-secret-of-a-test",
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
  tmi:oauthSecrets: is stored in plain text; revoke the values at the provider and run `pulumi config set --secret --path 'tmi:oauthSecrets.<provider>'` for each\
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
