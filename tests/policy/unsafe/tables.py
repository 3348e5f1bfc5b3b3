"""All tables of unsafe values as one."""

from __future__ import annotations

from typing import Final

from tests.policy.unsafe.cluster import CLUSTER
from tests.policy.unsafe.data import DATA
from tests.policy.unsafe.edge import EDGE
from tests.policy.unsafe.leaves import Unsafe
from tests.policy.unsafe.network import NETWORK
from tests.policy.unsafe.watch import WATCH
from tests.policy.unsafe.workload import WORKLOAD

_ALL: Final = (DATA, NETWORK, EDGE, CLUSTER, WORKLOAD, WATCH)
UNSAFE: Final[Unsafe] = {token: paths for table in _ALL for token, paths in table.items()}
assert len(UNSAFE) == sum(map(len, _ALL)), "two tables speak of one type"
