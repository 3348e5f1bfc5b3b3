"""``python -m sandbox.cloud``: options as a line of JSON on standard input, the port on standard output."""

from __future__ import annotations

import gc
import json
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from sandbox.cloud.catalogue import resource_type
from sandbox.cloud.options import CloudOptions
from sandbox.cloud.provider import Provider

COLLECTED_EVERY: Final = 100_000
"""Objects made before Python looks for cycles among the newest; its 700 cost a third of the work of this process."""
WORKERS: Final = 32
"""More than the engine's default parallelism on two cores, so that latency adds up as little as it would in a cloud."""


def main() -> None:
    """Serve until standard input closes."""
    gc.set_threshold(COLLECTED_EVERY)
    options = CloudOptions.from_json(json.loads(sys.stdin.readline()))
    # Ctrl-C reaches the whole process group; the engine needs the cloud to end in good order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = grpc.server(ThreadPoolExecutor(max_workers=WORKERS))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(options), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    # The engine takes a second to ask for the first resource: time to import what the stack consists of.
    for token in options.types():
        resource_type(token)
    sys.stdin.read()
    server.stop(grace=None).wait()


if __name__ == "__main__":
    main()
