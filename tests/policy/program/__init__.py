"""A program that is small but true to every rule, in parts."""
