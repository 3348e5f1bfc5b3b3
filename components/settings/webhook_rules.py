"""Rules over webhooks and alerts: nothing is lost or doubled without the stack file saying so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from components.settings.choices import Delivery
from components.settings.names import covers
from components.settings.network import AllowListEgress, NetworkSettings
from components.settings.operation import AlertingWebhook
from components.settings.problems import Problem, of_value
from components.settings.server import ServerSettings
from components.settings.topology import HubAndPoolTopology
from components.settings.webhooks import EnabledWebhooks, ListedReceivers
from components.tmi_versions import Defect, has


def deliveries_readable(server: ServerSettings) -> Iterator[Problem]:
    """TMI's own encryption, or webhooks: a version that garbles deliveries can have one of them."""
    version = server.images.tmi
    together = isinstance(server.webhooks, EnabledWebhooks) and server.settings_encryption
    if together and has(version, Defect.SETTINGS_KEY_LOSES_DELIVERIES):
        rule = (
            f"loses deliveries while server.settings_encryption is true, since TMI {version} cannot read back what it "
            "encrypts of them; write 'none', or settings_encryption: false, which leaves TMI's settings to the "
            "encryption of the stores"
        )
        yield of_value("server.webhooks.kind", server.webhooks.kind, rule)


def alerts_arrive(server: ServerSettings) -> Iterator[Problem]:
    """Alerts are deliveries too, and small enough for TMI to garble them."""
    version = server.images.tmi
    together = isinstance(server.alerting, AlertingWebhook) and server.settings_encryption
    if together and has(version, Defect.SETTINGS_KEY_LOSES_DELIVERIES):
        rule = (
            f"never arrives while server.settings_encryption is true, since TMI {version} cannot read back what it "
            "encrypts of small deliveries; write 'none', or settings_encryption: false"
        )
        yield of_value("server.alerting.kind", server.alerting.kind, rule)


def encrypted_unless_delivering(server: ServerSettings) -> Iterator[Problem]:
    """TMI's own encryption is given up for deliveries, and for nothing else."""
    delivers = isinstance(server.webhooks, EnabledWebhooks) or isinstance(server.alerting, AlertingWebhook)
    if not server.settings_encryption and not delivers:
        rule = (
            "leaves the secrets among TMI's settings readable to whoever reads its database, and no webhook or alert "
            "asks for that; write true"
        )
        yield of_value("server.settings_encryption", server.settings_encryption, rule)


def deliveries_of_a_pool(server: ServerSettings) -> Iterator[Problem]:
    """Whoever receives from several processes is told that events repeat."""
    version, webhooks = server.images.tmi, server.webhooks
    if (
        isinstance(server.topology, HubAndPoolTopology)
        and isinstance(webhooks, EnabledWebhooks)
        and webhooks.delivery is not Delivery.AT_LEAST_ONCE
        and has(version, Defect.EVERY_PROCESS_DELIVERS)
    ):
        rule = (
            f"is not what a pool of TMI {version} does, each process of which delivers; write 'at_least_once' once all "
            "receivers drop an X-Webhook-Delivery-Id they know, or choose server.topology single"
        )
        yield of_value("server.webhooks.delivery", webhooks.delivery, rule)


def receivers_reachable(network: NetworkSettings, server: ServerSettings) -> Iterator[Problem]:
    """A receiver that TMI may call is one that its pods may connect to."""
    if not isinstance(server.webhooks, EnabledWebhooks) or not isinstance(network.egress, AllowListEgress):
        return
    receivers = server.webhooks.receivers
    if isinstance(receivers, ListedReceivers):
        for index, host in enumerate(receivers.hosts):
            if not any(covers(domain, host) for domain in network.egress.domains):
                path = f"server.webhooks.receivers.hosts.{index}"
                yield of_value(path, host, "is not among network.egress.domains, so no pod reaches it; add it there")


RULES: Final = (
    deliveries_readable,
    alerts_arrive,
    encrypted_unless_delivering,
    deliveries_of_a_pool,
    receivers_reachable,
)
"""Every rule of this module."""
