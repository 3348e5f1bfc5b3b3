"""``python -m sandbox.cloud``: options as a line of JSON on standard input, the port on standard output."""

from __future__ import annotations

import json
import signal
import sys

from sandbox.cloud.catalogue import resource_type
from sandbox.cloud.options import CloudOptions
from sandbox.cloud.provider import serve


def main() -> None:
    """Serve until standard input closes."""
    options = CloudOptions.from_json(json.loads(sys.stdin.readline()))
    # Ctrl-C reaches the whole process group; the engine needs the cloud to end in good order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server, port = serve(options)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    # The engine takes a second to ask for the first resource: time to import what the stack consists of.
    for token in options.types():
        resource_type(token)
    sys.stdin.read()
    server.stop(grace=None).wait()


if __name__ == "__main__":
    main()
