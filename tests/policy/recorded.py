"""The graph of a recorded program: what the pack would see of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from pulumi.runtime.proto import resource_pb2

from policy import wire
from policy.graph import Graph, Resource
from tests.cloud import Cloud
from tests.stacks.program import recorded


def graph_of(requests: Iterable[tuple[str, resource_pb2.RegisterResourceRequest]]) -> Graph:
    """A graph out of (URN, registration request) pairs, read as the pack reads what the engine sends."""
    return Graph.of(*(_resource(urn, request) for urn, request in requests))


def graph_of_cloud(cloud: Cloud) -> Graph:
    """The graph of everything that a program run by `tests.cloud` declared, ids included once they are known."""
    graph = graph_of((declared.urn, declared.request) for declared in cloud.resources)
    return graph if cloud.preview else Graph.of(*(_with_id(resource) for resource in graph))


@cache
def platform_graph(stack: str, *, preview: bool = False) -> Graph:
    """The graph of one of the project's own stacks; read once, so tests only look at it."""
    return graph_of_cloud(recorded(stack, preview=preview))


def _with_id(resource: Resource) -> Resource:
    return replace(resource, properties={**resource.properties, "id": f"{resource.name}-id"})


def _resource(urn: str, request: resource_pb2.RegisterResourceRequest) -> Resource:
    return Resource(
        urn=urn,
        type=request.type,
        name=request.name,
        properties=wire.properties(request.object),
        dependencies={name: tuple(value.urns) for name, value in request.propertyDependencies.items()},
        provider=request.provider.rpartition("::")[0],
        protect=request.protect,
    )
