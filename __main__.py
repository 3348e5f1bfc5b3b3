"""TMI on AWS: the stack file, the provider, the platform floor by floor, what the stack exports."""

import pulumi

from components.platform import compute, data, foundation, recovery, safekeeping, service
from components.providers import aws_provider
from components.settings import load

file = load()
settings = file.settings
in_aws = pulumi.ResourceOptions(providers=[aws_provider(settings)])

base = foundation(settings, in_aws)
stores = data(file, base, in_aws)
machines = compute(settings, base, in_aws)
top = service(file, base, stores, machines, in_aws)
safekeeping(settings, base, stores, machines, top, in_aws)
copies = recovery(file, base, stores, machines, top, in_aws)

pulumi.export("url", top.load_balancer.url)
pulumi.export("load_balancer_dns_name", top.load_balancer.dns_name)
pulumi.export("vpc_id", base.network.vpc_id)
pulumi.export("edge_route_table_id", base.network.edge_route_table_id)
pulumi.export("cluster_name", machines.cluster.cluster_name)
pulumi.export("image_repository", machines.registry.tmi_repository_url)
pulumi.export("database_address", stores.active.address)
pulumi.export("redis_endpoint", stores.cache.primary_endpoint)
pulumi.export("topic_arns", {severity.value: arn for severity, arn in top.notification.topic_arns.items()})
if copies:
    pulumi.export("recovery", copies.exported)
