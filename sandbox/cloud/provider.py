"""The gRPC service the engine speaks to: ``pulumirpc.ResourceProvider`` for aws, kubernetes and random at once.

One lock serves all methods: they take about a millisecond, and checks compare resources with each other.
"""

from __future__ import annotations

import time
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc
from typing_extensions import override

from sandbox.cloud import diff
from sandbox.cloud.aws import Aws
from sandbox.cloud.backend import Asked, ProviderSettings, parse_settings
from sandbox.cloud.checks import DELETED, run_checks
from sandbox.cloud.checks.configuration import check_configuration
from sandbox.cloud.checks.failure import Failure
from sandbox.cloud.faults import Faults
from sandbox.cloud.kubernetes.backend import Kubernetes
from sandbox.cloud.kubernetes.checks import check_namespace_made
from sandbox.cloud.naming import NameTooLongError
from sandbox.cloud.random_values import Random
from sandbox.cloud.replacements import MUTABLE_ON_REQUEST
from sandbox.cloud.responses import check_failures, diff_response
from sandbox.cloud.sdk import UnknownTypeError
from sandbox.cloud.values import Properties, from_struct, to_struct
from sandbox.cloud.world import Resource, World, type_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.cloud.backend import Backend
    from sandbox.cloud.options import CloudOptions, Operation

BACKENDS: Final[dict[str, Backend]] = {"aws": Aws(), "kubernetes": Kubernetes(), "random": Random()}
SDKS: Final = ("pulumi-aws", "pulumi-kubernetes", "pulumi-random")


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """The service. A provider of the program is known by its connection: the engine opens one for each."""

    def __init__(self, options: CloudOptions) -> None:
        self._world = World(options.existing, options.snapshot)
        self._faults = Faults(options.faults)
        self._latency_seconds = options.latency_seconds
        self._settings: dict[str, ProviderSettings] = {}

    # The provider itself

    @override
    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Agree on how values travel: secrets as secrets."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    @override
    def Attach(self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Accept an engine."""
        return empty_pb2.Empty()

    @override
    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """Claim the highest version of the SDKs: the engine wants a plugin at least as new as the SDK that uses it."""
        return plugin_pb2.PluginInfo(version=max(map(version, SDKS), key=_release))

    @override
    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: grpc.ServicerContext
    ) -> provider_pb2.GetSchemaResponse:
        """Give an empty schema: an inline program asks for none."""
        return provider_pb2.GetSchemaResponse(schema="{}")

    @override
    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Check a provider's own inputs."""
        failures = check_configuration(type_of(request.urn), from_struct(request.news))
        return provider_pb2.CheckResponse(inputs=request.news, failures=check_failures(failures))

    @override
    def DiffConfig(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        """Compare a provider's inputs: another region is another provider, and so are all its resources."""
        changes = diff.compare(type_of(request.urn), from_struct(request.old_inputs), from_struct(request.news))
        return diff_response(changes, delete_first=False)

    @override
    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        """Take a provider's configuration for everything that comes over this connection."""
        self._settings[context.peer()] = parse_settings(from_struct(request.args))
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    @override
    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Let running operations end: none takes long."""
        return empty_pb2.Empty()

    # Functions

    @override
    def Invoke(self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext) -> provider_pb2.InvokeResponse:
        """Answer no data source: a program that asks the cloud cannot be previewed without one."""
        context.abort(grpc.StatusCode.UNIMPLEMENTED, f"the sandbox answers no data source: {request.tok}")

    # Resources

    @override
    def Check(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        """Validate and complete inputs; refuse what the cloud would refuse."""
        asked = Asked(
            urn=request.urn,
            name=request.urn.split("::", 3)[3],
            inputs=from_struct(request.news),
            old_inputs=from_struct(request.olds),
            seed=request.randomSeed,
        )
        token = type_of(request.urn)
        backend = _backend(token)
        with self._world.lock:
            try:
                failures = backend.malformed(token, asked.inputs)
                inputs = backend.fill(asked, self._settings_of(context))
            except (UnknownTypeError, NameTooLongError) as error:
                failures = [Failure("", str(error))]
                return provider_pb2.CheckResponse(inputs=request.news, failures=check_failures(failures))
            wanted = self._want(asked, inputs, context)
            if not failures:
                failures = backend.refusals(wanted, self._world)
            return provider_pb2.CheckResponse(inputs=to_struct(inputs), failures=check_failures(failures))

    def _want(self, asked: Asked, inputs: Properties, context: grpc.ServicerContext) -> Resource:
        before = self._world.latest(asked.urn)
        if before is None and asked.old_inputs:
            before = self._world.follow_alias(asked.urn, asked.old_inputs)
        outputs: Properties = before.outputs if before else {"region": self._settings_of(context).place.region}
        wanted = Resource(urn=asked.urn, id=before.id if before else "", inputs=inputs, outputs=outputs)
        self._world.want(wanted)
        return wanted

    @override
    def Diff(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        """Compare two versions of the inputs property by property."""
        token = type_of(request.urn)
        old, new = from_struct(request.old_inputs), from_struct(request.news)
        with self._world.lock:
            if not self._world.is_made(request.urn, request.id):
                outputs = from_struct(request.olds)
                self._world.learn(Resource(urn=request.urn, id=request.id, inputs=old, outputs=outputs))
                self._world.want(Resource(urn=request.urn, id=request.id, inputs=new, outputs=outputs))
        is_mutable = MUTABLE_ON_REQUEST.get(token) in self._settings_of(context).switches
        changes = diff.compare(token, old, new, is_mutable=is_mutable)
        names = [_backend(token).fixed_name(Resource(urn=request.urn, inputs=inputs)) for inputs in (old, new)]
        # Two resources cannot hold one name at once: the old one has to go first.
        return diff_response(changes, delete_first=names[0] is not None and names[0] == names[1])

    @override
    def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:
        """Make a resource, or foresee it in a preview."""
        wanted = Resource(urn=request.urn, inputs=from_struct(request.properties))
        backend, settings = _backend(wanted.type), self._settings_of(context)
        if request.preview:
            with self._world.lock:
                outputs = backend.foresee(wanted, {}, self._world, settings)
                self._world.want(replace(wanted, outputs=outputs))
            return provider_pb2.CreateResponse(properties=to_struct(outputs))
        self._operate("create", request.urn, context)
        with self._world.lock:
            if wanted.type.startswith("kubernetes:"):
                _refuse(wanted, check_namespace_made(wanted, self._world), context)
            made = backend.create(wanted, self._world, settings)
            self._world.learn(made)
        return provider_pb2.CreateResponse(id=made.id, properties=to_struct(made.outputs))

    @override
    def Read(self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:
        """Give what the state says, since nobody changes the simulated cloud from outside; nothing for a new id."""
        message = self._faults.take("read", request.urn)
        if message is not None:
            context.abort(grpc.StatusCode.UNKNOWN, message)
        if not request.properties.fields:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)

    @override
    def Update(self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext) -> provider_pb2.UpdateResponse:
        """Change a resource, or foresee the change in a preview."""
        old = from_struct(request.olds)
        wanted = Resource(urn=request.urn, id=request.id, inputs=from_struct(request.news), outputs=old)
        backend, settings = _backend(wanted.type), self._settings_of(context)
        if request.preview:
            with self._world.lock:
                outputs = backend.foresee(wanted, old, self._world, settings)
            return provider_pb2.UpdateResponse(properties=to_struct(outputs))
        self._operate("update", request.urn, context)
        with self._world.lock:
            outputs = backend.update(wanted, old, self._world, settings)
            self._world.learn(replace(wanted, outputs=outputs))
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    @override
    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Delete a resource, unless it is protected or in use."""
        standing = Resource(
            urn=request.urn,
            id=request.id,
            inputs=from_struct(request.old_inputs),
            outputs=from_struct(request.properties),
        )
        self._operate("delete", request.urn, context)
        with self._world.lock:
            _refuse(standing, run_checks(DELETED, standing, self._world), context)
            self._world.forget(request.urn, request.id)
        return empty_pb2.Empty()

    def _operate(self, operation: Operation, urn: str, context: grpc.ServicerContext) -> None:
        """Take the time an operation takes, and fail if it is to fail."""
        time.sleep(self._latency_seconds)
        message = self._faults.take(operation, urn)
        if message is not None:
            context.abort(grpc.StatusCode.UNKNOWN, message)

    def _settings_of(self, context: grpc.ServicerContext) -> ProviderSettings:
        return self._settings.get(context.peer(), ProviderSettings())


def _release(version_: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version_.split("."))


def _backend(token: str) -> Backend:
    return BACKENDS[token.split(":", 1)[0]]


def _refuse(resource: Resource, failures: Iterable[Failure], context: grpc.ServicerContext) -> None:
    reasons = [str(failure) for failure in failures]
    if reasons:
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, f"{resource.name} ({resource.type}): {'; '.join(reasons)}")
