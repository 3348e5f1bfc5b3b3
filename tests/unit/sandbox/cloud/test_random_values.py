from __future__ import annotations

import base64
import re

import pytest

from sandbox.cloud.backend import ProviderSettings
from sandbox.cloud.catalogue import resource_type
from sandbox.cloud.random_values import MAKERS, Random
from sandbox.cloud.values import UNKNOWN, Secret, Value
from sandbox.cloud.world import Resource
from tests.unit.sandbox.cloud.making import resource, world

PASSWORD = "random:index/randomPassword:RandomPassword"  # noqa: S105 -- a type token


def draw(token: str, **inputs: Value) -> Resource:
    return Random().create(resource(token, **inputs), world(), ProviderSettings())


def password(**inputs: Value) -> str:
    result = draw(PASSWORD, **inputs).outputs["result"]
    assert isinstance(result, Secret)
    assert isinstance(result.value, str)
    return result.value


def test_a_password_has_the_length_and_the_characters_asked_for() -> None:
    assert re.fullmatch(r"[A-Za-z0-9]{48}", password(length=48.0, special=False))
    assert re.fullmatch(r"[a-z]{20}", password(length=20.0, special=False, upper=False, numeric=False))
    assert re.fullmatch(r"[-_]{9}", password(length=9.0, overrideSpecial="-_", upper=False, lower=False, numeric=False))
    assert len(re.findall(r"\d", password(length=8.0, special=False, minNumeric=8.0))) == 8


def test_values_are_drawn_anew_each_time() -> None:
    assert password(length=48.0) != password(length=48.0)


def test_bytes_and_ids_are_the_same_value_in_each_form() -> None:
    made = draw("random:index/randomBytes:RandomBytes", length=32.0).outputs
    assert isinstance(made["hex"], Secret)
    assert isinstance(made["base64"], Secret)
    assert base64.b64decode(str(made["base64"].value)).hex() == made["hex"].value

    identifier = draw("random:index/randomId:RandomId", byteLength=4.0, prefix="tmi-").outputs
    assert re.fullmatch(r"tmi-[0-9a-f]{8}", str(identifier["hex"]))
    assert identifier["dec"] == f"tmi-{int(str(identifier['hex']).removeprefix('tmi-'), 16)}"


def test_a_preview_knows_no_value() -> None:
    wanted = resource(PASSWORD, length=48.0)

    assert Random().foresee(wanted, {}, world(), ProviderSettings())["result"] is UNKNOWN


@pytest.mark.parametrize("token", MAKERS)
def test_the_makers_give_outputs_that_exist(token: str) -> None:
    made = draw(token, length=8.0, byteLength=8.0).outputs

    assert made.keys() - {"region", "length", "byteLength"} <= resource_type(token).outputs


def test_what_is_not_drawn_here_is_refused() -> None:
    token = "random:index/randomPet:RandomPet"  # noqa: S105 -- a type token

    assert [str(failure) for failure in Random().malformed(token, {})] == [f"the sandbox draws no {token}"]
