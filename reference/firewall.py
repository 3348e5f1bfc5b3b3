"""The page of security groups and network ACLs."""

from __future__ import annotations

from components.address_plan import NetworkTier
from components.firewall import GROUPS, RULES, Peer
from components.network_acls import ACLS, PATH_MTU_NUMBER, PATH_MTU_TIERS, AclRule
from reference import markdown


def page() -> str:
    """Who may speak to whom, why, and what the ACLs admit whatever the groups say."""
    return markdown.page(
        "# Firewall",
        "The tables of `components/firewall.py` and `components/network_acls.py`.",
        "## Who may speak to whom",
        "Each row opens connections, each column accepts them on the TCP ports named. What an empty cell stands for is "
        "refused at both ends. `clients` is any address where the load balancer faces the internet, else the networks "
        "that the stack file lists under `load_balancer.scheme.client_cidrs`; `internet` is any IPv4 address.",
        _matrix(),
        "## Security groups",
        markdown.table(("group", "of"), ((f"`{group}`", of) for group, of in GROUPS.items())),
        "## Rules",
        "Each is one resource at each of its ends that is a group; where clients are listed, one a network.",
        markdown.table(
            ("from", "to", "TCP port", "why"),
            ((f"`{rule.source}`", f"`{rule.target}`", str(rule.port), rule.why) for rule in RULES),
        ),
        "## Network ACLs",
        "What may cross the border of each tier's subnets, whatever the groups say. ACLs know no connections: answers "
        "need rules of their own. Everything that no row admits is denied.",
        *(block for tier in NetworkTier for block in (f"### {tier.capitalize()}", _acl(tier))),
    )


def _matrix() -> str:
    sources = [peer for peer in Peer if any(rule.source is peer for rule in RULES)]
    targets = [peer for peer in Peer if any(rule.target is peer for rule in RULES)]

    def ports(source: Peer, target: Peer) -> str:
        between = sorted(rule.port for rule in RULES if (rule.source, rule.target) == (source, target))
        return ", ".join(map(str, between))

    return markdown.table(
        ("from \\ to", *(f"`{target}`" for target in targets)),
        ((f"`{source}`", *(ports(source, target) for target in targets)) for source in sources),
    )


def _acl(tier: NetworkTier) -> str:
    rows = [
        (
            "out" if rule.egress else "in",
            rule.number,
            f"`{rule.peer}`" if rule.peer else "any",
            *_traffic(rule),
            rule.why,
        )
        for rule in ACLS[tier]
    ]
    if tier in PATH_MTU_TIERS:
        rows.append(
            ("in", PATH_MTU_NUMBER, "any", "ICMP", "3, code 4", "A path that is too narrow for a packet says so")
        )
    return markdown.table(
        ("direction", "number", "other end", "protocol", "port or type", "why"),
        ((direction, str(number), *rest) for direction, number, *rest in sorted(rows)),
    )


def _traffic(rule: AclRule) -> tuple[str, str]:
    if rule.ports is None:
        return "every", "every"
    first, last = rule.ports
    return "TCP", str(first) if first == last else f"{first} to {last}"
