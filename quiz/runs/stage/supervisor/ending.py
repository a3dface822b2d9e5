"""How a run ended."""

import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ending:
    """`fault` is None, "limit", "demo" or "app". `t` is in ns of the monotonic clock."""

    status: str
    fault: str | None = None
    reason: str | None = None
    t: int = field(default_factory=time.monotonic_ns)
