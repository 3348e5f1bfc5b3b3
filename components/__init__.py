"""The platform: one ComponentResource and its arguments a file."""
