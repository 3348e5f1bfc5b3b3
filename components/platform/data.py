"""The data floor: secrets, PostgreSQL and Redis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.backup import BACKUP_TAGS
from components.cache import Cache, CacheArgs
from components.database import Database, DatabaseArgs
from components.database_names import connection_url, primary_identifier
from components.firewall import Peer
from components.log_sink import LogClass
from components.platform.foundation import Foundation, RecoveryGround
from components.secret import Replica, Secret, SecretArgs
from components.secrets import Secrets, SecretsArgs
from components.settings import StackFile
from components.settings.content_addresses import delegated_sources


@dataclass(frozen=True, kw_only=True, slots=True)
class Data:
    """What holds TMI's data, and what opens it."""

    secrets: Secrets
    databases: Mapping[str, Database]
    """Every primary by its name in the stack file."""
    active: Database
    """The one TMI speaks to."""
    database_url: Secret
    """How TMI reaches it."""
    cache: Cache


def data(file: StackFile, base: Foundation, opts: pulumi.ResourceOptions) -> Data:
    """The secrets first: the stores take their passwords from them."""
    settings = file.settings
    replica = _replica(base.recovery)
    secrets = Secrets(
        "secrets",
        SecretsArgs(
            account=settings.account,
            key_arn=base.encryption.secrets_key_arn,
            settings=settings.secrets,
            database_instances=tuple(sorted(settings.database.instances)),
            given=file.given_secrets,
            linked_accounts=bool(delegated_sources(settings.server.content.sources)),
            replica=replica,
            deletion_protection=settings.deletion_protection,
        ),
        opts,
    )
    logs = base.sink(LogClass.DATABASE)
    databases = {
        name: Database(
            f"database-{name}",
            DatabaseArgs(
                identifier=primary_identifier(settings.name, name),
                region=settings.region,
                account=settings.account,
                settings=instance,
                subnet_ids=base.network.data_subnet_ids,
                security_group_id=base.firewall.group_ids[Peer.DATABASE],
                key_arn=base.encryption.data_key_arn,
                logs=logs,
                master=secrets.database_master[name],
                tags=BACKUP_TAGS,
                deletion_protection=settings.deletion_protection,
            ),
            opts,
        )
        for name, instance in sorted(settings.database.instances.items())
    }
    active = databases[settings.database.active]
    database_url = Secret(
        "database-url",
        SecretArgs(
            account=settings.account,
            key_arn=base.encryption.secrets_key_arn,
            recovery_window_days=settings.secrets.recovery_window_days,
            description="How TMI reaches PostgreSQL, its password included",
            value=connection_url(active.address, secrets.database_owner.value),
            replica=replica,
        ),
        opts,
    )
    cache = Cache(
        "cache",
        CacheArgs(
            replication_group_id=settings.name,
            settings=settings.cache,
            zones=settings.network.zones,
            subnet_ids=base.network.data_subnet_ids,
            security_group_id=base.firewall.group_ids[Peer.CACHE],
            key_arn=base.encryption.data_key_arn,
            logs=logs,
            token=secrets.redis,
            deletion_protection=settings.deletion_protection,
        ),
        opts,
    )
    return Data(
        secrets=secrets,
        databases=databases,
        active=active,
        database_url=database_url,
        cache=cache,
    )


def _replica(recovery: RecoveryGround | None) -> Replica | None:
    """Where each secret is kept beside the home region."""
    if recovery is None:
        return None
    return Replica(region=recovery.settings.region, key_arn=recovery.keys.secrets_key_arn)
