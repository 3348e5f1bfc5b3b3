"""Pages of `docs/reference/`, written from the platform's own tables so that they cannot say something else."""
