"""TMI on Kubernetes: one pod behind the load balancer, its database prepared, its secrets mounted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apps.v1 import DeploymentSpecArgs, DeploymentStrategyArgs
from pulumi_kubernetes.core.v1 import PodTemplateSpecArgs
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from components.secret import MountableSecret, StoredSecret
from components.server.content import config_map
from components.server.database_bootstrap import DatabaseBootstrap, DatabaseBootstrapArgs
from components.server.environment import (
    PREVIOUS_SETTINGS_KEY_VARIABLE,
    RDS_ROOTS_FILE,
    SETTINGS_KEY_VARIABLE,
    client_secret_variable,
    environment,
)
from components.server.haproxy import REDIS_TOKEN_VARIABLE, configuration
from components.server.isolation import SERVER_LABELS, Surroundings
from components.server.mounted_secrets import MountedSecrets, MountedSecretsArgs
from components.server.pods import STARTUP_BUDGET_SECONDS, ServerPod, server_pod
from components.server.rds_roots import own_roots
from components.server.secret_files import SecretFile
from components.server.target_binding import TargetBinding, TargetBindingArgs
from components.server.tmi_namespace import NAMESPACE, TmiNamespace, TmiNamespaceArgs
from components.server.workplace import Workplace
from components.settings.server import ServerSettings

_NAME: Final = "tmi-server"
"""The Deployment, its service account, its Service and its binding."""


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
    oauth: Mapping[str, StoredSecret]
    """The client secret of each identity provider."""
    target_group_arn: pulumi.Input[str]
    """Where the load balancer looks for pods."""


def server_secrets(args: ServerArgs) -> tuple[SecretFile, ...]:
    """What the pod of TMI mounts: files where TMI can read files, variables where it cannot."""
    encryption = [SecretFile(name="settings-key", secret=args.settings_key, variable=SETTINGS_KEY_VARIABLE)]
    if previous := args.previous_settings_key:
        encryption.append(
            SecretFile(name="previous-settings-key", secret=previous, variable=PREVIOUS_SETTINGS_KEY_VARIABLE)
        )
    return (
        SecretFile(name="database-url", secret=args.database_url),
        SecretFile(name="redis-password", secret=args.redis, variable=REDIS_TOKEN_VARIABLE),
        SecretFile(name="jwt-secret", secret=args.jwt),
        *(encryption if args.settings.settings_encryption else []),
        *(
            SecretFile(name=f"oauth-{provider}", secret=args.oauth[provider], variable=client_secret_variable(provider))
            for provider in sorted(args.settings.oauth_providers)
        ),
    )


class Server(pulumi.ComponentResource):
    """TMI in one pod. Make it after the node pool and the add-ons: it needs nodes, and the driver that mounts secrets.

    No disruption budget: with one pod it could only forbid to move it, and nodes would be stuck until they are killed.
    """

    TYPE: Final = "tmi:server:Server"

    namespace: pulumi.Output[str]
    deployment_name: pulumi.Output[str]

    def __init__(self, name: str, args: ServerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        namespace = TmiNamespace(
            f"{name}-tmi",
            TmiNamespaceArgs(
                kubernetes_version=args.kubernetes_version,
                resources=args.settings.resources,
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
                processes=1,
            ),
            inside,
        )
        secrets = MountedSecrets(
            f"{name}-secrets",
            MountedSecretsArgs(access=args.place.access, service_account=_NAME, files=server_secrets(args)),
            inside,
        )
        pod = _pod(name, args, secrets, rds_roots, inside)
        deployment = _deployment(
            name, pod, pulumi.ResourceOptions.merge(inside, pulumi.ResourceOptions(depends_on=[database, secrets]))
        )
        TargetBinding(
            f"{name}-targets",
            TargetBindingArgs(namespace=NAMESPACE, service_name=_NAME, target_group_arn=args.target_group_arn),
            inside,
        )

        self.namespace = namespace.namespace
        self.deployment_name = deployment.metadata.apply(lambda metadata: metadata.name or "")
        self.register_outputs({"namespace": self.namespace, "deployment_name": self.deployment_name})


def _pod(
    name: str,
    args: ServerArgs,
    secrets: MountedSecrets,
    rds_roots: pulumi.Input[str],
    inside: pulumi.ResourceOptions,
) -> ServerPod:
    settings = args.settings
    variables = environment(
        settings,
        domain=args.domain,
        edge_cidrs=args.surroundings.edge_cidrs,
        idle_timeout_seconds=args.idle_timeout_seconds,
    )
    proxy = pulumi.Output.from_input(args.redis_endpoint).apply(
        lambda endpoint: configuration(
            domain=args.domain,
            origins=settings.user_interface_origins,
            body_limit_mib=settings.body_limit_mib,
            idle_timeout_seconds=args.idle_timeout_seconds,
            redis_endpoint=endpoint,
        )
    )
    return ServerPod(
        domain=args.domain,
        tmi_image=pulumi.Output.concat(args.image_repository, ":", settings.images.tmi),
        haproxy_image=args.place.public_image("docker/library/haproxy", settings.images.haproxy),
        resources=settings.resources,
        service_account=_NAME,
        node_selector=args.place.node_selector,
        environment=config_map(f"{name}-environment", "tmi-environment", NAMESPACE, variables, inside),
        proxy_configuration=config_map(f"{name}-haproxy", "tmi-haproxy", NAMESPACE, {"haproxy.cfg": proxy}, inside),
        rds_roots=rds_roots,
        secrets=server_secrets(args),
        mounted_secrets=secrets.mount,
    )


def _deployment(name: str, pod: ServerPod, opts: pulumi.ResourceOptions) -> kubernetes.apps.v1.Deployment:
    labels = dict(SERVER_LABELS)
    return kubernetes.apps.v1.Deployment(
        f"{name}-deployment",
        metadata=ObjectMetaArgs(name=_NAME, namespace=NAMESPACE, labels=labels),
        spec=DeploymentSpecArgs(
            replicas=1,
            # Two processes at once would split collaboration sessions, so the old pod goes before the new one comes.
            strategy=DeploymentStrategyArgs(type="Recreate"),
            revision_history_limit=3,
            progress_deadline_seconds=STARTUP_BUDGET_SECONDS + 600,
            selector=LabelSelectorArgs(match_labels=labels),
            template=PodTemplateSpecArgs(metadata=ObjectMetaArgs(labels=labels), spec=server_pod(pod)),
        ),
        opts=pulumi.ResourceOptions.merge(
            opts, pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="45m", update="45m"))
        ),
    )
