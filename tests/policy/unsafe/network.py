"""What would hurt in the network: who reaches whom, by which name, and what is recorded of it."""

from __future__ import annotations

from typing import Final

from tests.policy.unsafe.documents import EVERYBODY, NO_DOCUMENT
from tests.policy.unsafe.leaves import ABSENT, ELSEWHERE, Unsafe

NETWORK: Final[Unsafe] = {
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": {
        "defaultNetworkAclId": (ELSEWHERE,),
        "egress": ([{"protocol": "-1", "cidrBlock": "0.0.0.0/0"}],),
        "ingress": ([{"protocol": "-1", "cidrBlock": "0.0.0.0/0"}],),
    },
    "aws:ec2/defaultRouteTable:DefaultRouteTable": {
        "defaultRouteTableId": (ELSEWHERE,),
        "routes": ([{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-00000000"}],),
    },
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
        "egress": ([{"protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}],),
        "ingress": ([{"protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}],),
        "vpcId": (ELSEWHERE,),
    },
    "aws:ec2/flowLog:FlowLog": {
        "logDestination": (ELSEWHERE, ABSENT),
        "maxAggregationInterval": (600, ABSENT),
        "trafficType": ("ACCEPT",),
        "vpcId": (ELSEWHERE,),
    },
    "aws:ec2/networkAclAssociation:NetworkAclAssociation": {
        "networkAclId": (ELSEWHERE,),
        "subnetId": (ELSEWHERE,),
    },
    "aws:ec2/networkAclRule:NetworkAclRule": {
        "cidrBlock": ("0.0.0.0/0",),
        "egress": (False,),
        "fromPort": (0,),
        "protocol": ("-1",),
        "toPort": (65535,),
    },
    "aws:ec2/route:Route": {"natGatewayId": (ELSEWHERE,)},
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {
        "routeTableId": (ELSEWHERE,),
        "subnetId": (ELSEWHERE,),
    },
    "aws:ec2/securityGroup:SecurityGroup": {"description": (ABSENT,)},
    "aws:ec2/subnet:Subnet": {"availabilityZone": (ABSENT,), "mapPublicIpOnLaunch": (True,)},
    "aws:ec2/vpc:Vpc": {"enableDnsSupport": (False,)},
    "aws:ec2/vpcEndpoint:VpcEndpoint": {
        "policy": (EVERYBODY, NO_DOCUMENT, ABSENT),
        "privateDnsEnabled": (False, ABSENT),
        "routeTableIds.*": (ELSEWHERE,),
        "securityGroupIds.*": (ELSEWHERE, ABSENT),
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
        "description": (ABSENT,),
        "fromPort": (0,),
        "ipProtocol": ("-1",),
        "referencedSecurityGroupId": (ELSEWHERE,),
        "securityGroupId": (ELSEWHERE,),
        "toPort": (65535,),
    },
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
        "description": (ABSENT,),
        "fromPort": (0,),
        "ipProtocol": ("-1",),
        "referencedSecurityGroupId": (ELSEWHERE,),
        "securityGroupId": (ELSEWHERE,),
        "toPort": (65535,),
    },
    "aws:route53/resolverFirewallConfig:ResolverFirewallConfig": {
        "firewallFailOpen": ("ENABLED",),
        "resourceId": (ELSEWHERE,),
    },
    "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList": {"domains.*": ("*",)},
    "aws:route53/resolverFirewallRule:ResolverFirewallRule": {
        "action": ("ALERT",),
        "firewallDomainListId": (ELSEWHERE,),
        "firewallRuleGroupId": (ELSEWHERE,),
    },
    "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation": {
        "firewallRuleGroupId": (ELSEWHERE,),
        "vpcId": (ELSEWHERE,),
    },
    "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation": {
        "resolverQueryLogConfigId": (ELSEWHERE,),
        "resourceId": (ELSEWHERE,),
    },
    "kubernetes:networking.k8s.io/v1:NetworkPolicy": {
        "metadata.namespace": (ELSEWHERE,),
        "spec.egress.*.ports.*.port": (ABSENT,),
        "spec.egress.*.to.*.ipBlock.cidr": ("0.0.0.0/0",),
        "spec.ingress.*.from.*.ipBlock.cidr": ("0.0.0.0/0",),
        "spec.ingress.*.ports.*.port": (ABSENT,),
        "spec.podSelector": ({"matchLabels": {"app": ELSEWHERE}},),
        "spec.policyTypes.*": (ABSENT,),
    },
    "kubernetes:networking.k8s.aws/v1alpha1:ApplicationNetworkPolicy": {
        "spec.egress.*.ports.*.port": (ABSENT,),
        "spec.egress.*.to.*.domainNames.*": ("*",),
        "spec.egress.*.to.*.ipBlock.cidr": ("0.0.0.0/0",),
    },
}
