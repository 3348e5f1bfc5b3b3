"""What would hurt in the cluster: its door, its nodes, and who may do what in it."""

from __future__ import annotations

from typing import Final

from tests.policy.unsafe.leaves import ABSENT, ELSEWHERE, Unsafe

_RBAC: Final = "rbac.authorization.k8s.io"

CLUSTER: Final[Unsafe] = {
    "aws:eks/cluster:Cluster": {
        "accessConfig.authenticationMode": ("CONFIG_MAP", "API_AND_CONFIG_MAP"),
        "accessConfig.bootstrapClusterCreatorAdminPermissions": (True, ABSENT),
        "computeConfig.enabled": (False,),
        "computeConfig.nodePools": (["general-purpose"],),
        "deletionProtection": (False, ABSENT),
        "enabledClusterLogTypes.*": (ABSENT,),
        "encryptionConfig.provider.keyArn": (ELSEWHERE,),
        "encryptionConfig.resources.*": (ABSENT,),
        "version": ("1.20", ABSENT),
        "vpcConfig.endpointPrivateAccess": (False, ABSENT),
        "vpcConfig.publicAccessCidrs.*": ("0.0.0.0/0", ABSENT),
        "vpcConfig.securityGroupIds.*": (ELSEWHERE, ABSENT),
        "vpcConfig.subnetIds.*": (ELSEWHERE,),
    },
    "aws:eks/accessEntry:AccessEntry": {},
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
        "policyArn": ("arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",),
    },
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
        "namespace": (ELSEWHERE,),
        "roleArn": ("arn:aws:iam::111111111111:role/elsewhere",),
        "serviceAccount": ("default",),
    },
    "kubernetes:eks.amazonaws.com/v1:NodeClass": {
        "spec.ephemeralStorage.kmsKeyID": (ELSEWHERE, ABSENT),
        "spec.networkPolicy": ("DefaultAllow", ABSENT),
        "spec.podSecurityGroupSelectorTerms.*.id": (ELSEWHERE,),
        "spec.podSubnetSelectorTerms.*.id": (ELSEWHERE,),
        "spec.role": (ELSEWHERE,),
        "spec.securityGroupSelectorTerms.*.id": (ELSEWHERE,),
        "spec.subnetSelectorTerms.*.id": (ELSEWHERE,),
    },
    "kubernetes:karpenter.sh/v1:NodePool": {
        "spec.template.spec.expireAfter": ("Never", ABSENT),
        "spec.template.spec.terminationGracePeriod": (ABSENT,),
        "spec.limits.*": (ABSENT,),
    },
    "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy": {
        "spec.failurePolicy": ("Ignore",),
    },
    "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding": {
        "spec.policyName": (ELSEWHERE,),
        "spec.validationActions.*": ("Audit", "Warn"),
    },
    f"kubernetes:{_RBAC}/v1:ClusterRole": {
        "rules.*.apiGroups.*": ("*",),
        "rules.*.resources.*": ("*", "pods/exec"),
        "rules.*.verbs.*": ("*", "escalate"),
    },
    f"kubernetes:{_RBAC}/v1:ClusterRoleBinding": {
        "roleRef.name": ("cluster-admin",),
    },
    f"kubernetes:{_RBAC}/v1:Role": {
        "rules.*.apiGroups.*": ("*",),
        "rules.*.resourceNames.*": (ABSENT,),
        "rules.*.resources.*": ("*",),
        "rules.*.verbs.*": ("*",),
    },
    f"kubernetes:{_RBAC}/v1:RoleBinding": {
        "roleRef.name": ("cluster-admin",),
    },
}
