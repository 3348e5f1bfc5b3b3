"""TMI itself, on Kubernetes."""

from components.server.server import Server, ServerArgs

__all__ = ["Server", "ServerArgs"]
