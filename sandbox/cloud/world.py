"""What exists: rebuilt for each run from the stack's state and the calls of the run."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from sandbox.cloud.identities import is_identifier, is_managed
from sandbox.cloud.values import SIGNATURE_KEY, UNKNOWN, Properties, Value, reveal, strings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """One resource: as the program wants it once it is checked, as the cloud made it once it is created."""

    urn: str
    id: str = ""
    """Empty until it is made."""
    inputs: Properties
    outputs: Properties = field(default_factory=dict)

    @property
    def type(self) -> str:
        """The type token."""
        return type_of(self.urn)

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.split("::", 3)[3]

    def get(self, name: str) -> Value:
        """Give a property: what the program wants if it says so, else what the cloud gave."""
        wanted = self.inputs.get(name)
        return self.outputs.get(name) if wanted is None else wanted

    def identities(self) -> set[str]:
        """Every id and ARN that exists because this resource does: its own, and those of parts AWS made with it."""
        if not self.type.startswith("aws:"):
            return set()
        given = {text for _, text in strings(self.inputs)}
        made = {text for _, text in strings(self.outputs) if is_identifier(text)}
        return {self.id, *(made - given)} - {""}


def type_of(urn: str) -> str:
    """Give the type token of a URN, without its parents' types."""
    return urn.split("::")[2].rsplit("$", maxsplit=1)[-1]


class World:
    """The resources of the account and the cluster.

    Two views: what was really made, by URN and id (an old and a new version of a resource stand side by side while it
    is replaced), and the latest form of each URN, wanted or made, which checks compare with each other.
    """

    def __init__(self, existing: frozenset[str], snapshot: Mapping[str, Any] | None) -> None:
        self.lock = threading.RLock()
        self._existing = existing
        self._made: dict[tuple[str, str], Resource] = {}
        self._latest: dict[str, dict[str, Resource]] = {}
        self._by_identity: dict[str, Resource] = {}
        for entry, is_replaced in _resources(snapshot):
            self.learn(entry, is_replaced=is_replaced)

    def learn(self, resource: Resource, *, is_replaced: bool = False) -> None:
        """Take note of a resource that was made; a replaced one stands until it is deleted, but is not the latest."""
        self._made[resource.urn, resource.id] = resource
        if is_replaced:
            self._by_identity.update(dict.fromkeys(resource.identities(), resource))
        else:
            self.want(resource)

    def want(self, resource: Resource) -> None:
        """Take note of what the program asks for, with the outputs it has or will have as far as they are known."""
        self._latest.setdefault(resource.type, {})[resource.urn] = resource
        self._by_identity.update(dict.fromkeys(resource.identities(), resource))

    def forget(self, urn: str, resource_id: str) -> None:
        """Take note that a resource was deleted."""
        gone = self._made.pop((urn, resource_id), None)
        if gone is None:
            return
        for identity in gone.identities():
            holder = self._by_identity.get(identity)
            if holder is not None and (holder.urn, holder.id) == (urn, resource_id):
                del self._by_identity[identity]
        latest = self._latest.get(gone.type, {})
        if urn in latest and latest[urn].id == resource_id:
            del latest[urn]

    def made(self) -> Iterator[Resource]:
        """Every resource that was really made."""
        yield from self._made.values()

    def is_made(self, urn: str, resource_id: str) -> bool:
        """Say whether this very version of a resource stands."""
        return (urn, resource_id) in self._made

    def of_type(self, token: str) -> Iterator[Resource]:
        """Every resource of a type in its latest form."""
        yield from self._latest.get(token, {}).values()

    def follow_alias(self, urn: str, old_inputs: Properties) -> Resource | None:
        """Find the resource that got this new URN by its old inputs; ``None`` if there is none."""
        before = next((r for r in self.of_type(type_of(urn)) if _same(r.inputs, old_inputs)), None)
        if before is None:
            return None
        after = replace(before, urn=urn)
        self.forget(before.urn, before.id)
        self.learn(after)
        return after

    def of_package(self, package: str) -> Iterator[Resource]:
        """Every resource of a provider in its latest form."""
        for token, resources in self._latest.items():
            if token.startswith(f"{package}:"):
                yield from resources.values()

    def latest(self, urn: str) -> Resource | None:
        """Give the latest form of a resource."""
        return self._latest.get(type_of(urn), {}).get(urn)

    def by_identity(self, identity: str) -> Resource | None:
        """Find the resource behind an id or ARN."""
        return self._by_identity.get(identity)

    def exists(self, identity: str) -> bool:
        """Say whether an id or ARN stands for something: made here, named by the stack file, or AWS's own."""
        return identity in self._by_identity or identity in self._existing or is_managed(identity)


def _same(known: Value, given: Value) -> bool:
    """Compare values of the state; what is encrypted there equals anything."""
    given = reveal(given)
    if known is UNKNOWN:
        return True
    if isinstance(known, dict) and isinstance(given, dict):
        return known.keys() == given.keys() and all(_same(value, given[key]) for key, value in known.items())
    if isinstance(known, list) and isinstance(given, list):
        return len(known) == len(given) and all(map(_same, known, given))
    return reveal(known) == given


def _resources(snapshot: Mapping[str, Any] | None) -> Iterator[tuple[Resource, bool]]:
    entries: list[dict[str, Any]] = (snapshot or {}).get("resources") or []
    for entry in entries:
        if entry.get("custom") and not entry["type"].startswith("pulumi:"):
            resource = Resource(
                urn=entry["urn"],
                id=entry["id"],
                inputs=_readable(entry.get("inputs", {})),
                outputs=_readable(entry.get("outputs", {})),
            )
            yield resource, entry.get("delete", False)


def _readable(value: Any) -> Any:  # noqa: ANN401 - JSON of the engine
    """Read the state's JSON; what is encrypted there stays unknown here."""
    match value:
        case dict():
            entries = cast("dict[str, Any]", value)
            return UNKNOWN if SIGNATURE_KEY in entries else {key: _readable(item) for key, item in entries.items()}
        case list():
            return [_readable(item) for item in cast("list[Any]", value)]
        case _:
            return value
