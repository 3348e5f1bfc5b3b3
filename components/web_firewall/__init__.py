"""AWS WAF in front of the load balancer: `rules` in their order, `managed_groups` of AWS, and what is logged."""

from components.web_firewall.web_firewall import WebFirewall, WebFirewallArgs

__all__ = ["WebFirewall", "WebFirewallArgs"]
