"""Rules of the workload: pods, what makes and serves them, and what they are told."""
