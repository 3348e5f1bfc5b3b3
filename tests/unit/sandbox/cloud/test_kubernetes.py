from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

from sandbox.cloud.backend import Asked, ProviderSettings
from sandbox.cloud.kubernetes.backend import Kubernetes
from sandbox.cloud.kubernetes.checks import check_namespace_made, check_object
from sandbox.cloud.kubernetes.objects import CLUSTER_SCOPED, object_id
from sandbox.cloud.kubernetes.schema import OWN as OWN_SCHEMAS
from sandbox.cloud.kubernetes.schema import schema_version, supported_versions
from sandbox.cloud.naming import NameTooLongError
from sandbox.cloud.values import UNKNOWN, Properties, Secret, Value
from sandbox.cloud.world import Resource
from tests.unit.sandbox.cloud.making import resource, urn, world

CLUSTER = resource("aws:eks/cluster:Cluster", "tmi", "tmi", version="1.34")
NAMESPACE = resource(
    "kubernetes:core/v1:Namespace", "tmi", "tmi", apiVersion="v1", kind="Namespace", metadata={"name": "tmi"}
)


def object_(token: str, name: str = "x", /, **fields: Value) -> Resource:
    group_version, kind = token.removeprefix("kubernetes:").rsplit(":", 1)
    metadata: Value = {"name": name, "namespace": "tmi"}
    given: Properties = {
        "apiVersion": group_version.removeprefix("core/"),
        "kind": kind,
        "metadata": metadata,
        **fields,
    }
    return resource(token, name, **given)


def refused(wanted: Resource, *standing: Resource) -> list[str]:
    return [str(failure) for failure in check_object(wanted, world(CLUSTER, NAMESPACE, *standing))]


def deployment(**pod: Value) -> Resource:
    container: Value = {"name": "tmi", "image": "tmi"}
    template: Value = {"metadata": {"labels": {"app": "tmi"}}, "spec": {"containers": [container], **pod}}
    spec: Value = {"replicas": 1.0, "selector": {"matchLabels": {"app": "tmi"}}, "template": template}
    return object_("kubernetes:apps/v1:Deployment", "server", spec=spec)


def test_a_good_object_passes_with_unknown_values_too() -> None:
    assert refused(deployment()) == []
    assert refused(deployment(terminationGracePeriodSeconds=UNKNOWN, securityContext={"runAsNonRoot": UNKNOWN})) == []
    port: Value = {"port": 443.0, "targetPort": UNKNOWN}
    assert refused(object_("kubernetes:core/v1:Service", spec={"ports": [port]})) == []


@pytest.mark.parametrize(
    ("wanted", "start"),
    [
        (deployment(restartPolcy="Always"), "spec.template.spec: unknown field restartPolcy; known are "),
        (
            deployment(terminationGracePeriodSeconds="long"),
            "spec.template.spec.terminationGracePeriodSeconds: must be integer",
        ),
        (object_("kubernetes:apps/v1:Deployment", spec={"replicas": 1.0}), "spec: missing: selector, template"),
        (object_("kubernetes:apps/v1:Deploy"), "kind: apps/v1 Deploy is not served by Kubernetes 1.34"),
        (
            object_("kubernetes:monitoring.coreos.com/v1:ServiceMonitor"),
            (
                "kind: monitoring.coreos.com/v1 ServiceMonitor is not served by Kubernetes 1.34, "
                "and no CustomResourceDefinition defines it"
            ),
        ),
        (object_("kubernetes:core/v1:ConfigMap", "Server"), "metadata.name: 'Server' must be lower-case letters"),
        (
            deployment(serviceAccountName="tmi"),
            "spec.template.spec.serviceAccountName: there is no ServiceAccount 'tmi' in namespace tmi",
        ),
        (
            deployment(volumes=[{"name": "c", "configMap": {"name": "none"}}]),
            "spec.template.spec.volumes[0].configMap.name: there is no ConfigMap 'none' in namespace tmi",
        ),
        (
            deployment(
                volumes=[{"name": "s", "csi": {"driver": "d", "volumeAttributes": {"secretProviderClass": "none"}}}]
            ),
            "spec.template.spec.volumes[0].csi.volumeAttributes.secretProviderClass: there is no SecretProvider",
        ),
    ],
)
def test_a_bad_object_is_refused(wanted: Resource, start: str) -> None:
    messages = refused(wanted)
    assert len(messages) == 1
    assert messages[0].startswith(start)


def test_references_that_are_there_are_accepted() -> None:
    account = object_("kubernetes:core/v1:ServiceAccount", "tmi")
    config = object_("kubernetes:core/v1:ConfigMap", "settings")
    pod: Properties = {"serviceAccountName": "tmi", "volumes": [{"name": "c", "configMap": {"name": "settings"}}]}

    assert refused(deployment(**pod), account, config) == []
    assert refused(deployment(serviceAccountName="default")) == []
    authorities: Properties = {"name": "c", "projected": {"sources": [{"configMap": {"name": "kube-root-ca.crt"}}]}}
    assert refused(deployment(volumes=[authorities])) == []
    assert refused(deployment(volumes=[{"name": "c", "configMap": {"name": "none", "optional": True}}])) == []


def test_a_name_can_be_taken_once_for_each_kind() -> None:
    first, second = object_("kubernetes:core/v1:ConfigMap", "a"), object_("kubernetes:core/v1:ConfigMap", "a")
    second = Resource(urn=urn(second.type, "b"), inputs=second.inputs)

    assert refused(second, first) == ["metadata.name: already exists: a is the ConfigMap a in namespace tmi"]
    assert refused(object_("kubernetes:core/v1:ServiceAccount", "a"), first) == []


def test_a_namespace_must_be_asked_for_and_must_be_made_first() -> None:
    wanted = object_("kubernetes:core/v1:ConfigMap")
    asked_for = Resource(urn=NAMESPACE.urn, inputs=NAMESPACE.inputs)

    assert [str(failure) for failure in check_object(wanted, world(CLUSTER))] == [
        "metadata.namespace: there is no namespace 'tmi': take the name from the Namespace's metadata"
    ]
    assert check_object(wanted, world(CLUSTER, asked_for)) == []
    assert [str(failure) for failure in check_namespace_made(wanted, world(asked_for))] == [
        "metadata.namespace: namespace 'tmi' is not there yet: make the object depend on it"
    ]
    assert list(check_namespace_made(wanted, world(NAMESPACE))) == []


def test_without_a_cluster_there_is_nothing_to_put_it_in() -> None:
    assert [str(failure) for failure in check_object(deployment(), world())] == [
        "there is no EKS cluster to put it in: make one, and give its outputs to the provider"
    ]


def test_the_schemas_are_those_of_the_cluster_s_version() -> None:
    assert schema_version("1.34") == "1.34"
    assert schema_version(None) == supported_versions()[-1]
    assert schema_version("1.99") == supported_versions()[-1]


def test_messages_never_quote_a_secret_s_value() -> None:
    secret = object_("kubernetes:core/v1:Secret", data=Secret({"password": ["hidden"]}))

    assert refused(secret) == ["data.password: must be string"]


def fill(**fields: Value) -> Properties:
    given = object_("kubernetes:core/v1:ConfigMap", **fields).inputs
    asked = Asked(urn=urn("kubernetes:core/v1:ConfigMap"), name="settings", inputs=given, old_inputs={}, seed=b"seed")
    return Kubernetes().fill(asked, ProviderSettings())


def test_the_provider_fills_in_namespace_and_name() -> None:
    filled = fill(metadata={})

    metadata = filled["metadata"]
    assert isinstance(metadata, dict)
    assert metadata["namespace"] == "default"
    assert metadata["annotations"] == {"pulumi.com/autonamed": "true"}
    assert object_id(filled) == f"default/{metadata['name']}"
    assert str(metadata["name"]).startswith("settings-")
    again = Asked(urn=urn("kubernetes:core/v1:ConfigMap"), name="settings", inputs={}, old_inputs=filled, seed=b"other")
    kept = Kubernetes().fill(again, ProviderSettings())["metadata"]
    assert isinstance(kept, dict)
    assert kept["name"] == metadata["name"]


def test_a_name_is_never_shortened() -> None:
    asked = Asked(urn=urn("kubernetes:core/v1:ConfigMap"), name="a" * 250, inputs={}, old_inputs={}, seed=b"seed")
    with pytest.raises(NameTooLongError, match="is longer than 253 characters; shorten the logical name"):
        Kubernetes().fill(asked, ProviderSettings())


def test_a_name_the_program_chose_is_fixed_and_a_made_up_one_is_not() -> None:
    backend = Kubernetes()

    assert backend.fixed_name(object_("kubernetes:core/v1:ConfigMap", "a")) == ("ConfigMap", "tmi", "a")
    assert backend.fixed_name(resource("kubernetes:core/v1:ConfigMap", **fill(metadata={}))) is None


def test_values_of_a_secret_stay_secret() -> None:
    given: Properties = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "stringData": {"a": "b"}}
    asked = Asked(urn=urn("kubernetes:core/v1:Secret"), name="a", inputs=given, old_inputs={}, seed=b"seed")

    assert Kubernetes().fill(asked, ProviderSettings())["stringData"] == Secret({"a": "b"})


OWN = sorted(OWN_SCHEMAS.glob("*.json"), key=lambda file: file.name)


@pytest.mark.parametrize("file", OWN, ids=lambda file: file.stem)
def test_our_own_schemas_are_sound_and_closed(file: Path) -> None:
    schema = json.loads(file.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    kind = schema["properties"]["kind"]["const"]
    api_version = schema["properties"]["apiVersion"]["const"]

    assert file.stem == f"{api_version.replace('/', '-')}-{kind.lower()}"
    assert schema["$comment"].startswith("Written from ")
    assert (kind in CLUSTER_SCOPED) is not schema["x-namespaced"]
    open_objects = [
        part for part in _objects(schema) if "properties" in part and part.get("additionalProperties") is not False
    ]
    assert open_objects == []


def _objects(schema: object) -> list[dict[str, Any]]:
    if isinstance(schema, dict):
        entries = cast("dict[str, Any]", schema)
        return [entries, *(inner for value in entries.values() for inner in _objects(value))]
    if isinstance(schema, list):
        return [inner for value in cast("list[Any]", schema) for inner in _objects(value)]
    return []


GOOD: dict[str, Properties] = {
    "kubernetes:eks.amazonaws.com/v1:NodeClass": {
        "role": UNKNOWN,
        "subnetSelectorTerms": UNKNOWN,
        "securityGroupSelectorTerms": [{"id": UNKNOWN}],
        "networkPolicy": "DefaultDeny",
        "ephemeralStorage": {"size": "80Gi", "kmsKeyID": UNKNOWN},
    },
    "kubernetes:karpenter.sh/v1:NodePool": {
        "template": {
            "spec": {
                "nodeClassRef": {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": "tmi"},
                "requirements": [{"key": "kubernetes.io/arch", "operator": "In", "values": ["arm64"]}],
                "expireAfter": "336h",
            }
        },
        "limits": {"cpu": "64"},
        "disruption": {"consolidationPolicy": "WhenEmpty", "consolidateAfter": "10m", "budgets": [{"nodes": "1"}]},
    },
    "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass": {
        "provider": "aws",
        "parameters": {"objects": "[]", "usePodIdentity": "true"},
        "secretObjects": [{"secretName": "a", "type": "Opaque", "data": [{"objectName": "a", "key": "A"}]}],
    },
    "kubernetes:eks.amazonaws.com/v1:TargetGroupBinding": {
        "targetGroupARN": UNKNOWN,
        "targetType": "ip",
        "serviceRef": {"name": "server", "port": 8443.0},
    },
    "kubernetes:networking.k8s.aws/v1alpha1:ApplicationNetworkPolicy": {
        "podSelector": {"matchLabels": {"app": "tmi"}},
        "policyTypes": ["Egress"],
        "egress": [{"to": [{"domainNames": ["*.example.com"]}], "ports": [{"port": 443.0, "protocol": "TCP"}]}],
    },
    "kubernetes:networking.k8s.aws/v1alpha1:ClusterNetworkPolicy": {
        "tier": "Admin",
        "priority": 10.0,
        "subject": {"namespaces": {}},
        "egress": [{"action": "Deny", "to": [{"networks": ["169.254.169.254/32"]}]}],
    },
}


def test_every_schema_of_ours_has_an_object_that_fits() -> None:
    assert len(GOOD) == len(OWN)


@pytest.mark.parametrize("token", GOOD)
def test_custom_resources_are_checked_as_strictly(token: str) -> None:
    def custom(spec: Properties) -> Resource:
        kind = token.rsplit(":", 1)[1]
        metadata: Value = {"name": "x"} if kind in CLUSTER_SCOPED else {"name": "x", "namespace": "tmi"}
        return object_(token, metadata=metadata, spec=spec)

    assert refused(custom(GOOD[token])) == []
    messages = refused(custom({**GOOD[token], "misspelt": 1.0}))
    assert len(messages) == 1
    assert messages[0].startswith("spec: unknown field misspelt; known are ")


def application_policy(*peers: Properties, name: str = "x") -> Resource:
    spec: Value = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": list(peers)}]}
    return object_("kubernetes:networking.k8s.aws/v1alpha1:ApplicationNetworkPolicy", name, spec=spec)


@pytest.mark.parametrize(
    "peer",
    [
        {"domainNames": ["example.com"], "ipBlock": {"cidr": "10.0.0.0/8"}},
        {"domainNames": ["example.com"], "podSelector": {}},
        {"domainNames": ["example.com"], "namespaceSelector": {}},
        {"domainNames": []},
        {"domainNames": ["example.com", "example.com"]},
        {"domainNames": ["*"]},
        {"domainNames": ["login.*.example.com"]},
        {"domainNames": ["https://example.com"]},
    ],
)
def test_a_peer_is_a_list_of_names_or_something_else(peer: Properties) -> None:
    assert refused(application_policy({"domainNames": ["example.com", "*.example.com"]}, {"podSelector": {}})) == []
    messages = refused(application_policy(peer))
    assert len(messages) == 1
    assert messages[0].startswith("spec.egress[0].to[0]")


def test_two_kinds_of_network_policy_do_not_share_a_name() -> None:
    plain = object_("kubernetes:networking.k8s.io/v1:NetworkPolicy", "server", spec={"podSelector": {}})
    named = application_policy({"domainNames": ["example.com"]}, name="server")
    other = application_policy({"domainNames": ["example.com"]}, name="server-destinations")
    assert refused(other, plain) == refused(plain, other) == []
    assert refused(named, plain) == [
        "metadata.name: server is the NetworkPolicy server; of the two, EKS enforces one: name it otherwise"
    ]
    assert refused(plain, named) == [
        "metadata.name: server is the ApplicationNetworkPolicy server; of the two, EKS enforces one: name it otherwise"
    ]
