"""`python -m sandbox COMMAND STACK`: the whole platform on the real engine, without an account.

Exit codes: 0 if all was done, 1 if the run failed or was refused (by the program, the cloud, a policy or a lock),
2 if the command line makes no sense.
"""

from __future__ import annotations

import contextlib
import json
import shlex
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import App, CycloptsError, Parameter
from rich.console import Console
from rich.text import Text

from sandbox import report
from sandbox.cloud import CloudError
from sandbox.display import progress, status
from sandbox.engine import Operation, run, running_cloud
from sandbox.errors import SandboxError
from sandbox.lock import locked
from sandbox.project import Project, Stack
from sandbox.state import outputs as stack_outputs
from sandbox.state import read_deployment, resources
from sandbox.toolchain import find_pulumi
from sandbox.tree import mermaid as mermaid_diagram
from sandbox.tree import text_tree
from sandbox.workspace import call, prepare, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parents[1]

Directory = Annotated[
    Path,
    Parameter(
        name="--project", help="The directory of Pulumi.yaml, __main__.py and, if there is a policy pack, policy/."
    ),
]

PolicyConfig = Annotated[
    Path | None, Parameter(help="A JSON file that turns policies down, each by its name and for a reason.")
]

app = App(name="python -m sandbox", help=__doc__, help_format="plaintext", version_flags=[])
stdout = Console(highlight=False, soft_wrap=True)
stderr = Console(highlight=False, soft_wrap=True, stderr=True)


@app.command
def up(stack: str, *, policy_config: PolicyConfig = None, project: Directory = ROOT) -> int:
    """Create or update the stack."""
    return _operate(Operation.UP, stack, project, policy_config=policy_config)


@app.command
def preview(
    stack: str, *, summary: Path | None = None, policy_config: PolicyConfig = None, project: Directory = ROOT
) -> int:
    """Show what `up` would do, and whether the policies would let it.

    Parameters
    ----------
    summary
        A file to append the summary to, as Markdown.
    """
    return _operate(Operation.PREVIEW, stack, project, summary_file=summary, policy_config=policy_config)


@app.command
def refresh(stack: str, *, project: Directory = ROOT) -> int:
    """Compare the state with the simulated cloud, which has no other memory: nothing will have drifted."""
    return _operate(Operation.REFRESH, stack, project)


@app.command
def destroy(stack: str, *, project: Directory = ROOT) -> int:
    """Delete everything in the stack."""
    return _operate(Operation.DESTROY, stack, project)


@app.command
def outputs(
    stack: str,
    *,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
    show_secrets: bool = False,
    project: Directory = ROOT,
) -> int:
    """Print the stack's outputs, secrets as [secret].

    Parameters
    ----------
    as_json
        Print one JSON object.
    show_secrets
        Decrypt secrets.
    """
    found = _deployed(stack, project)
    if show_secrets:
        values = json.loads(_ask(found, "stack", "output", "--json", "--show-secrets"))
    else:
        values = stack_outputs(read_deployment(found.state_file))
    if as_json:
        _print(json.dumps(values, indent=2))
    else:
        for name, value in sorted(values.items()):
            _print(f"{name}: {value if isinstance(value, str) else json.dumps(value)}")
    return 0


@app.command
def export(stack: str, *, show_secrets: bool = False, project: Directory = ROOT) -> int:
    """Print the stack's deployment as `pulumi stack export` does.

    Parameters
    ----------
    show_secrets
        Decrypt secrets.
    """
    found = _deployed(stack, project)
    _print(_ask(found, "stack", "export", *(["--show-secrets"] if show_secrets else [])).rstrip())
    return 0


@app.command
def graph(stack: str, *, mermaid: bool = False, project: Directory = ROOT) -> int:
    """Print the stack's resource tree.

    Parameters
    ----------
    mermaid
        Print a Mermaid diagram of the components and what they depend on instead.
    """
    found = resources(read_deployment(_deployed(stack, project).state_file))
    _print(mermaid_diagram(found) if mermaid else text_tree(found))
    return 0


@app.command
def serve(stack: str, *, project: Directory = ROOT) -> int:
    """Run the simulated cloud alone, for an official `pulumi` in another shell, until interrupted."""
    found = _stack(stack, project)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with locked(found):
        prepare(found, _cli())
        with running_cloud(found) as running:
            for name, value in (running.environment() | settings(found.project)).items():
                _print(f"export {name}={shlex.quote(value)}")
            options = ["--stack", stack, "--config-file", str(found.config_file)]
            if found.project.policies is not None:
                options += ["--policy-pack", str(found.project.policies)]
            _print(f"# then, in {found.project.directory}: pulumi preview {shlex.join(options)}")
            with contextlib.suppress(KeyboardInterrupt):
                signal.pause()
    return 0


def _operate(
    operation: Operation,
    name: str,
    directory: Path,
    *,
    summary_file: Path | None = None,
    policy_config: Path | None = None,
) -> int:
    stack = _stack(name, directory, policy_config)
    cli = _cli()
    is_preview = operation is Operation.PREVIEW
    with progress(stdout, f"{operation} {name}", quiet=is_preview) as listener:
        result = run(stack, operation, cli, listener)
    ok = result.exit_code == 0
    for line in report.text(result.summary, preview=is_preview, ok=ok):
        stdout.print(line)
    if summary_file is not None:
        title = f"{operation.capitalize()} of {name}"
        with summary_file.open("a") as file:
            file.write(report.markdown(result.summary, title=title, preview=is_preview, ok=ok))
    return 0 if ok else 1


def _stack(name: str, directory: Path, policy_config: Path | None = None) -> Stack:
    directory = directory.resolve()
    policies = directory / "policy"
    if policy_config is not None and not policy_config.is_file():
        raise SandboxError(f"there is no file {policy_config}")
    return Project(
        directory=directory,
        policies=policies if policies.is_dir() else None,
        policy_config=policy_config and policy_config.resolve(),
    ).stack(name)


def _cli() -> Path:
    with status(stderr) as tell:
        return find_pulumi(ROOT / "tools", tell)


def _ask(stack: Stack, *arguments: str) -> str:
    return call(stack, _cli(), *arguments, "--stack", stack.name)


def _deployed(name: str, directory: Path) -> Stack:
    stack = _stack(name, directory)
    if not resources(read_deployment(stack.state_file)):
        raise SandboxError(f"stack {name} is not up; bring it up with `python -m sandbox up {name}`")
    return stack


def _print(line: str) -> None:
    """Print a result as it is, without the console's markup and wrapping."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code."""
    try:
        return app(arguments, exit_on_error=False, result_action="return_value")
    except CycloptsError:
        return 2
    except (CloudError, SandboxError) as error:
        stderr.print(Text(str(error), "red"))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
