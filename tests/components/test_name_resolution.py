"""Lookups in the VPC: all of them recorded, and with an allow list only known names answered."""

from __future__ import annotations

from fnmatch import fnmatch

import pulumi_aws as aws
import pytest

from components.encryption import EncryptionArgs, KeyClass, service_statements
from components.log_sink import LogSink
from components.name_resolution import NameResolution, NameResolutionArgs
from components.settings.network import AllowListEgress, Egress, OpenEgress
from tests.cloud import Cloud, run

OPEN = OpenEgress(kind="open")
CLOSED = AllowListEgress(kind="allow_list", domains=("hooks.example.com",), fail_closed=True)
DOMAINS = ("*.eu-west-1.amazonaws.com", "hooks.example.com")


def arguments(egress: Egress, domains: tuple[str, ...] = DOMAINS) -> NameResolutionArgs:
    return NameResolutionArgs(
        stack_name="tmi-dev",
        account="111111111111",
        region="eu-west-1",
        vpc_id="vpc-1",
        egress=egress,
        domains=domains,
        logs=LogSink(key_arn="arn:key", retention_days=30),
    )


def resolution(egress: Egress = CLOSED) -> Cloud:
    return run(lambda: NameResolution("names", arguments(egress)))


def answer(cloud: Cloud, name: str) -> str:
    """As Resolver decides: the first rule by priority that has a list with the name."""
    lists = {f"{found.name}-id": found.inputs["domains"] for found in cloud.of(aws.route53.ResolverFirewallDomainList)}
    for rule in sorted(cloud.of(aws.route53.ResolverFirewallRule), key=lambda found: found.inputs["priority"]):
        if any(fnmatch(name, pattern) for pattern in lists[rule.inputs["firewallDomainListId"]]):
            return rule.inputs.get("blockResponse", rule.inputs["action"])
    return "no rule"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hooks.example.com", "ALLOW"),
        ("kms.eu-west-1.amazonaws.com", "ALLOW"),
        ("111111111111.dkr.ecr.eu-west-1.amazonaws.com", "ALLOW"),
        ("example.com", "NXDOMAIN"),
        ("other.hooks.example.com", "NXDOMAIN"),
        ("kms.eu-central-1.amazonaws.com", "NXDOMAIN"),
        ("secret-in-a-label.attacker.example.net", "NXDOMAIN"),
        ("localhost", "NXDOMAIN"),
    ],
)
def test_lookups(name: str, expected: str) -> None:
    assert answer(resolution(), name) == expected


def test_the_aliases_behind_an_allowed_name_are_trusted_and_behind_no_other() -> None:
    rules = {rule.inputs["action"]: rule.inputs for rule in resolution().of(aws.route53.ResolverFirewallRule)}
    assert rules["ALLOW"]["firewallDomainRedirectionAction"] == "TRUST_REDIRECTION_DOMAIN"
    assert rules["BLOCK"].get("firewallDomainRedirectionAction") is None


def test_the_filter_is_whole_before_it_works() -> None:
    cloud = resolution()
    association = cloud.one(aws.route53.ResolverFirewallRuleGroupAssociation)
    assert {"names-allow", "names-block", "names-failure"} <= association.dependencies
    assert "names-allow" in cloud.one(aws.route53.ResolverFirewallRule, "names-block").dependencies
    assert association.inputs["firewallRuleGroupId"] == "names-rules-id"
    assert {rule.inputs["firewallRuleGroupId"] for rule in cloud.of(aws.route53.ResolverFirewallRule)} == {
        "names-rules-id"
    }
    assert association.inputs["vpcId"] == "vpc-1"


def test_the_group_has_a_place_that_aws_accepts() -> None:
    # 100 and 9900 are reserved. Source: hashicorp/terraform-provider-aws#43694.
    association = resolution().one(aws.route53.ResolverFirewallRuleGroupAssociation).inputs
    assert 100 < association["priority"] < 9900


def test_an_operator_can_open_it_in_one_deployment() -> None:
    association = resolution().one(aws.route53.ResolverFirewallRuleGroupAssociation)
    assert (association.inputs["mutationProtection"], association.protect) == ("DISABLED", False)


@pytest.mark.parametrize(("fail_closed", "fail_open"), [(True, "DISABLED"), (False, "ENABLED")])
def test_the_setting_decides_what_happens_while_it_is_out_of_order(
    fail_closed: bool,  # noqa: FBT001 -- a column of the table
    fail_open: str,
) -> None:
    egress = AllowListEgress(kind="allow_list", domains=(), fail_closed=fail_closed)
    config = resolution(egress).one(aws.route53.ResolverFirewallConfig).inputs
    assert (config["firewallFailOpen"], config["resourceId"]) == (fail_open, "vpc-1")


def test_without_a_list_nothing_is_filtered() -> None:
    assert any("Firewall" in found.type for found in resolution().resources)
    assert not [found.type for found in resolution(OPEN).resources if "Firewall" in found.type]


@pytest.mark.parametrize("egress", [OPEN, CLOSED])
def test_every_lookup_is_logged_to_an_encrypted_group(egress: Egress) -> None:
    cloud = resolution(egress)
    group = cloud.one(aws.cloudwatch.LogGroup).inputs
    config = cloud.one(aws.route53.ResolverQueryLogConfig)
    association = cloud.one(aws.route53.ResolverQueryLogConfigAssociation).inputs
    assert (group["kmsKeyId"], group["retentionInDays"]) == ("arn:key", 30)
    assert config.inputs["destinationArn"] == group["arn"]
    assert (association["resolverQueryLogConfigId"], association["resourceId"]) == (f"{config.name}-id", "vpc-1")
    assert cloud.one(aws.cloudwatch.LogResourcePolicy).name in config.dependencies


def test_the_key_of_logs_knows_the_group() -> None:
    args = EncryptionArgs(
        stack_name="tmi-dev",
        database_identifiers=(),
        account="111111111111",
        region="eu-west-1",
        deletion_protection=False,
    )
    (statement,) = (each for each in service_statements(KeyClass.LOGS, args) if each["Sid"] == "CloudWatchLogs")
    patterns = statement["Condition"]["StringLike"]["kms:EncryptionContext:aws:logs:arn"]
    arn = resolution().one(aws.cloudwatch.LogGroup).inputs["arn"]
    assert any(fnmatch(arn, pattern) for pattern in patterns)


@pytest.mark.parametrize("domains", [(), tuple(f"{number}.example.com" for number in range(1001))])
def test_a_list_that_would_block_everything_or_is_too_long_is_refused(domains: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"^domains must name 1 to 1000 names that may be looked up$"):
        arguments(CLOSED, domains)
    arguments(OPEN, domains)
