"""The front door: load balancer, listeners and target groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pulumi
import pulumi_aws as aws

from components import timeouts
from components.certificate import Certificate, CertificateArgs
from components.domain_records import DomainRecords, DomainRecordsArgs
from components.listener_rules import default_action, listener_rules
from components.log_bucket import ACCESS_PREFIX, CONNECTION_PREFIX, LogBucket, LogBucketArgs
from components.server.entrance import HEALTH_PATH, HTTPS_PORT
from components.settings.edge import ExistingCertificate, Internal, LoadBalancerSettings

_HSTS: Final = "max-age=31536000; includeSubDomains"
"""One year. No `preload`: that is a promise for the whole registered domain, which is not this stack's to give."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadBalancerArgs:
    """What a :class:`LoadBalancer` needs from its caller."""

    stack_name: str
    """The Name tag."""
    account: str
    """The stack's account."""
    settings: LoadBalancerSettings
    """Scheme, names, TLS policy and timeouts."""
    vpc_id: pulumi.Input[str]
    """The VPC of the targets."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """The edge subnets, one a zone."""
    security_group_id: pulumi.Input[str]
    """The group of the load balancer."""
    cluster_name: str
    """The EKS cluster that registers pods in the target groups."""
    pool: bool
    """Whether pods stand beside the hub. What they answer is a :class:`components.pool_route.PoolRoute` of its own."""
    logs_cold_after_days: int | None
    """When its logs move to cheaper storage; never where logs are not archived."""
    deletion_protection: bool
    """Whether AWS and Pulumi refuse to delete the load balancer and its logs."""


@dataclass(frozen=True, slots=True)
class PoolTargets:
    """The target group of the pool."""

    arn: pulumi.Output[str]
    """Where the pool's pods are registered."""
    arn_suffix: pulumi.Output[str]
    """What its metrics are called by."""


class LoadBalancer(pulumi.ComponentResource):
    """An ALB that ends TLS at a restricted policy and speaks TLS again to the pods."""

    TYPE: Final = "tmi:edge:LoadBalancer"

    arn: pulumi.Output[str]
    arn_suffix: pulumi.Output[str]
    dns_name: pulumi.Output[str]
    hub_target_group_arn: pulumi.Output[str]
    hub_target_group_arn_suffix: pulumi.Output[str]
    https_listener_arn: pulumi.Output[str]
    certificate_arn: pulumi.Output[str]
    url: pulumi.Output[str]
    pool_targets: PoolTargets | None
    """None where no pods stand beside the hub."""

    def __init__(self, name: str, args: LoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        balancer = self._balancer(name, args)
        # The pool by open requests: a list of threat models costs ten times what a read of one's own data does.
        hub = self._target_group(name, args, "hub", "round_robin")
        pool = self._target_group(name, args, "pool", "least_outstanding_requests") if args.pool else None
        certificate = self._certificate(name, args.settings)
        https = self._listeners(name, args, balancer, certificate, hub, pool)
        DomainRecords(
            f"{name}-names",
            DomainRecordsArgs(
                settings=args.settings,
                vpc_id=args.vpc_id,
                balancer_dns_name=balancer.dns_name,
                balancer_zone_id=balancer.zone_id,
            ),
            pulumi.ResourceOptions(parent=self),
        )

        self.arn = balancer.arn
        self.arn_suffix = balancer.arn_suffix
        self.dns_name = balancer.dns_name
        self.hub_target_group_arn = hub.arn
        self.hub_target_group_arn_suffix = hub.arn_suffix
        self.https_listener_arn = https.arn
        self.certificate_arn = pulumi.Output.from_input(certificate)
        self.url = pulumi.Output.from_input(f"https://{args.settings.domain}")
        self.pool_targets = PoolTargets(pool.arn, pool.arn_suffix) if pool else None
        self.register_outputs(
            {
                "arn": self.arn,
                "arn_suffix": self.arn_suffix,
                "dns_name": self.dns_name,
                "hub_target_group_arn": self.hub_target_group_arn,
                "hub_target_group_arn_suffix": self.hub_target_group_arn_suffix,
                "https_listener_arn": self.https_listener_arn,
                "certificate_arn": self.certificate_arn,
                "url": self.url,
            }
        )

    def _balancer(self, name: str, args: LoadBalancerArgs) -> aws.lb.LoadBalancer:
        logs = LogBucket(
            f"{name}-logs",
            LogBucketArgs(
                account=args.account,
                retention_days=args.settings.log_retention_days,
                cold_after_days=args.logs_cold_after_days,
                deletion_protection=args.deletion_protection,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        return aws.lb.LoadBalancer(
            f"{name}-alb",
            load_balancer_type="application",
            internal=isinstance(args.settings.scheme, Internal),
            ip_address_type="ipv4",
            subnets=args.subnet_ids,
            security_groups=[args.security_group_id],
            idle_timeout=args.settings.idle_timeout_seconds,
            client_keep_alive=timeouts.CLIENT_KEEP_ALIVE,
            drop_invalid_header_fields=True,
            desync_mitigation_mode="defensive",
            # TMI lets a WebSocket's Origin pass that is its own Host, so the Host has to be what the browser sent.
            preserve_host_header=True,
            # TMI takes the client's address from what the balancer appends; what the client sent stands before it.
            # With a port after it, TMI would take it for no address.
            xff_header_processing_mode="append",
            enable_xff_client_port=False,
            # Nothing passes that the web firewall has not seen.
            enable_waf_fail_open=False,
            enable_deletion_protection=args.deletion_protection,
            access_logs=aws.lb.LoadBalancerAccessLogsArgs(bucket=logs.bucket, prefix=ACCESS_PREFIX, enabled=True),
            connection_logs=aws.lb.LoadBalancerConnectionLogsArgs(
                bucket=logs.bucket, prefix=CONNECTION_PREFIX, enabled=True
            ),
            tags={"Name": args.stack_name},
            # Protected: a new one has another address, and clients keep the old one for as long as DNS says.
            # After the bucket and its policy: ELB writes a test file when logging is turned on.
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection, depends_on=[logs]),
        )

    def _target_group(
        self,
        name: str,
        args: LoadBalancerArgs,
        role: str,
        algorithm: Literal["round_robin", "least_outstanding_requests"],
    ) -> aws.lb.TargetGroup:
        return aws.lb.TargetGroup(
            f"{name}-{role}",
            vpc_id=args.vpc_id,
            target_type="ip",
            port=HTTPS_PORT,
            protocol="HTTPS",
            protocol_version="HTTP1",  # WebSockets
            load_balancing_algorithm_type=algorithm,
            # A pod is well once TMI listens, and then can take its whole share at once.
            slow_start=0,
            # What has to stay with one process is routed to the hub, not remembered by a cookie.
            stickiness=aws.lb.TargetGroupStickinessArgs(type="lb_cookie", enabled=False),
            deregistration_delay=timeouts.GRACE,
            health_check=aws.lb.TargetGroupHealthCheckArgs(
                enabled=True,
                protocol="HTTPS",
                port="traffic-port",
                path=HEALTH_PATH,
                matcher="200",
                interval=timeouts.HEALTH_INTERVAL,
                timeout=timeouts.HEALTH_TIMEOUT,
                healthy_threshold=2,
                unhealthy_threshold=3,
            ),
            # Auto Mode may register targets only where this tag names its cluster.
            # Source: AWS managed policy AmazonEKSLoadBalancingPolicy.
            tags={"eks:eks-cluster-name": args.cluster_name},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _certificate(self, name: str, settings: LoadBalancerSettings) -> pulumi.Input[str]:
        if isinstance(settings.certificate, ExistingCertificate):
            return settings.certificate.arn
        return Certificate(
            f"{name}-certificate",
            CertificateArgs(domains=(settings.domain, *settings.alternative_names), zone_id=settings.zone_id),
            pulumi.ResourceOptions(parent=self),
        ).validated_arn

    def _listeners(
        self,
        name: str,
        args: LoadBalancerArgs,
        balancer: aws.lb.LoadBalancer,
        certificate: pulumi.Input[str],
        hub: aws.lb.TargetGroup,
        pool: aws.lb.TargetGroup | None,
    ) -> aws.lb.Listener:
        child = pulumi.ResourceOptions(parent=self)
        https = aws.lb.Listener(
            f"{name}-https",
            load_balancer_arn=balancer.arn,
            port=443,
            protocol="HTTPS",
            ssl_policy=args.settings.tls_policy.value,
            certificate_arn=certificate,
            default_actions=[default_action(hub=hub.arn, pool=pool.arn if pool else None)],
            routing_http_response_server_enabled=False,
            routing_http_response_strict_transport_security_header_value=_HSTS,
            routing_http_response_x_content_type_options_header_value="nosniff",
            routing_http_response_x_frame_options_header_value="DENY",
            opts=child,
        )
        listener_rules(name, https.arn, hub=hub.arn, pool=args.pool, opts=child)
        aws.lb.Listener(
            f"{name}-http",
            load_balancer_arn=balancer.arn,
            port=80,
            protocol="HTTP",
            default_actions=[
                aws.lb.ListenerDefaultActionArgs(
                    type="redirect",
                    redirect=aws.lb.ListenerDefaultActionRedirectArgs(
                        protocol="HTTPS", port="443", status_code="HTTP_301"
                    ),
                )
            ],
            routing_http_response_server_enabled=False,
            opts=child,
        )
        return https
