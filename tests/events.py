"""Events as a process of a run writes them."""

from typing import Any


def event(event: str, name: str = "task", **detail: Any) -> dict[str, Any]:
    """An event of process 7; `lane` and `t` are fields, everything else is its detail."""
    fields = {"lane": detail.pop("lane", "event loop"), "t": detail.pop("t", 0)}
    return {"event": event, "name": name, "process": 7, "detail": detail, **fields}
