from __future__ import annotations

import pytest

from policy.values import UNKNOWN, Plain, elements, is_private, network, present, read, show


@pytest.mark.parametrize(
    ("value", "path", "expected"),
    [
        ({"a": {"b": 1}}, ("a", "b"), 1),
        ({"a": {}}, ("a", "b"), None),
        ({"a": None}, ("a", "b"), None),
        ({"a": UNKNOWN}, ("a", "b"), UNKNOWN),
        ({"a": "text"}, ("a", "b"), UNKNOWN),
        ({"a": [1]}, ("a", "b"), UNKNOWN),
        (None, ("a",), None),
        (UNKNOWN, ("a",), UNKNOWN),
    ],
)
def test_what_cannot_be_read_is_unknown_and_what_is_not_there_is_none(
    value: Plain, path: tuple[str, ...], expected: Plain
) -> None:
    assert read(value, *path) == expected


def test_elements() -> None:
    assert list(elements(None)) == []
    assert list(elements([1, UNKNOWN])) == [1, UNKNOWN]
    assert [list(elements(value)) for value in (UNKNOWN, "text", {"a": 1}, 7)] == [[UNKNOWN]] * 4


def test_an_unknown_has_no_truth() -> None:
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(UNKNOWN)


def test_presence() -> None:
    assert [present(value) for value in ("x", UNKNOWN, False, 0, [""])] == [True] * 5
    nothing: list[Plain] = [None, "", [], {}]
    assert [present(value) for value in nothing] == [False] * 4


@pytest.mark.parametrize(
    ("value", "private"),
    [
        ("10.0.0.0/8", True),
        ("172.31.0.0/16", True),
        ("100.64.0.0/10", True),
        ("fd00::/8", True),
        ("0.0.0.0/0", False),
        ("::/0", False),
        ("0::0/0", False),
        ("0.0.0.0/1", False),
        ("10.0.0.0/7", False),
        ("127.0.0.0/8", False),
        ("nonsense", False),
        (UNKNOWN, False),
        (None, False),
        (["10.0.0.0/8"], False),
    ],
)
def test_private_is_what_lies_wholly_within_private_space(value: Plain, *, private: bool) -> None:
    assert is_private(value) is private


def test_every_spelling_of_a_network_is_one() -> None:
    assert {str(network(text)) for text in ("::/0", "0::/0", "0:0:0:0:0:0:0:0/0", "::1/0")} == {"::/0"}


@pytest.mark.parametrize("secret", ["swordfish", "SWORDFISH", "admin:swordfish", "aB3" * 16, "x\ny", "1234567"])
def test_a_text_of_no_public_vocabulary_is_not_shown(secret: str) -> None:
    assert show(secret) == "another text"


def test_what_is_shown() -> None:
    values: list[Plain] = [None, UNKNOWN, True, 5432, "HTTP", "0.0.0.0/0", "ELBSecurityPolicy-2016-08", {"a": 1}]
    assert [show(value) for value in values] == [
        "absent",
        "unknown until it is deployed",
        "true",
        "5432",
        "HTTP",
        "0.0.0.0/0",
        "ELBSecurityPolicy-2016-08",
        "another value",
    ]
