"""The orders of the web process for one run, which arrive through the zygote."""

import json
import os
from typing import Any

from quiz.runs.stage import wire

CHUNK_BYTES = 65536


class Orders:
    """An order is to run, to cancel or to break. `lifeline` is a descriptor."""

    def __init__(self, lifeline: int) -> None:
        self.fd = lifeline
        self._lines = wire.Lines()

    def read(self) -> list[dict[str, Any]] | None:
        """Blocks if there is nothing to read. None if the zygote has ended."""
        data = os.read(self.fd, CHUNK_BYTES)
        return [json.loads(line) for line in self._lines.feed(data)] if data else None
