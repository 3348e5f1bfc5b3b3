"""How the servers get onto the machine, with programs of a test in place of the system's."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.servers import processes, system_packages
from tests.servers.system_packages import INSTALLATION, advice, find, installing, main, missing


class Machine:
    """A directory with an apt-get and a systemctl that note what they are asked, and whether services may start."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.policy = home / "policy-rc.d"
        self.notes = home / "notes"
        self.notes.touch()
        self.program("apt-get", f'echo "apt-get $1 [$({self.policy}; echo $?)]" >> {self.notes}')
        self.program("systemctl", f'echo "systemctl $*" >> {self.notes}')

    def program(self, name: str, script: str) -> None:
        path = self.home / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def install(self, *packages: str) -> int:
        command = ["sh", "-c", INSTALLATION, "sh", str(self.policy), *packages]
        path = f"{self.home}:/usr/bin:/bin"
        return subprocess.run(command, env={"PATH": path}, capture_output=True, check=False).returncode  # noqa: S603 -- above

    @property
    def noted(self) -> list[str]:
        return self.notes.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_services_may_not_start_and_stay_disabled(machine: Machine) -> None:
    assert machine.install("curl", "jq", "openssl", "redis-server") == 0
    assert machine.noted == [
        "apt-get update [101]",
        "apt-get install [101]",
        "systemctl disable --quiet redis-server.service",
    ]
    assert not machine.policy.exists()


def test_a_policy_that_was_there_stays(machine: Machine) -> None:
    machine.policy.write_text("#!/bin/sh\nexit 104\n")
    assert machine.install("haproxy") == 0
    assert machine.policy.read_text() == "#!/bin/sh\nexit 104\n"


def test_a_failure_leaves_no_policy_behind(machine: Machine) -> None:
    machine.program("apt-get", "exit 100")
    assert machine.install("haproxy") == 100
    assert not machine.policy.exists()


def test_nothing_is_installed_without_apt_or_the_right_to(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(machine.home))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert installing(["haproxy"]) is None
    machine.program("sudo", "exit 1")
    assert installing(["haproxy"]) is None
    machine.program("sudo", "exit 0")
    command = installing(["haproxy"])
    assert command is not None
    assert command[:2] == [str(machine.home / "sudo"), "--non-interactive"]
    assert command[-1] == "haproxy"
    (machine.home / "apt-get").unlink()
    assert installing(["haproxy"]) is None


def test_what_is_missing_is_named_with_the_command_to_run(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(machine.home))
    monkeypatch.setattr(system_packages, "_DIRECTORIES", ())
    monkeypatch.setattr(system_packages, "_POSTGRESQL", machine.home)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    for name in ("curl", "haproxy", "jq", "openssl", "initdb", "psql"):
        machine.program(name, "exit 0")
    assert missing() == ("postgresql", "redis-server")
    main()
    assert capsys.readouterr().out == f"Skipped: {advice(['postgresql', 'redis-server'])}\n"
    assert "sudo apt-get install --yes --no-install-recommends postgresql redis-server" in advice(missing())
    for name in ("postgres", "redis-server"):
        machine.program(name, "exit 0")
    main()
    assert capsys.readouterr().out == ""


def test_without_servers_tests_are_skipped_but_fail_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "missing", lambda: ("haproxy",))
    monkeypatch.setenv("CI", "")
    with pytest.raises(pytest.skip.Exception, match=r"sudo apt-get install .* haproxy"):
        processes.require_servers()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"sudo apt-get install .* haproxy"):
        processes.require_servers()
    monkeypatch.setattr(processes, "missing", lambda: ())
    processes.require_servers()


def test_the_newest_postgresql_is_taken(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "_POSTGRESQL", machine.home)
    for version in ("9.6", "15", "17"):
        (machine.home / version / "bin").mkdir(parents=True)
        machine.program(f"{version}/bin/psql", "exit 0")
    assert find("psql") == machine.home / "17" / "bin" / "psql"
