"""The questions of the runbooks to the logs, as tables."""
