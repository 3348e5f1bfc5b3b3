"""Parts of programs for the simulated cloud to serve."""

from __future__ import annotations

from textwrap import dedent
from typing import Final

PROVIDERS: Final = """
import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pulumi_random as random

provider = aws.Provider("aws", region="eu-west-1", allowed_account_ids=["111111111111"])
own = pulumi.ResourceOptions(provider=provider)
"""
NETWORK: Final = """
vpc = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16", opts=own)
subnets = [
    aws.ec2.Subnet(
        f"data-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{n}.0/24", availability_zone=f"eu-west-1{zone}", opts=own
    )
    for n, zone in enumerate("ab")
]
"""
GROUP: Final = """
group = aws.rds.SubnetGroup("data", subnet_ids=[subnet.id for subnet in subnets], opts=own)
"""
CLUSTER: Final = """
role = aws.iam.Role("cluster", assume_role_policy="{}", opts=own)
cluster = aws.eks.Cluster(
    "tmi", version="1.34", role_arn=role.arn, vpc_config={"subnet_ids": [subnet.id for subnet in subnets]}, opts=own
)
"""
KUBERNETES: Final = """
api = kubernetes.Provider("api", kubeconfig="{}", opts=pulumi.ResourceOptions(depends_on=[cluster]))
inside = pulumi.ResourceOptions(provider=api)
"""


def program(*parts: str) -> str:
    """Put a program together."""
    return "".join(map(dedent, (PROVIDERS, *parts)))
