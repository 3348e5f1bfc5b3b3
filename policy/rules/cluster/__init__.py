"""Rules of the cluster: its door, its nodes, its namespaces and what may be done in it."""
