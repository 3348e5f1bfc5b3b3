"""The load balancer's component as a test makes it: two names, a zone, and what the test changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from components.load_balancer import LoadBalancer, LoadBalancerArgs
from components.pool_route import PoolRoute, PoolRouteArgs
from components.settings.edge import LoadBalancerSettings
from tests.cloud import Cloud, run

DOMAINS: Final = ("tmi.example.com", "threat-models.example.com")
PUBLIC_ZONE: Final = "Z00000000EXAMPLE"
INTERNET_FACING: Final = {"kind": "internet_facing"}


def internal(zone: Mapping[str, str]) -> dict[str, object]:
    """The scheme of an internal load balancer whose names are in that zone."""
    return {"kind": "internal", "client_cidrs": ("10.200.0.0/16",), "zone": dict(zone)}


def arguments(
    *, pool: bool = False, deletion_protection: bool = True, cold_after_days: int | None = 90, **fields: object
) -> LoadBalancerArgs:
    """What the program would pass; `fields` are those of the settings that the test changes."""
    given: dict[str, object] = {
        "scheme": INTERNET_FACING,
        "domain": DOMAINS[0],
        "alternative_names": DOMAINS[1:],
        "zone_id": PUBLIC_ZONE,
        "certificate": {"kind": "requested"},
        "takes_over": False,
        "caa_record": True,
        "idle_timeout_seconds": 120,
        "log_retention_days": 365,
    }
    return LoadBalancerArgs(
        stack_name="tmi-dev",
        account="111111111111",
        settings=LoadBalancerSettings.model_validate({**given, **fields}),
        vpc_id="vpc-1",
        subnet_ids=["subnet-a", "subnet-b"],
        security_group_id="sg-alb",
        cluster_name="tmi-dev",
        pool=pool,
        logs_cold_after_days=cold_after_days,
        deletion_protection=deletion_protection,
    )


def _record(_: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"fqdn": inputs["name"]}


def _bucket(name: str, _: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"arn": f"arn:aws:s3:::{name}", "bucket": name}


def _zone(name: str, _: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"zoneId": f"{name}-zone-id"}


def balancer(
    *,
    pool: bool = False,
    deletion_protection: bool = True,
    cold_after_days: int | None = 90,
    preview: bool = False,
    **fields: object,
) -> Cloud:
    """The component of these arguments, recorded, with the way to the pool where there is one."""
    args = arguments(pool=pool, deletion_protection=deletion_protection, cold_after_days=cold_after_days, **fields)

    def program() -> None:
        made = LoadBalancer("load-balancer", args)
        if made.pool_targets:
            PoolRoute(
                "pool-route",
                PoolRouteArgs(listener_arn=made.https_listener_arn, target_group_arn=made.pool_targets.arn),
            )

    return run(
        program,
        computed={
            "aws:route53/record:Record": _record,
            "aws:route53/zone:Zone": _zone,
            "aws:s3/bucket:Bucket": _bucket,
        },
        preview=preview,
    )
