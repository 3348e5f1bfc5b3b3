"""Changes that break the rules of the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from policy.facts.replicas import DATABASE
from policy.graph import Graph, Resource
from policy.values import UNKNOWN, Plain, elements, present, read
from tests.policy.mutations.changing import Mutation, first, with_property, with_resource, without

_CACHE: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
_REPLICATION: Final = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
_VERSION: Final = "aws:secretsmanager/secretVersion:SecretVersion"


def _setting(token: str, **properties: Plain) -> Callable[[Graph], Graph]:
    """Some properties of the first resource of a type become others."""

    def apply(graph: Graph) -> Graph:
        resource = first(graph, token)
        return with_resource(graph, replace(resource, properties={**resource.properties, **properties}))

    return apply


def _gone(token: str) -> Callable[[Graph], Graph]:
    """The first resource of a type is not declared."""
    return lambda graph: without(graph, first(graph, token))


def _replica(graph: Graph) -> Resource:
    found = [each for each in graph.of_type(DATABASE) if present(each.get("replicateSourceDb"))]
    assert found, "the database has no replica"
    return found[0]


def _public_everywhere(graph: Graph) -> Graph:
    for instance in graph.of_type(DATABASE):
        graph = with_property(graph, instance, "publiclyAccessible", value=True)
    return graph


def _default_subnets(graph: Graph) -> Graph:
    primary = first(graph, DATABASE)
    kept = {name: urns for name, urns in primary.dependencies.items() if name != "dbSubnetGroupName"}
    return with_resource(graph, replace(primary, dependencies=kept))


def _unwatched(graph: Graph) -> Graph:
    return with_property(graph, _replica(graph), "monitoringInterval", 0)


def _exact_and_automatic(graph: Graph) -> Graph:
    return with_property(graph, first(graph, DATABASE), "engineVersion", "17.2")


def _replica_of_another_authority(graph: Graph) -> Graph:
    return with_property(graph, _replica(graph), "caCertIdentifier", "rds-ca-rsa4096-g1")


def _forgetful(graph: Graph) -> Graph:
    group = first(graph, "aws:elasticache/parameterGroup:ParameterGroup")
    return with_property(graph, group, "parameters", [{"name": "maxmemory-policy", "value": "allkeys-lru"}])


def _silent_cache(graph: Graph) -> Graph:
    cache = first(graph, _CACHE)
    kept = [each for each in elements(cache.get("logDeliveryConfigurations")) if read(each, "logType") != "engine-log"]
    return with_property(graph, cache, "logDeliveryConfigurations", kept)


def _one_without_copy(graph: Graph) -> Graph:
    secret = first(graph, "aws:secretsmanager/secret:Secret")
    kept = {name: urns for name, urns in secret.dependencies.items() if name != "replicas"}
    return with_resource(graph, replace(secret, properties={**secret.properties, "replicas": None}, dependencies=kept))


def _other_tag(graph: Graph) -> Graph:
    return with_property(graph, first(graph, DATABASE), "tags", {"tmi:backup": "never"})


def _changed_rules(change: Callable[[Mapping[str, Plain]], Plain]) -> Callable[[Graph], Graph]:
    def apply(graph: Graph) -> Graph:
        plan = first(graph, "aws:backup/plan:Plan")
        rules = [change(rule) if isinstance(rule, Mapping) else rule for rule in elements(plan.get("rules"))]
        return with_property(graph, plan, "rules", rules)

    return apply


def _foreign_key(graph: Graph) -> Graph:
    vaults = graph.of_type("aws:backup/vault:Vault")
    here = next(vault for vault in vaults if graph.region(vault) == "eu-west-1")
    away = next(vault for vault in vaults if graph.region(vault) == "eu-central-1")
    dependencies = {**away.dependencies, "kmsKeyArn": here.dependencies["kmsKeyArn"]}
    return with_resource(graph, replace(away, dependencies=dependencies))


def _other_prefix(graph: Graph) -> Graph:
    rule = first(graph, "aws:ecr/pullThroughCacheRule:PullThroughCacheRule")
    kept = {name: urns for name, urns in rule.dependencies.items() if name != "ecrRepositoryPrefix"}
    properties = {**rule.properties, "ecrRepositoryPrefix": "other"}
    return with_resource(graph, replace(rule, properties=properties, dependencies=kept))


def _parameter(name: str, value: Plain) -> Callable[[Graph], Graph]:
    """A parameter of PostgreSQL has another value."""

    def apply(graph: Graph) -> Graph:
        group = first(graph, "aws:rds/parameterGroup:ParameterGroup")
        kept = [each for each in elements(group.get("parameters")) if read(each, "name") != name]
        return with_property(graph, group, "parameters", [*kept, {"name": name, "value": value}])

    return apply


def _unheard_databases(graph: Graph) -> Graph:
    for rule in graph.of_type("aws:cloudwatch/eventRule:EventRule"):
        if "aws.rds" in str(rule.get("eventPattern")):
            graph = without(graph, rule)
    return graph


DATA: Final = (
    Mutation("databases-private", "every database has a public address", _public_everywhere),
    Mutation(
        "databases-private",
        "a database stands in the default network",
        _default_subnets,
        frozenset({"data-behind-two-locks"}),  # whose routes and ACLs nobody knows
    ),
    Mutation("databases-watched", "nobody measures a replica's operating system", _unwatched),
    Mutation("databases-current", "an exact version is upgraded", _exact_and_automatic),
    Mutation("databases-recoverable", "backups stay for a day", _setting(DATABASE, backupRetentionPeriod=1)),
    Mutation("databases-recoverable", "a database goes without a snapshot", _setting(DATABASE, skipFinalSnapshot=True)),
    Mutation("replicas-held-alike", "a replica is certified by another authority", _replica_of_another_authority),
    Mutation(
        "replicated-passwords-own",
        "RDS keeps the password of a source",
        _setting(DATABASE, manageMasterUserPassword=True),
    ),
    Mutation("statements-logged", "no statement is logged", _parameter("log_min_duration_statement", "-1")),
    Mutation("values-unlogged", "values are logged", _parameter("log_parameter_max_length", "-1")),
    Mutation("connections-logged", "connections are not logged", _parameter("log_connections", "0")),
    Mutation("postgres-tls-current", "PostgreSQL speaks TLS 1.0", _parameter("ssl_min_protocol_version", "TLSv1")),
    Mutation("masters-named", "everybody knows the master's name", _setting(DATABASE, username="postgres")),
    Mutation("backups-outlive-databases", "backups go first", _setting(DATABASE, deleteAutomatedBackups=True)),
    Mutation("storage-grows", "a disk stays as small as it is", _setting(DATABASE, maxAllocatedStorage=None)),
    Mutation("changes-wait", "a database restarts at noon", _setting(DATABASE, applyImmediately=True)),
    Mutation("databases-tell", "nobody is told of a failure", _unheard_databases),
    Mutation("caches-leave-snapshot", "a cache leaves nothing", _setting(_CACHE, finalSnapshotIdentifier=None)),
    Mutation("caches-survive", "no replica takes over", _setting(_CACHE, automaticFailoverEnabled=False)),
    Mutation("caches-keep-revocations", "a full cache forgets what nobody asks for", _forgetful),
    Mutation("caches-current", "AWS chooses the version of a cache", _setting(_CACHE, engineVersion=None)),
    Mutation("caches-logged", "a cache fails silently", _silent_cache),
    Mutation("credentials-not-in-state", "a secret's value is in the state", _setting(_VERSION, secretString="x")),
    Mutation("credentials-not-in-state", "a password is in the state", _setting(DATABASE, password=UNKNOWN)),
    Mutation("secrets-guarded", "a secret has no value", _gone(_VERSION)),
    Mutation("secrets-guarded", "one secret has no copy", _one_without_copy),
    Mutation("databases-backed-up", "no selection has the database's tag", _other_tag),
    Mutation(
        "databases-backed-up",
        "nobody restores a backup",
        _gone("aws:backup/restoreTestingSelection:RestoreTestingSelection"),
    ),
    Mutation(
        "plans-keep-copies", "backups stay in one region", _changed_rules(lambda rule: {**rule, "copyActions": []})
    ),
    Mutation("plans-keep-copies", "backups stay for ever", _changed_rules(lambda rule: {**rule, "lifecycle": None})),
    Mutation("vaults-guarded", "whoever likes may delete backups", _gone("aws:backup/vaultPolicy:VaultPolicy")),
    Mutation("keys-in-region", "a vault's key is of another region", _foreign_key),
    Mutation(
        "plans-fit-locks",
        "a lock forbids what a plan keeps",
        _setting("aws:backup/vaultLockConfiguration:VaultLockConfiguration", minRetentionDays=400),
    ),
    Mutation(
        "restore-tests-inside",
        "a test restores into the default network",
        _setting("aws:backup/restoreTestingSelection:RestoreTestingSelection", restoreMetadataOverrides=None),
    ),
    Mutation("replications-kept", "a copy is gone after a day", _setting(_REPLICATION, retentionPeriod=1)),
    Mutation(
        "images-elsewhere",
        "images are in one region",
        _gone("aws:ecr/replicationConfiguration:ReplicationConfiguration"),
    ),
    Mutation("images-unchanging", "tags move", _setting("aws:ecr/repository:Repository", imageTagMutability="MUTABLE")),
    Mutation("images-unchanging", "images stay for ever", _gone("aws:ecr/lifecyclePolicy:LifecyclePolicy")),
    Mutation("pulls-by-template", "a pull makes a repository by no template", _other_prefix),
)
