"""The front door: load balancer, listeners, target group and the names that point to it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.certificate import Certificate, CertificateArgs
from components.log_bucket import ACCESS_PREFIX, CONNECTION_PREFIX, LogBucket, LogBucketArgs
from components.server.entrance import GRACE_SECONDS, HTTPS_PORT, REFUSED_PATHS
from components.settings.sections import LoadBalancerSettings
from components.settings.vocabulary import Scheme

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
    """The EKS cluster that registers pods in the target group."""
    deletion_protection: bool
    """Whether AWS and Pulumi refuse to delete the load balancer and its logs."""


class LoadBalancer(pulumi.ComponentResource):
    """An ALB that ends TLS at a restricted policy and speaks TLS again to the pods.

    IPv4 alone, as the VPC: an AAAA record would name addresses that a load balancer without IPv6 does not have.
    """

    TYPE: Final = "tmi:edge:LoadBalancer"

    arn_suffix: pulumi.Output[str]
    dns_name: pulumi.Output[str]
    target_group_arn: pulumi.Output[str]
    target_group_arn_suffix: pulumi.Output[str]
    url: pulumi.Output[str]

    def __init__(self, name: str, args: LoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        domains = (args.settings.domain, *args.settings.alternative_names)
        certificate = Certificate(
            f"{name}-certificate",
            CertificateArgs(domains=domains, zone_id=args.settings.zone_id),
            pulumi.ResourceOptions(parent=self),
        )
        balancer = self._balancer(name, args)
        group = self._target_group(name, args)
        self._listeners(name, args, certificate, balancer, group)
        for domain in domains:
            aws.route53.Record(
                f"{name}-{domain}",
                zone_id=args.settings.zone_id,
                name=domain,
                type="A",
                aliases=[
                    aws.route53.RecordAliasArgs(
                        name=balancer.dns_name, zone_id=balancer.zone_id, evaluate_target_health=True
                    )
                ],
                opts=pulumi.ResourceOptions(parent=self),
            )

        self.arn_suffix = balancer.arn_suffix
        self.dns_name = balancer.dns_name
        self.target_group_arn = group.arn
        self.target_group_arn_suffix = group.arn_suffix
        self.url = pulumi.Output.from_input(f"https://{args.settings.domain}")
        self.register_outputs(
            {
                "arn_suffix": self.arn_suffix,
                "dns_name": self.dns_name,
                "target_group_arn": self.target_group_arn,
                "target_group_arn_suffix": self.target_group_arn_suffix,
                "url": self.url,
            }
        )

    def _balancer(self, name: str, args: LoadBalancerArgs) -> aws.lb.LoadBalancer:
        logs = LogBucket(
            f"{name}-logs",
            LogBucketArgs(
                account=args.account,
                retention_days=args.settings.log_retention_days,
                deletion_protection=args.deletion_protection,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        return aws.lb.LoadBalancer(
            f"{name}-alb",
            load_balancer_type="application",
            internal=args.settings.scheme is Scheme.INTERNAL,
            ip_address_type="ipv4",
            subnets=args.subnet_ids,
            security_groups=[args.security_group_id],
            idle_timeout=args.settings.idle_timeout_seconds,
            drop_invalid_header_fields=True,
            desync_mitigation_mode="defensive",
            # TMI takes the client's address from what the balancer appends; what the client sent stands before it.
            xff_header_processing_mode="append",
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

    def _target_group(self, name: str, args: LoadBalancerArgs) -> aws.lb.TargetGroup:
        return aws.lb.TargetGroup(
            f"{name}-pods",
            vpc_id=args.vpc_id,
            target_type="ip",
            port=HTTPS_PORT,
            protocol="HTTPS",
            protocol_version="HTTP1",  # WebSockets
            deregistration_delay=GRACE_SECONDS,
            health_check=aws.lb.TargetGroupHealthCheckArgs(
                enabled=True,
                protocol="HTTPS",
                port="traffic-port",
                path="/robots.txt",  # never `/`, which costs TMI 0.35 s of CPU a call
                matcher="200",
                interval=10,
                timeout=5,
                healthy_threshold=2,
                unhealthy_threshold=3,
            ),
            # Auto Mode may register targets only where this tag names its cluster.
            # Source: AWS managed policy AmazonEKSLoadBalancingPolicy.
            tags={"eks:eks-cluster-name": args.cluster_name},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _listeners(
        self,
        name: str,
        args: LoadBalancerArgs,
        certificate: Certificate,
        balancer: aws.lb.LoadBalancer,
        group: aws.lb.TargetGroup,
    ) -> None:
        child = pulumi.ResourceOptions(parent=self)
        https = aws.lb.Listener(
            f"{name}-https",
            load_balancer_arn=balancer.arn,
            port=443,
            protocol="HTTPS",
            ssl_policy=args.settings.tls_policy.value,
            certificate_arn=certificate.validated_arn,
            default_actions=[aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=group.arn)],
            routing_http_response_server_enabled=False,
            routing_http_response_strict_transport_security_header_value=_HSTS,
            routing_http_response_x_content_type_options_header_value="nosniff",
            routing_http_response_x_frame_options_header_value="DENY",
            opts=child,
        )
        aws.lb.ListenerRule(
            f"{name}-refused-paths",
            listener_arn=https.arn,
            priority=1,  # before every rule that forwards
            conditions=[
                aws.lb.ListenerRuleConditionArgs(
                    path_pattern=aws.lb.ListenerRuleConditionPathPatternArgs(values=list(REFUSED_PATHS.values()))
                )
            ],
            actions=[
                aws.lb.ListenerRuleActionArgs(
                    type="fixed-response",
                    fixed_response=aws.lb.ListenerRuleActionFixedResponseArgs(
                        status_code="404",
                        content_type="application/json",
                        message_body=json.dumps({"error": "not_found"}),
                    ),
                )
            ],
            opts=child,
        )
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
