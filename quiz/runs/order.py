"""The order of a run: the message that tells a zygote all that the run needs."""

from dataclasses import dataclass
from typing import Any

from quiz.demos import system_programs
from quiz.demos.model import Demo, Variant
from quiz.runs.run import Run
from quiz.settings import Settings


@dataclass(frozen=True)
class Order:
    """A run and its message. Complete from the request on: the demo may change while it waits."""

    run: Run
    message: dict[str, Any]


def order(run: Run, demo: Demo, settings: Settings) -> Order:
    variant = demo.variants[run.variant]
    message = {
        "ask": "run",
        "id": run.id,
        "files": dict(run.source),
        "imports": demo.imports(run.variant),
        "scenario": demo.scenario.read_text(encoding="utf-8"),
        "app": f"{variant.files[0].removesuffix('.py')}:app",
        "variant": run.variant,
        "parameters": dict(run.parameters),
        "programs": _programs(variant, settings),
        "curves": list(run.curves),
        "limits": _limits(settings),
    }
    return Order(run, message)


def _programs(variant: Variant, settings: Settings) -> dict[str, str]:
    """Name -> path of the programs that the run starts and its environment does not contain."""
    found = {name: path for name in variant.needs if (path := system_programs.find(name))}
    redis = settings.redis_server
    return found | ({"redis-server": redis} if redis else {})


def _limits(settings: Settings) -> dict[str, float]:
    return {
        "seconds": settings.run_seconds,
        "memory_mb": settings.run_memory_mb,
        "processes": settings.run_processes,
        "disk_mb": settings.run_disk_mb,
        "events": settings.run_events,
        "output_bytes": settings.run_output_bytes,
    }
