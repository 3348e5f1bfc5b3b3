"""A Pulumi program run without a cloud: what it declared, in order.

The only module that meets Pulumi's untyped edges. Everything a test may ask about a resource is in `Declared`; asking
for more means adding it here.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast
from unittest.mock import patch

import pulumi
from pulumi.runtime import mocks, resource, settings
from pulumi.runtime.proto.source_pb2 import StackTrace

from tests.computed import COMPUTED, Compute, common

Outputs: TypeAlias = Mapping[str, Compute]


@dataclass(frozen=True, slots=True)
class Declared:
    """One resource as the program declared it."""

    type: str
    name: str
    parent: str
    inputs: Mapping[str, Any]
    protect: bool
    provider: str
    dependencies: frozenset[str]
    """Logical names of what it depends on, by properties or explicitly."""
    request: Any = field(repr=False, compare=False)
    """The RegisterResourceRequest itself, for tests that replay it."""
    urn: str = field(repr=False, compare=False)


@dataclass
class Cloud(pulumi.runtime.Mocks):
    """Records declarations; refuses what a real engine would refuse."""

    computed: Outputs
    preview: bool = False
    resources: list[Declared] = field(default_factory=list[Declared])
    registered: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    exports: dict[str, Any] = field(default_factory=dict[str, Any])

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        inputs = cast("dict[str, Any]", args.inputs)
        if self.preview:
            return "", inputs
        compute = self.computed.get(args.typ, common)
        return f"{args.name}-id", inputs | dict(compute(args.name, inputs))

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"the program asked a provider for {args.token}; compute it instead")

    def of(self, kind: type[pulumi.Resource]) -> list[Declared]:
        """Every resource of one class; never empty, so no assertion over it is vacuous."""
        token = pulumi.get_type_token(kind)
        found = [resource for resource in self.resources if resource.type == token]
        assert found, f"the program declared no {token}"
        return found

    def one(self, kind: type[pulumi.Resource], name: str | None = None) -> Declared:
        """The only resource of one class, or the one of that logical name."""
        found = [resource for resource in self.of(kind) if name in (None, resource.name)]
        assert len(found) == 1, f"not one but {[resource.name for resource in found]}"
        return found[0]


class Monitor(mocks.MockMonitor):
    """Sees what `MockResourceArgs` leaves out: parent, protect, provider, dependencies, registered outputs."""

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(cloud)
        self.cloud = cloud
        self.seen: dict[str, Any] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 -- the SDK's name
        urn = self.make_urn(request.parent, request.type, request.name)
        if self.seen.setdefault(urn, request) is not request:
            raise AssertionError(f"two resources are called {urn}")
        response = cast("Any", super()).RegisterResource(request)
        if request.type != "pulumi:pulumi:Stack":
            depended = set(request.dependencies)
            for dependency in request.propertyDependencies.values():
                depended |= set(dependency.urns)
            self.cloud.resources.append(
                Declared(
                    type=request.type,
                    name=request.name,
                    parent=_name(request.parent),
                    inputs=cast("Any", self.resources[response.urn]).state,
                    protect=request.protect,
                    provider=_name(request.provider.rsplit("::", 1)[0]),
                    dependencies=frozenset(map(_name, depended)),
                    request=request,
                    urn=response.urn,
                )
            )
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 -- the SDK's name
        self.cloud.registered[_name(request.urn)] = dict(request.outputs)
        return cast("Any", super()).RegisterResourceOutputs(request)


def _name(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]


def run(
    program: Callable[[], object],
    *,
    project: str = "tmi",
    stack: str = "test",
    config: Mapping[str, object] | None = None,
    secrets: Mapping[str, object] | None = None,
    computed: Outputs | None = None,
    preview: bool = False,
) -> Cloud:
    """Run `program` as a stack of its own and return what it declared.

    `config` and `secrets` are the stack's configuration by full key; `computed` adds to or replaces entries of
    `tests.computed`; with `preview` every id and computed output is unknown.
    """
    cloud = Cloud({**COMPUTED, **(computed or {})}, preview=preview)
    test = cast("Callable[[Callable[[], object]], Callable[[], None]]", pulumi.runtime.test)

    def observed() -> pulumi.Output[None]:
        program()
        root = cast("Any", settings.get_root_resource())
        return pulumi.Output.from_input(dict(root.outputs)).apply(cloud.exports.update)

    with _event_loop() as loop:
        try:
            mocks.set_mocks(cloud, project=project, stack=stack, preview=preview, monitor=Monitor(cloud))
            values = {**(config or {}), **(secrets or {})}
            texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
            pulumi.runtime.set_all_config(texts, list(secrets or {}))
            # The SDK describes the calls that led to each resource, pytest's fifty among them; nobody asks.
            with patch.object(resource, "_get_stack_trace", StackTrace):
                test(observed)()
        except BaseException:
            loop.set_exception_handler(lambda _loop, _context: None)  # raised once; its copies in outputs are no news
            raise
        finally:
            pulumi.runtime.set_all_config({}, [])
            settings.reset_options(project=None, stack=None)
    return cloud


@contextmanager
def _event_loop() -> Generator[asyncio.AbstractEventLoop]:
    """A loop for one run, with one thread for its RPCs: in order, and closed with the loop the SDK opens in it."""
    loop = asyncio.new_event_loop()
    rpc_loop = asyncio.new_event_loop()
    executor = ThreadPoolExecutor(max_workers=1, initializer=asyncio.set_event_loop, initargs=(rpc_loop,))
    loop.set_default_executor(executor)
    asyncio.set_event_loop(loop)
    try:
        yield loop
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        rpc_loop.close()
        loop.close()
        asyncio.set_event_loop(None)
