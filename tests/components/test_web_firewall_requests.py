"""What the web firewall lets through and what it refuses, asked request by request."""

from __future__ import annotations

import pytest

from tests.waf_requests import MANAGED_RULES, Request
from tests.web_firewall import ORIGINS, firewall, model

BODY_RULES = sorted(name for name in MANAGED_RULES if name.endswith("_BODY"))
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
WEBSOCKET = "/threat_models/1/diagrams/2/ws"

PASSES = [
    Request(path="/"),
    Request(path="/threat_models", headers=JSON),
    Request(path="/threat_models", headers=JSON | {"Content-Length": str(2 * 1024 * 1024)}),
    Request(path="/threat_models/1/threats", headers=JSON, matched=BODY_RULES),
    Request(path="/threat_models/1", headers={"Content-Type": "application/json-patch+json"}, matched=["SQLi_BODY"]),
    Request(path="/threat_models", headers={"content-type": "Application/JSON; charset=UTF-8"}, matched=BODY_RULES),
    Request(path="/oauth2/callback", query="code=" + "c" * 8187, matched=["SizeRestrictions_QUERYSTRING"]),
    Request(path="/saml/corporate/acs", headers=FORM | {"Content-Length": "20000"}, matched=["SizeRestrictions_BODY"]),
    Request(path="/oauth2/token", headers=FORM),
    Request(path=WEBSOCKET, query="ticket=t", headers={"Origin": "https://ui.example.com"}),
    Request(path=WEBSOCKET, headers={"origin": "https://review.example.com"}),
    Request(path=WEBSOCKET),
    Request(path="/threat_models", headers={"Origin": "https://elsewhere.example.net"}),
    Request(path="/threat_models", recent=3000),
    Request(path="/", recent=60),
    Request(path="/oauth2/authorize", recent=300),
    Request(path="/saml/corporate/login", recent=300),
    Request(path="/oauth2/token", recent=100),
    Request(path="/oauth2/tokens", recent=101),
    Request(path="/robots.txt", recent=3000),
]

REFUSED = [
    (Request(headers=JSON | {"Content-Length": str(2 * 1024 * 1024 + 1)}), "declared-length"),
    (Request(headers=JSON | {"Content-Length": "000099999999"}), "declared-length"),
    (Request(headers=JSON | {"Content-Length": "9" * 30}), "declared-length"),
    (Request(path="/oauth2/callback", query="q" * 8193), "query-length"),
    (Request(recent=3001), "rate-site"),
    (Request(path="/", recent=61), "rate-root"),
    (Request(path="/oauth2/authorize", recent=301), "rate-login"),
    (Request(path="/%6fauth2/authorize", recent=301), "rate-login"),
    (Request(path="/saml/corporate/login", recent=301), "rate-login"),
    (Request(path="/oauth2/token", recent=101), "rate-token"),
    (Request(path="/oauth2/refresh", recent=101), "rate-token"),
    (Request(path=WEBSOCKET, headers={"Origin": "https://ui.example.com.evil.example"}), "websocket-origin"),
    (Request(path=WEBSOCKET, headers={"Origin": "https://ui.example.co"}), "websocket-origin"),
    (Request(path=WEBSOCKET, headers={"Origin": "http://ui.example.com"}), "websocket-origin"),
    (Request(path=WEBSOCKET, headers={"Origin": "http://localhost:4200"}), "websocket-origin"),
    (Request(path=WEBSOCKET, headers={"Origin": "null"}), "websocket-origin"),
    (Request(path="/threat_models/1/diagrams/2/%77s", headers={"Origin": "https://x.example"}), "websocket-origin"),
    (Request(matched=["AWSManagedIPReputationList"]), "AWSManagedIPReputationList"),
    (Request(matched=["Log4JRCE_QUERYSTRING"]), "Log4JRCE_QUERYSTRING"),
    (Request(headers=JSON, matched=["JavaDeserializationRCE_HEADER"]), "JavaDeserializationRCE_HEADER"),
    (Request(matched=["CrossSiteScripting_QUERYARGUMENTS"]), "CrossSiteScripting_QUERYARGUMENTS"),
    (Request(matched=["EC2MetaDataSSRF_QUERYARGUMENTS"]), "EC2MetaDataSSRF_QUERYARGUMENTS"),
    (Request(matched=["SizeRestrictions_Cookie_HEADER"]), "SizeRestrictions_Cookie_HEADER"),
    (Request(matched=["GenericLFI_URIPATH"]), "GenericLFI_URIPATH"),
    (Request(headers=JSON, matched=["CrossSiteScripting_BODY", "SQLi_COOKIE"]), "SQLi_COOKIE"),
    *(
        (Request(path="/oauth2/token", headers=headers, matched=[rule]), "attack-in-body")
        for rule in BODY_RULES
        if rule != "SizeRestrictions_BODY"
        for headers in (FORM, {}, {"Content-Type": "text/plain; application/json"})
    ),
]


def told(value: Request | str) -> str:
    """The id of a row, without the long values."""
    if isinstance(value, str):
        return value
    details = ", ".join([*value.headers.values(), *value.matched, str(value.recent)])
    return f"{value.path} {details}"[:90]


@pytest.mark.parametrize("request_", PASSES, ids=told)
def test_what_tmi_needs_passes(request_: Request) -> None:
    assert model(firewall()).decide(request_) is None


@pytest.mark.parametrize(("request_", "rule"), REFUSED, ids=told)
def test_what_is_refused_and_by_which_rule(request_: Request, rule: str) -> None:
    assert model(firewall()).decide(request_) == rule


def test_one_origin_is_compared_as_well_as_many() -> None:
    one = model(firewall(origins=ORIGINS[:1]))
    assert one.decide(Request(path=WEBSOCKET, headers={"Origin": ORIGINS[0]})) is None
    assert one.decide(Request(path=WEBSOCKET, headers={"Origin": ORIGINS[1]})) == "websocket-origin"


@pytest.mark.parametrize(
    ("countries", "networks", "address", "country", "rule"),
    [
        ((), (), "192.0.2.1", "BR", None),
        (("DE",), (), "192.0.2.1", "DE", None),
        (("DE",), (), "192.0.2.1", "BR", "allow-lists"),
        ((), ("203.0.113.0/24",), "203.0.113.9", "BR", None),
        ((), ("203.0.113.0/24",), "192.0.2.1", "DE", "allow-lists"),
        (("DE", "AT"), ("203.0.113.0/24",), "203.0.113.9", "BR", None),
        (("DE", "AT"), ("203.0.113.0/24",), "192.0.2.1", "AT", None),
        (("DE", "AT"), ("203.0.113.0/24",), "192.0.2.1", "BR", "allow-lists"),
    ],
)
def test_the_allow_lists(
    countries: tuple[str, ...], networks: tuple[str, ...], address: str, country: str, rule: str | None
) -> None:
    request = Request(address=address, country=country)
    assert model(firewall(countries=countries, networks=networks)).decide(request) == rule
