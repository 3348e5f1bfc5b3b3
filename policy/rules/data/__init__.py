"""Rules of what keeps data: encryption, recovery, copies, images."""
