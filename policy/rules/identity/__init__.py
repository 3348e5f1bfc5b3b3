"""Rules of identity: rights, keys, secrets, and who may take on what."""
