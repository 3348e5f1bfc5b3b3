"""What the sandbox tells its user when it cannot go on."""


class SandboxError(Exception):
    """A run that cannot start or go on; the message is all the user needs to see, a way out included."""
