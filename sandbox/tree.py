"""The resources of a stack as a tree, and its components as a diagram."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sandbox.events import logical_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Resource = Mapping[str, Any]
    """A resource as the state has it: `urn`, `type`, `parent`, `dependencies`, `protect`."""


def short_type(token: str) -> str:
    """Write a type as the CLI does: `aws:ec2/vpc:Vpc` is `aws:ec2:Vpc`; other tokens stay as they are."""
    package, _, rest = token.partition(":")
    module, _, name = rest.partition(":")
    head, _, tail = module.rpartition("/")
    return f"{package}:{head}:{name}" if head and tail == name[:1].lower() + name[1:] else token


def text_tree(resources: Sequence[Resource]) -> str:
    """Draw the resource tree, a line a resource; siblings by type and name, default providers left out."""
    shown = [resource for resource in resources if not _is_default_provider(resource)]
    children: dict[str, list[Resource]] = {}
    for resource in shown:
        children.setdefault(resource.get("parent", ""), []).append(resource)
    return "\n".join(line for root in children.get("", []) for line in _draw(root, children, "", ""))


def _draw(resource: Resource, children: Mapping[str, list[Resource]], first: str, rest: str) -> Iterator[str]:
    protect = "  (protected)" if resource.get("protect") else ""
    yield f"{first}{short_type(resource['type'])} {logical_name(resource['urn'])}{protect}"
    below = sorted(children.get(resource["urn"], []), key=lambda child: (child["type"], child["urn"]))
    for child in below:
        last = child is below[-1]
        yield from _draw(child, children, rest + ("└── " if last else "├── "), rest + ("    " if last else "│   "))


def mermaid(resources: Sequence[Resource]) -> str:
    """Draw the top-level components and which depends on which, as a Mermaid flow chart.

    A resource outside any component stands for itself. An arrow goes from what depends to what it depends on.
    """
    parents = {resource["urn"]: resource.get("parent", "") for resource in resources}
    stack = next((urn for urn, parent in parents.items() if not parent), "")
    shown = [resource for resource in resources if resource["urn"] != stack and not _is_default_provider(resource)]
    owners = {resource["urn"]: _top_level(resource["urn"], parents, stack) for resource in shown}
    sizes = Counter(owner for urn, owner in owners.items() if urn != owner)
    numbers = {owner: f"n{number}" for number, owner in enumerate(dict.fromkeys(owners.values()))}
    edges = {
        (owners[resource["urn"]], owners[dependency])
        for resource in shown
        for dependency in resource.get("dependencies") or ()
        if dependency in owners
    }
    lines = ["flowchart LR"]
    for owner, number in numbers.items():
        count = f"<br/>{sizes[owner]} resources" if sizes[owner] else ""
        lines.append(f'  {number}["{logical_name(owner)}{count}"]')
    arrows = ((numbers[source], numbers[target]) for source, target in edges if source != target)
    lines += [f"  {source} --> {target}" for source, target in sorted(arrows, key=_numerically)]
    return "\n".join(lines)


def _numerically(arrow: tuple[str, str]) -> tuple[int, int]:
    source, target = arrow
    return int(source[1:]), int(target[1:])


def _top_level(urn: str, parents: Mapping[str, str], stack: str) -> str:
    while (parent := parents.get(urn, stack)) and parent != stack:
        urn = parent
    return urn


def _is_default_provider(resource: Resource) -> bool:
    return resource["type"].startswith("pulumi:providers:") and logical_name(resource["urn"]).startswith("default")
