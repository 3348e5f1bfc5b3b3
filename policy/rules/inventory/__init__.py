"""Rules of inventory: what would hide from every other rule."""
