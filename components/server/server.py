"""TMI on Kubernetes: its pods behind the load balancer, its database prepared, its secrets mounted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi

from components.log_sink import LogSink
from components.secret import MountableSecret, StoredSecret
from components.server.collector import Collector
from components.server.configuration_file import CONFIGURATION_FILE, configuration_file
from components.server.content import config_map
from components.server.database_bootstrap import DatabaseBootstrap, DatabaseBootstrapArgs
from components.server.environment import environment
from components.server.hub import Hub, HubArgs
from components.server.isolation import Surroundings
from components.server.mounted_secrets import MountedSecrets, MountedSecretsArgs
from components.server.pods import PodParts
from components.server.pool import Pool, PoolArgs
from components.server.rds_roots import own_roots
from components.server.server_pods import ProxyArgs, ServerPods
from components.server.server_secrets import server_secrets
from components.server.telemetry import Telemetry, TelemetryArgs, sending
from components.server.tmi_namespace import NAMESPACE, TmiNamespace, TmiNamespaceArgs
from components.server.workplace import Workplace
from components.settings.resources import ResourceSettings
from components.settings.server import ServerSettings
from components.settings.telemetry import TelemetryCollector
from components.settings.timmy import answer_seconds
from components.settings.topology import HubAndPoolTopology
from components.tmi_paths import RDS_ROOTS_FILE

_ACCOUNT: Final = "tmi-server"
"""The service account of all pods of TMI, which read the same secrets."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerArgs:
    """What a :class:`Server` needs from its caller."""

    place: Workplace
    """Where it runs; the region decides which authorities of RDS are trusted."""
    kubernetes_version: str
    """The cluster's version; the Pod Security Standard is that of this version."""
    settings: ServerSettings
    """TMI's own settings."""
    domain: str
    """TMI's public host name."""
    idle_timeout_seconds: int
    """The load balancer's idle timeout; everything behind it keeps connections longer."""
    image_repository: pulumi.Input[str]
    """The repository of TMI's image."""
    surroundings: Surroundings
    """What its pods may speak to."""
    database_address: pulumi.Input[str]
    """The host name of the primary."""
    database_class: str
    """The class of the primary; decides how many connections TMI may hold."""
    database_master: StoredSecret
    """The password of the instance's master; for the bootstrap job alone."""
    database_owner: StoredSecret
    """The password of TMI's own role."""
    database_url: StoredSecret
    """The URL with that password."""
    redis_endpoint: pulumi.Input[str]
    """The host name of the primary node."""
    redis: StoredSecret
    """The token of Redis."""
    jwt: StoredSecret
    """The key that signs TMI's tokens."""
    settings_key: MountableSecret
    """The key of TMI's own encryption; mounted only if the settings ask for it."""
    previous_settings_key: MountableSecret | None
    """The key before it, while it is being rotated."""
    content_token_key: StoredSecret | None
    """The key that encrypts tokens of linked accounts, where there are any."""
    given_secrets: Mapping[str, StoredSecret]
    """What the configuration holds, by name."""
    logs: LogSink
    """How TMI's own metrics are kept on their way to CloudWatch."""
    hub_target_group_arn: pulumi.Input[str]
    """Where the load balancer looks for the hub."""
    pool_target_group_arn: pulumi.Input[str] | None
    """Where it looks for the pool; None where there is none."""

    def __post_init__(self) -> None:
        if isinstance(self.settings.topology, HubAndPoolTopology) != (self.pool_target_group_arn is not None):
            raise ValueError("pool_target_group_arn is for the topology hub_and_pool, and has to be there in it")


class Server(pulumi.ComponentResource):
    """TMI. Make it after the node pool and the add-ons: it needs nodes, and the driver that mounts secrets.

    A new version or configuration reaches the pool first, pod by pod, and the hub last, when it has proved itself: a
    restart of the hub ends collaboration and logins under way.
    """

    TYPE: Final = "tmi:server:Server"

    namespace: pulumi.Output[str]
    pool: Pool | None
    """None where no pods stand beside the hub."""

    def __init__(self, name: str, args: ServerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        namespace = TmiNamespace(
            f"{name}-tmi",
            TmiNamespaceArgs(
                kubernetes_version=args.kubernetes_version,
                settings=args.settings,
                surroundings=args.surroundings,
                database_address=args.database_address,
                redis_endpoint=args.redis_endpoint,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        inside = pulumi.ResourceOptions(parent=self, depends_on=[namespace])
        roots = {RDS_ROOTS_FILE: own_roots(args.place.region)}
        rds_roots = config_map(f"{name}-rds-roots", "tmi-rds-roots", NAMESPACE, roots, inside)
        database = DatabaseBootstrap(
            f"{name}-database",
            DatabaseBootstrapArgs(
                place=args.place,
                postgres=args.settings.images.postgres,
                rds_roots=rds_roots,
                database_address=args.database_address,
                master=args.database_master,
                owner=args.database_owner,
                instance_class=args.database_class,
            ),
            inside,
        )
        telemetry = _telemetry(name, args, inside)
        secrets = MountedSecrets(
            f"{name}-secrets",
            MountedSecretsArgs(
                access=args.place.access,
                service_account=_ACCOUNT,
                files=server_secrets(args),
                statements=sending(telemetry.log_group_arn) if telemetry else (),
            ),
            inside,
        )
        parts = _parts(name, args, secrets, rds_roots, telemetry, inside)
        ready: list[pulumi.Resource] = [namespace, database, secrets]
        self.pool = _pool(name, args, parts, pulumi.ResourceOptions(parent=self, depends_on=ready))
        first = [*ready, self.pool] if self.pool else ready
        Hub(
            f"{name}-hub",
            HubArgs(pods=_pods(args, parts, args.settings.resources, args.hub_target_group_arn)),
            pulumi.ResourceOptions(parent=self, depends_on=first),
        )

        self.namespace = namespace.namespace
        self.register_outputs({"namespace": self.namespace})


def _telemetry(name: str, args: ServerArgs, inside: pulumi.ResourceOptions) -> Telemetry | None:
    if not isinstance(args.settings.telemetry, TelemetryCollector):
        return None
    return Telemetry(f"{name}-telemetry", TelemetryArgs(place=args.place, logs=args.logs), inside)


def _parts(
    name: str,
    args: ServerArgs,
    secrets: MountedSecrets,
    rds_roots: pulumi.Input[str],
    telemetry: Telemetry | None,
    inside: pulumi.ResourceOptions,
) -> PodParts:
    images = args.settings.images
    variables = environment(
        args.settings,
        domain=args.domain,
        edge_cidrs=args.surroundings.edge_cidrs,
        idle_timeout_seconds=args.idle_timeout_seconds,
    )
    file = configuration_file(args.settings)
    collector_image = args.place.public_image("aws-observability/aws-otel-collector", images.collector)
    return PodParts(
        domain=args.domain,
        tmi_image=pulumi.Output.concat(args.image_repository, ":", images.tmi),
        haproxy_image=args.place.public_image("docker/library/haproxy", images.haproxy),
        collector=Collector(image=collector_image, configuration=telemetry.configuration) if telemetry else None,
        service_account=_ACCOUNT,
        node_selector=args.place.node_selector,
        environment=config_map(f"{name}-environment", "tmi-environment", NAMESPACE, variables, inside),
        rds_roots=rds_roots,
        configuration=config_map(
            f"{name}-configuration", "tmi-configuration", NAMESPACE, {CONFIGURATION_FILE: file}, inside
        )
        if file
        else None,
        secrets=server_secrets(args),
        mounted_secrets=secrets.mount,
    )


def _pods(
    args: ServerArgs, parts: PodParts, resources: ResourceSettings, target_group_arn: pulumi.Input[str]
) -> ServerPods:
    proxy = ProxyArgs(
        origins=args.settings.user_interface_origins,
        body_limit_mib=args.settings.body_limit_mib,
        idle_timeout_seconds=args.idle_timeout_seconds,
        answer_seconds=answer_seconds(args.settings.timmy),
        redis_endpoint=args.redis_endpoint,
    )
    return ServerPods(parts=parts, proxy=proxy, resources=resources, target_group_arn=target_group_arn)


def _pool(name: str, args: ServerArgs, parts: PodParts, opts: pulumi.ResourceOptions) -> Pool | None:
    topology = args.settings.topology
    if not isinstance(topology, HubAndPoolTopology) or args.pool_target_group_arn is None:
        return None
    pods = _pods(args, parts, topology.pool.resources, args.pool_target_group_arn)
    return Pool(f"{name}-pool", PoolArgs(settings=topology.pool, pods=pods), opts)
