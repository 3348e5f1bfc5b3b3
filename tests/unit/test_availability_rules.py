"""Who tries TMI is let in by the web firewall, or the stack file is refused."""

from __future__ import annotations

import pytest

from components.settings import parse
from tests.full_settings import EVERYTHING
from tests.stack_files import changed

DEEP_CHECK = EVERYTHING["monitoring__canary"]
INTERNAL = {"kind": "internal", "client_cidrs": ["10.0.0.0/8"], "zone": {"kind": "created"}}


@pytest.mark.parametrize(
    "fields",
    [
        {"web_firewall__allowed_countries": ["DE"], "web_firewall__allowed_networks": ["198.51.100.7/32"]},
        {"web_firewall__allowed_networks": ["198.51.100.7/32"]},
        {"load_balancer__scheme": INTERNAL},
        {"load_balancer__scheme": INTERNAL, "web_firewall__allowed_networks": ["192.168.0.0/16", "10.0.0.0/8"]},
    ],
)
def test_a_canary_that_may_be_let_in_is_accepted(fields: dict[str, object]) -> None:
    parse(changed("dev", monitoring__canary=DEEP_CHECK, **fields))


def test_without_a_canary_countries_are_the_stacks_own_business() -> None:
    parse(changed("dev", web_firewall__allowed_countries=["DE"]))
