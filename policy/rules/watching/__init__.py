"""Rules of what watches: logs, alarms, messages and their way to a person."""
