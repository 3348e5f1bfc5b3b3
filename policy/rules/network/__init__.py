"""Rules of the network: who reaches whom, which way out there is, which names resolve."""
