"""The real Pulumi engine against a simulated cloud: no account, no credentials, no Pulumi Cloud.

`python -m sandbox up dev` runs this repository's own program with its own stack file and its own policies; what the
engine believes to be AWS, Kubernetes and `random` is `sandbox.cloud`. The sandbox knows neither the platform nor the
policies: it runs whatever program it is pointed at.
"""
