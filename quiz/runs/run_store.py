"""What the run service needs of a database, and the store of commands that have none."""

from collections.abc import Mapping
from typing import Any, Protocol


class RunStore(Protocol):
    """Rows of runs and the records of finished runs. `quiz.storage` keeps them in SQLite.

    Every method may raise StorageError.
    """

    async def add(self, record: Mapping[str, Any]) -> None: ...
    async def update(self, id: str, **columns: Any) -> None: ...
    async def get(self, id: str) -> Mapping[str, Any] | None: ...
    async def unfinished(self) -> list[Mapping[str, Any]]: ...
    async def evict(self, keep: int) -> int: ...


class NullRunStore:
    """Keeps nothing: `quiz run` and `quiz prove` look at a run while it is in memory."""

    async def add(self, record: Mapping[str, Any]) -> None: ...

    async def update(self, id: str, **columns: Any) -> None: ...

    async def evict(self, keep: int) -> int:
        return 0

    async def get(self, id: str) -> None: ...

    async def unfinished(self) -> list[Mapping[str, Any]]:
        return []
