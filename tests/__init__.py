"""Everything the project promises, seen to hold."""
