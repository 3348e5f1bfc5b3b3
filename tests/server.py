"""TMI's component as a test makes it: a stack's settings, secrets of a test, addresses of the dev network."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pulumi

from components.egress_domains import destinations
from components.log_sink import LogSink
from components.secret import StoredSecret, value_version
from components.server import Server, ServerArgs
from components.server.database_dump import DatabaseDumpArgs
from components.server.isolation import Surroundings
from components.server.secret_files import SecretAccess
from components.server.telemetry import telemetry_names
from components.server.workplace import Workplace
from components.settings import Settings, parse
from components.settings.content_addresses import delegated_sources
from components.settings.given_secrets import given_secrets
from components.settings.topology import HubAndPoolTopology
from tests.cloud import Cloud, run
from tests.manifests import manifest
from tests.stack_files import changed

EDGE = ("10.64.0.0/24", "10.64.1.0/24")
DATA = ("10.64.96.0/24", "10.64.97.0/24")
ENDPOINTS = ("10.64.144.0/24", "10.64.145.0/24")
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


def targets(role: str) -> str:
    """The ARN of a target group."""
    return f"arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/{role}/0000000000000000"


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
    sources = settings.server.content.sources
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
            endpoint_cidrs=ENDPOINTS if settings.network.interface_endpoints else (),
            destinations=destinations(settings.network.egress, settings.server),
            telemetry=telemetry_names(settings.region, settings.server.telemetry),
        ),
        "database_address": "tmi-dev-main.example.eu-west-1.rds.amazonaws.com",
        "database_class": settings.database.instances[settings.database.active].instance_class,
        "database_master": stored("master", rotated),
        "database_owner": stored("owner", rotated),
        "database_url": stored("url", rotated),
        "redis_endpoint": REDIS,
        "redis": stored("redis", rotated),
        "jwt": stored("jwt", rotated),
        "settings_key": stored("settings", rotated),
        "previous_settings_key": None,
        "content_token_key": stored("content-tokens", rotated) if delegated_sources(sources) else None,
        "given_secrets": {asked.name: stored(asked.name, rotated) for asked in given_secrets(dict(settings.server))},
        "logs": LogSink(key_arn="arn:aws:kms:eu-west-1:111111111111:key/logs", retention_days=30),
        "hub_target_group_arn": targets("hub"),
        "pool_target_group_arn": targets("pool") if isinstance(settings.server.topology, HubAndPoolTopology) else None,
    }
    return ServerArgs(**{**given, **replaced})


def server(
    stack: str = "dev",
    *,
    rotated: Mapping[str, str] | None = None,
    replaced: Mapping[str, Any] | None = None,
    **fields: object,
) -> Cloud:
    """The component, recorded: `fields` of the stack file changed, secrets `rotated` by name, arguments `replaced`."""
    settings = parse(changed(stack, **fields))
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


def named(cloud: Cloud, name: str) -> dict[str, Any]:
    """The object that is called so in the program."""
    (found,) = [resource for resource in cloud.resources if resource.name == name]
    return manifest(found)


def pod(cloud: Cloud, role: str = "hub") -> dict[str, Any]:
    """The specification of the pods of a role."""
    return named(cloud, f"server-{role}-deployment")["spec"]["template"]["spec"]


def containers(spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The containers of a pod by name, side-cars among them."""
    return {found["name"]: found for found in [*spec.get("initContainers", []), *spec["containers"]]}


def needs(cloud: Cloud, name: str) -> set[str]:
    """What has to be there before a resource: what it and the components around it depend on, and so on."""
    by_name = {resource.name: resource for resource in cloud.resources}
    found: set[str] = set()
    waiting = [name]
    while waiting:
        resource = by_name.get(waiting.pop())
        if resource is not None:
            others = {*resource.dependencies, resource.parent} - found
            found |= others
            waiting += others
    return found
