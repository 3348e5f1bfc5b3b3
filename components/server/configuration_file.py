"""The one thing that TMI reads from a file of its own and from no variable.

TMI takes the file given as `--config` before its environment. It warns of settings there that belong in its database or
its environment, so nothing else goes into it. Source: TMI, internal/config/config.go.
"""

from __future__ import annotations

import json
from typing import Final

from components.settings.content_addresses import delegated_sources
from components.settings.server import ServerSettings

CONFIGURATION_PATH: Final = "/etc/tmi/configuration"
"""Where it is mounted."""
CONFIGURATION_FILE: Final = "tmi.yaml"


def configuration_file(settings: ServerSettings) -> str | None:
    """Its text; None where TMI needs no such file.

    Where a browser is sent after linking an account: the same addresses as after a login. Without them TMI refuses to
    begin. JSON is YAML.
    """
    if not delegated_sources(settings.content.sources):
        return None
    document = {"content_oauth": {"allowed_client_callbacks": list(settings.login.client_callbacks)}}
    return json.dumps(document, indent=2) + "\n"
