"""The Kubernetes API server as far as it refuses: schemas, versions, names, namespaces, references."""
