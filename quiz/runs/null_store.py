"""A store for who plays runs without a database: the commands."""

from collections.abc import Mapping
from typing import Any


class Forgetful:
    """The store of runs that nobody will look up again."""

    async def add_run(self, record: Mapping[str, Any]) -> None: ...

    async def update_run(self, id: str, **columns: Any) -> None: ...

    async def evict_runs(self, keep: int) -> int:
        return 0

    def run(self, id: str) -> None: ...

    def unfinished_runs(self) -> list[Mapping[str, Any]]:
        return []
