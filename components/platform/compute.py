"""The compute floor: images, the cluster, and what every workload in it needs."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.add_ons import AddOns, AddOnsArgs
from components.cluster import Cluster, ClusterArgs
from components.firewall import Peer
from components.log_sink import LogClass
from components.node_pool import NodePool, NodePoolArgs
from components.platform.foundation import Foundation
from components.providers import kubernetes_provider, stack_tags
from components.registry import Registry, RegistryArgs
from components.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Compute:
    """Where workloads run, and where their images come from."""

    registry: Registry
    cluster: Cluster
    nodes: NodePool
    add_ons: AddOns
    provider: kubernetes.Provider
    """The cluster's API."""


def compute(settings: Settings, base: Foundation, opts: pulumi.ResourceOptions) -> Compute:
    """The registry first: the nodes' role names its pull-through cache."""
    registry = Registry(
        "registry",
        RegistryArgs(
            stack_name=settings.name,
            account=settings.account,
            region=settings.region,
            key_arn=base.encryption.data_key_arn,
            settings=settings.registry,
            deletion_protection=settings.deletion_protection,
        ),
        opts,
    )
    cluster = Cluster(
        "cluster",
        ClusterArgs(
            cluster_name=settings.name,
            account=settings.account,
            region=settings.region,
            settings=settings.cluster,
            subnet_ids=base.network.app_subnet_ids,
            service_cidr=str(base.network.plan.services),
            control_plane_group_id=base.firewall.group_ids[Peer.CONTROL_PLANE],
            key_arn=base.encryption.cluster_key_arn,
            public_prefix=registry.public_prefix,
            logs=base.sink(LogClass.CONTROL_PLANE),
            deletion_protection=settings.deletion_protection,
        ),
        opts,
    )
    provider = kubernetes_provider(
        region=settings.region,
        cluster_name=cluster.cluster_name,
        endpoint=cluster.endpoint,
        certificate_authority=cluster.certificate_authority,
    )
    inside = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(providers=[provider], depends_on=[cluster]))
    nodes = NodePool(
        "nodes",
        NodePoolArgs(
            settings=settings.cluster.nodes,
            zones=settings.network.zones,
            node_role_name=cluster.node_role_name,
            subnet_ids=base.network.app_subnet_ids,
            nodes_group_id=base.firewall.group_ids[Peer.NODES],
            pods_group_id=base.firewall.group_ids[Peer.PODS],
            key_arn=base.encryption.cluster_key_arn,
            tags=stack_tags(settings),
        ),
        inside,
    )
    add_ons = AddOns(
        "add-ons",
        AddOnsArgs(
            account=settings.account,
            region=settings.region,
            cluster_name=settings.name,
            versions=settings.cluster.add_ons,
            cluster_dns=str(base.network.plan.cluster_dns),
            logs=base.sink(LogClass.APPLICATION),
        ),
        pulumi.ResourceOptions.merge(inside, pulumi.ResourceOptions(depends_on=[nodes])),
    )
    return Compute(registry=registry, cluster=cluster, nodes=nodes, add_ons=add_ons, provider=provider)
