"""The supervisor of one run: it starts the run's processes, collects their events, and ends them.

It runs no code of the demo, so neither a blocked event loop nor a SIGKILL disturbs its clock. It
knows two pipes: the stream to the web process, and the lifeline from the zygote.
"""

import gc
import os
import traceback
from typing import Any

from quiz.runs.stage import folder, tree, wire
from quiz.runs.stage.probe.record import RecordError
from quiz.runs.stage.probe.writer import WORK
from quiz.runs.stage.supervisor.ending import Ending
from quiz.runs.stage.supervisor.event_loop import EventLoop
from quiz.runs.stage.supervisor.orders import Orders
from quiz.runs.stage.supervisor.outgoing import OutgoingStream
from quiz.runs.stage.supervisor.run_processes import ChildrenAhead
from quiz.runs.stage.supervisor.watchdog import Watchdog

MOST_REASON_BYTES = 2500


def supervise(stream: int, lifeline: int, *, spare: bool) -> None:
    """Wait for a run and supervise it to its end; `stream` and `lifeline` are descriptors.

    A spare supervisor is made while nothing else happens, so its children rehearse.
    """
    tree.adopt_orphans()
    ahead = ChildrenAhead.make(rehearse=spare)
    # This process lives for one run and measures time. A garbage collection would disturb it.
    gc.disable()
    orders = Orders(lifeline)
    ask, *early = _wait_for_run(orders, ahead)
    run, limits = ask[wire.ID], ask[wire.LIMITS]
    out = OutgoingStream(stream, run, limits)
    watchdog = Watchdog(limits, folder.folder_of(run), ahead.groups)
    ending = _end_of_run(ask, early, ahead, orders, out, watchdog)
    tree.kill_below(ahead.groups)
    folder.remove(run)
    out.send({wire.ENDED: _report(ending, watchdog, out)})


def _wait_for_run(orders: Orders, ahead: ChildrenAhead) -> list[dict[str, Any]]:
    """The run, and the orders that arrive together with it."""
    asked: list[dict[str, Any]] | None = []
    while not asked:
        asked = orders.read()
        if asked is None:
            tree.kill_below(ahead.groups)
            os._exit(0)
    return asked


def _end_of_run(
    ask: dict[str, Any],
    early: list[dict[str, Any]],
    ahead: ChildrenAhead,
    orders: Orders,
    out: OutgoingStream,
    watchdog: Watchdog,
) -> Ending:
    try:
        _make_folder(ask)
        return EventLoop(ask, ahead, orders, out, watchdog).run(early)
    except folder.FolderError as error:
        return Ending("failed", "app", str(error))
    except (RecordError, wire.LineError) as error:
        return Ending("failed", "demo", str(error))
    except Exception:
        return Ending("failed", "app", traceback.format_exc(limit=-3)[-600:])


def _make_folder(ask: dict[str, Any]) -> None:
    """Make the run's private folder with the demo's files. Raises FolderError."""
    run_folder = folder.make(ask[wire.ID])
    for name in (WORK, "home", "tmp"):
        (run_folder / name).mkdir()
    for name, text in ask[wire.FILES].items():
        (run_folder / WORK / name).write_text(text)


def _report(ending: Ending, watchdog: Watchdog, out: OutgoingStream) -> dict[str, Any]:
    return {
        "status": ending.status,
        "fault": ending.fault,
        "reason": ending.reason and wire.shortened(ending.reason, MOST_REASON_BYTES),
        "t": ending.t,
        "timing_error_ms": watchdog.late_seconds * 1000,
        "events": out.events,
        "output_bytes": out.output_bytes,
    }
