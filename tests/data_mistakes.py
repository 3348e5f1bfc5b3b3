"""Mistakes an operator can make in what a stack file says of stores, backups, secrets and images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

DATA_MISTAKES: Final[Sequence[tuple[Mapping[str, object], str]]] = (
    (
        {"database__active": "other"},
        'database.active: "other" is no entry of database.instances; name one of them: main',
    ),
    (
        {"database__instances__main__engine_version": "17.6"},
        "database.instances.main.engine_version: \"17.6\" must be a section; write `kind:` below it, one of 'automatic' or 'pinned'",
    ),
    (
        {"database__instances__main__engine_version": {"kind": "automatic", "major": "17.6"}},
        "database.instances.main.engine_version.major: \"17.6\" must be a major version of PostgreSQL, 15 to 18, in quotes; minors upgrade themselves; write it like '17'",
    ),
    (
        {"database__instances__main__engine_version": {"kind": "pinned", "version": "17"}},
        "database.instances.main.engine_version.version: \"17\" must be an exact version of PostgreSQL, 15 to 18, in quotes; write it like '17.6'",
    ),
    (
        {"database__instances__main__engine_version": {"kind": "pinned", "major": "17", "version": "17.6"}},
        "database.instances.main.engine_version.major: is no field of this section; remove it, or use one of kind, version",
    ),
    (
        {"database__instances__main__engine_version": {"kind": "automatic", "major": "18"}},
        'server.images.postgres: "17.11" cannot dump database.instances.main, which is PostgreSQL 18; write 18 or later',
    ),
    (
        {"database__instances__main__origin": {"kind": "backup"}},
        "database.instances.main.origin.kind: \"backup\" is no choice; choose one of 'new' or 'point_in_time' or 'replicated_backup' or 'snapshot'",
    ),
    (
        {"database__instances__main__origin": {"kind": "snapshot", "snapshot": "two--hyphens"}},
        "database.instances.main.origin.snapshot: \"two--hyphens\" must be the name or the ARN of a snapshot; write it like 'rds:tmi-prod-main-2026-11-01-02-10'",
    ),
    (
        {
            "database__instances__main__origin": {
                "kind": "snapshot",
                "snapshot": "arn:aws:rds:eu-central-1:111111111111:snapshot:awsbackup:job-0000example",
            }
        },
        'database.instances.main.origin.snapshot: "arn:aws:rds:eu-central-1:111111111111:snapshot:awsbackup:j… is not of account 111111111111 in eu-west-1; take the one that stack exports for this region',
    ),
    (
        {"database__instances__main__origin": {"kind": "point_in_time", "source": "tmi-dev-old", "time": "yesterday"}},
        "database.instances.main.origin.time: \"yesterday\" must be a moment in UTC, in quotes, or latest; write it like '2026-11-27T03:00:00Z'",
    ),
    (
        {"database__instances__main__origin": {"kind": "point_in_time", "source": "tmi-dev-main", "time": "latest"}},
        'database.instances.main.origin.source: "tmi-dev-main" is this instance itself; add the restore under a name of its own',
    ),
    (
        {
            "database__instances__main__origin": {
                "kind": "replicated_backup",
                "automated_backup": "arn:aws:rds:eu-west-1:111111111111:auto-backup:ab-0000example",
                "time": "latest",
            }
        },
        "secrets.settings_key.kind: \"single\" cannot read what database.instances.main brings with it; write 'existing' and name its copy here",
    ),
    (
        {"database__instances__main__retiring": True},
        "database.instances.main.retiring: true is the active instance; move database.active to another one first",
    ),
    (
        {"secrets__settings_key": {"kind": "rotating", "label": "2026-11", "previous": "2026-11"}},
        'secrets.settings_key.previous: "2026-11" is the new key\'s label too; write the label the key had before',
    ),
    (
        {
            "secrets__settings_key": {
                "kind": "existing",
                "secret_arn": "arn:aws:secretsmanager:eu-west-1:111111111111:secret:key-AbCdEf",
                "key_arn": "arn:aws:kms:eu-west-1:222222222222:key/00000000-0000-0000-0000-000000000000",
            }
        },
        'secrets.settings_key.key_arn: "arn:aws:kms:eu-west-1:222222222222:key/00000000-0000-0000-… is not of account 111111111111 in eu-west-1; take the one that stack exports for this region',
    ),
    (
        {"recovery": {"kind": "region", "region": "eu-west-1", "backup_retention_days": 7}},
        'recovery.region: "eu-west-1" is the stack\'s own region; name another one',
    ),
    (
        {"registry__tmi_images": {"kind": "replicated", "stack": "tmi-dev"}},
        'registry.tmi_images.stack: "tmi-dev" is this stack; name the one whose images are here',
    ),
    (
        {"registry__scanning": "thorough"},
        "registry.scanning: \"thorough\" is no choice; choose one of 'basic' or 'enhanced'",
    ),
    (
        {"cache__engine": {"kind": "valkey", "version": "7.2"}},
        "cache.engine.version: \"7.2\" must be Valkey 8.0 to 8.2, in quotes; write it like '8.0'",
    ),
    (
        {"database__instances__main__instance_class": "db.banana"},
        "database.instances.main.instance_class: \"db.banana\" is no instance class of the table; choose one like 'db.m7g.large'",
    ),
    (
        {"database__instances__main__storage_gib": 100},
        "database.instances.main.storage_ceiling_gib: 100 must be a tenth above storage_gib (100) at least; write 110 or more",
    ),
    (
        {"database__instances__main__backup_retention_days": 0},
        "database.instances.main.backup_retention_days: 0 must be 7 to 35 days; choose a number in that range",
    ),
    (
        {"database__instances__main__maintenance_window": "sun:02:30-sun:03:30"},
        'database.instances.main.maintenance_window: "sun:02:30-sun:03:30" must not overlap the daily backup (02:00-03:00); move one of them',
    ),
    (
        {
            "database__instances__main__replicas": {
                "a": {"zone": "eu-west-1c", "instance_class": "db.t4g.medium", "retiring": False}
            }
        },
        'database.instances.main.replicas.a.zone: "eu-west-1c" must be one of network.zones; name one of eu-west-1a, eu-west-1b',
    ),
    (
        {"cache__maintenance_window": "mon:01:30-mon:02:30"},
        'cache.maintenance_window: "mon:01:30-mon:02:30" must not overlap the daily backup (02:00-03:00); move one of them',
    ),
    (
        {"backup__time": "03:00"},
        'backup.time: "03:00" is in the maintenance window of database.instances.main (sun:03:30-sun:04:30) or up to two hours before it; choose an earlier or a later hour',
    ),
)
"""In the dev stack."""
