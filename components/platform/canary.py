"""Who tries TMI from inside the VPC."""

from __future__ import annotations

import pulumi

from components.firewall import Peer
from components.log_sink import LogClass
from components.monitoring import Canary, CanaryArgs
from components.platform.data import Data
from components.platform.foundation import Foundation
from components.settings import Settings
from components.settings.availability import DeepCheckCanary
from components.settings.given_secrets import DEEP_CHECK


def canary(settings: Settings, base: Foundation, stores: Data, after_server: pulumi.ResourceOptions) -> None:
    """The canary, if there is one: once TMI runs, or its first runs would page."""
    wanted = settings.monitoring.canary
    if not isinstance(wanted, DeepCheckCanary):
        return
    Canary(
        "canary",
        CanaryArgs(
            stack_name=settings.name,
            account=settings.account,
            region=settings.region,
            runtime=wanted.runtime,
            site=f"https://{settings.load_balancer.domain}",
            client_id=wanted.client_id,
            client_secret_arn=stores.secrets.given[DEEP_CHECK].arn,
            secrets_key_arn=base.encryption.secrets_key_arn,
            threat_model=wanted.threat_model,
            subnet_ids=base.network.app_subnet_ids,
            security_group_id=base.firewall.group_ids[Peer.CANARY],
            data_key_arn=base.encryption.data_key_arn,
            logs=base.sink(LogClass.APPLICATION),
        ),
        after_server,
    )
