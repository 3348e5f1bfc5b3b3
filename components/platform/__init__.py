"""The wiring, floor by floor: which component stands on which others.

A floor is a function from settings and the floors below it to its components. It makes nothing of its own: whatever
is a resource belongs to a component.
"""

from components.platform.compute import Compute, compute
from components.platform.data import Data, data
from components.platform.foundation import Foundation, foundation
from components.platform.recovery import Copies, recovery
from components.platform.safekeeping import safekeeping
from components.platform.service import Service, service

__all__ = [
    "Compute",
    "Copies",
    "Data",
    "Foundation",
    "Service",
    "compute",
    "data",
    "foundation",
    "recovery",
    "safekeeping",
    "service",
]
