"""The simulated cloud: one gRPC provider that stands in for AWS, Kubernetes and random.

It refuses what the real ones would refuse, and computes outputs of the right form; it does not pretend to be them.
"""

from sandbox.cloud.options import CloudOptions, Fault, Operation
from sandbox.cloud.process import CloudError, RunningCloud, run

__all__ = ["CloudError", "CloudOptions", "Fault", "Operation", "RunningCloud", "run"]
