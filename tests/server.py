"""TMI's component as a test makes it: the dev stack's settings, secrets of a test, addresses of the dev network."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pulumi

from components.egress_domains import destinations
from components.secret import StoredSecret, value_version
from components.server import Server, ServerArgs
from components.server.database_dump import DatabaseDumpArgs
from components.server.isolation import Surroundings
from components.server.secret_files import SecretAccess
from components.server.workplace import Workplace
from components.settings import Settings, parse
from tests.cloud import Cloud, run
from tests.stack_files import changed

EDGE = ("10.64.0.0/24", "10.64.1.0/24")
DATA = ("10.64.96.0/24", "10.64.97.0/24")
DUMPS = "dumps-0000000"
REDIS = "master.tmi-dev.example.euw1.cache.amazonaws.com"


def stored(name: str, rotated: Mapping[str, str] = MappingProxyType({})) -> StoredSecret:
    """A secret of that name, whose value is that of `rotated`, or made from the name."""
    text = rotated.get(name, f"value-of-{name}")
    return StoredSecret(
        arn=pulumi.Output.from_input(f"arn:aws:secretsmanager:eu-west-1:111111111111:secret:{name}-AbCdEf"),
        value=pulumi.Output.secret(text),
        version=pulumi.Output.secret(value_version(text)),
    )


def workplace(stack_name: str = "tmi-dev") -> Workplace:
    """Where pods run in a test."""
    return Workplace(
        access=SecretAccess(
            account="111111111111",
            region="eu-west-1",
            cluster_name=stack_name,
            namespace="tmi",
            key_arn="arn:aws:kms:eu-west-1:111111111111:key/secrets",
        ),
        node_selector={"karpenter.sh/nodepool": "tmi", "kubernetes.io/arch": "arm64"},
        public_prefix="111111111111.dkr.ecr.eu-west-1.amazonaws.com/tmi-dev/public",
    )


def arguments(settings: Settings, *, rotated: Mapping[str, str], replaced: Mapping[str, Any]) -> ServerArgs:
    """What the program would pass for these settings, but for what is `replaced`."""
    given: dict[str, Any] = {
        "place": workplace(settings.name),
        "kubernetes_version": settings.cluster.version,
        "settings": settings.server,
        "domain": settings.load_balancer.domain,
        "idle_timeout_seconds": settings.load_balancer.idle_timeout_seconds,
        "image_repository": "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tmi-dev/tmi",
        "surroundings": Surroundings(
            vpc_cidr=settings.network.cidr,
            cluster_dns="172.20.0.10",
            edge_cidrs=EDGE,
            data_cidrs=DATA,
            destinations=destinations(settings.network.egress, settings.server.oauth_providers.values()),
        ),
        "database_address": "tmi-dev-main.example.eu-west-1.rds.amazonaws.com",
        "database_master": stored("master", rotated),
        "database_owner": stored("owner", rotated),
        "database_url": stored("url", rotated),
        "redis_endpoint": REDIS,
        "redis": stored("redis", rotated),
        "jwt": stored("jwt", rotated),
        "settings_key": stored("settings", rotated),
        "previous_settings_key": None,
        "oauth": {provider: stored(f"oauth-{provider}", rotated) for provider in settings.server.oauth_providers},
        "target_group_arn": "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/tmi/0000000000000000",
    }
    return ServerArgs(**{**given, **replaced})


def server(
    *, rotated: Mapping[str, str] | None = None, replaced: Mapping[str, Any] | None = None, **fields: object
) -> Cloud:
    """The component, recorded: `fields` of the stack file changed, secrets `rotated` by name, arguments `replaced`."""
    settings = parse(changed("dev", **fields))
    return run(lambda: Server("server", arguments(settings, rotated=rotated or {}, replaced=replaced or {})))


def dump_arguments(settings: Settings, owner: str = "value-of-owner") -> DatabaseDumpArgs:
    """What the program would pass to the daily dump, with this password of TMI's role."""
    return DatabaseDumpArgs(
        place=workplace(settings.name),
        images=settings.server.images,
        cluster_dns="172.20.0.10",
        data_cidrs=DATA,
        database_address="tmi-dev-main.example.eu-west-1.rds.amazonaws.com",
        owner=stored("owner", {"owner": owner}),
        settings=settings.backup.dumps,
        bucket=DUMPS,
        data_key_arn="arn:aws:kms:eu-west-1:111111111111:key/data",
    )
