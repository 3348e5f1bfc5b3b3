from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sandbox.stack_file import aws_names, property_path, sandboxed

ENCRYPTED = {"secure": "v1:abc:def"}
FAKES = {"tmi:oauthSecrets": {"corporate": "fake-corporate"}}


def test_plain_settings_pass_unchanged() -> None:
    stack: dict[str, object] = {"zones": ["a", "b"], "size": 3, "empty": {}}
    config = {"tmi:stack": stack, "aws:region": "eu-west-1"}
    assert sandboxed({"config": config, "encryptionsalt": "v1:x", "secretsprovider": "awskms://k"}, {}).plain == config


def test_an_encrypted_value_is_replaced_by_its_fake_or_by_its_path() -> None:
    config = {"tmi:oauthSecrets": {"corporate": ENCRYPTED, "partner": ENCRYPTED}, "tmi:token": ENCRYPTED}
    result = sandboxed({"config": config}, FAKES)
    assert result.plain == {"tmi:oauthSecrets": {}}
    assert result.secrets == {
        ("tmi:oauthSecrets", "corporate"): "fake-corporate",
        ("tmi:oauthSecrets", "partner"): "sandbox-tmi-oauthSecrets-partner",
        ("tmi:token",): "sandbox-tmi-token",
    }


def test_an_object_encrypted_as_a_whole_is_replaced_by_a_whole_object() -> None:
    result = sandboxed({"config": {"tmi:oauthSecrets": ENCRYPTED}}, FAKES)
    assert result.secrets == {("tmi:oauthSecrets", "corporate"): "fake-corporate"}
    assert result.plain == {}


def test_a_secret_the_stack_file_leaves_out_is_added() -> None:
    assert sandboxed({"config": {}}, FAKES).secrets == {("tmi:oauthSecrets", "corporate"): "fake-corporate"}
    assert sandboxed({"config": {"tmi:oauthSecrets": {}}}, FAKES).secrets == sandboxed({}, FAKES).secrets
    assert sandboxed({}, FAKES).secrets == {("tmi:oauthSecrets", "corporate"): "fake-corporate"}


def test_a_plain_value_of_the_stack_file_overrules_a_fake() -> None:
    config = {"tmi:oauthSecrets": {"corporate": "given"}}
    result = sandboxed({"config": config}, FAKES)
    assert (result.plain, result.secrets) == (config, {})


def test_a_form_is_for_every_encrypted_value_of_its_object_and_for_nothing_else() -> None:
    fakes = {"tmi:keys": {"*": "form", "own": "its own"}}
    config = {"tmi:keys": {"a": ENCRYPTED, "own": ENCRYPTED, "plain": "given"}, "tmi:others": {"a": ENCRYPTED}}
    assert sandboxed({"config": config}, fakes).secrets == {
        ("tmi:keys", "a"): "form",
        ("tmi:keys", "own"): "its own",
        ("tmi:others", "a"): "sandbox-tmi-others-a",
    }
    assert sandboxed({}, fakes).secrets == {("tmi:keys", "own"): "its own"}


def test_positions_in_lists_stay() -> None:
    result = sandboxed({"config": {"tmi:keys": ["a", ENCRYPTED, "c"]}}, {})
    assert result.plain == {"tmi:keys": ["a", "", "c"]}
    assert result.secrets == {("tmi:keys", 1): "sandbox-tmi-keys-1"}


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just(ENCRYPTED),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=8), TREES, max_size=4))
def test_nothing_encrypted_is_left(config: dict[str, object]) -> None:
    assert ENCRYPTED["secure"] not in str(sandboxed({"config": config}, FAKES).plain)


def test_paths_are_written_as_the_cli_reads_them() -> None:
    assert property_path(("tmi:oauthSecrets", "corporate", 0, 'a"b')) == r'tmi:oauthSecrets["corporate"][0]["a\"b"]'


def test_ids_and_arns_are_found_and_nothing_else() -> None:
    names = ["Z0123456789ABCDEFGHIJ", "arn:aws:iam::111111111111:role/a", "vpc-0a1b2c3d4e5f60718", "tgw-rtb-0a1b2c3d"]
    others = ["eu-west-1", "10.0.0.0/16", "tmi.example.com", "db.t4g.medium", "rds-ca-rsa2048-g1", "Zone", 3, True]
    assert aws_names({"config": [{"a": name} for name in [*names, *others]]}) == frozenset(names)
