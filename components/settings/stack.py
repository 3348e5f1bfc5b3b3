"""The whole of `tmi:stack`."""

from __future__ import annotations

from components.settings.choices import Tier
from components.settings.cluster import ClusterSettings
from components.settings.data import CacheSettings, DatabaseSettings
from components.settings.edge import LoadBalancerSettings, WebFirewallSettings
from components.settings.model import Section
from components.settings.network import NetworkSettings
from components.settings.safekeeping import BackupSettings, Recovery, SecretsSettings
from components.settings.sections import MonitoringSettings, RegistrySettings
from components.settings.server import ServerSettings
from components.settings.vocabulary import AccountId, HttpsUrl, Region, StackName


class Settings(Section):
    """Everything that makes one stack differ from another. What can differ has no default."""

    name: StackName
    """The prefix of the physical names that AWS asks for. Stacks of one account need different ones."""
    tier: Tier
    """How much the stack matters; policies ask more of production."""
    account: AccountId
    """The one AWS account the stack may touch."""
    region: Region
    """Where it stands."""
    repository: HttpsUrl
    """Where its program is kept; a tag on every resource."""
    deletion_protection: bool
    """Whether data, keys, the cluster and the load balancer refuse to be deleted, by AWS and by Pulumi."""
    network: NetworkSettings
    """The VPC."""
    secrets: SecretsSettings
    """Secrets Manager."""
    database: DatabaseSettings
    """PostgreSQL."""
    cache: CacheSettings
    """Redis."""
    backup: BackupSettings
    """What is kept beside the stores' own backups."""
    recovery: Recovery
    """What a second region keeps."""
    registry: RegistrySettings
    """Container images."""
    cluster: ClusterSettings
    """Kubernetes."""
    load_balancer: LoadBalancerSettings
    """The front door."""
    web_firewall: WebFirewallSettings
    """What the front door refuses."""
    server: ServerSettings
    """TMI."""
    monitoring: MonitoringSettings
    """Logs, alarms and costs."""
