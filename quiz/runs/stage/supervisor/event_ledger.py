"""The event ledger: which events a run has had, which calls and requests are open. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from quiz.runs.stage.supervisor.pending_work import ENDS, PendingWork


@dataclass
class EventLedger:
    """`ports` and `ended` know processes by pid. Servers have a port, workers have port 0."""

    ports: dict[int, int] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _last: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    _requests: set[str] = field(default_factory=set)  # received by a server, not ended
    _calls: dict[str, int] = field(default_factory=dict)  # started, not ended: their pid
    _lanes: dict[int, str] = field(default_factory=dict)  # of each pid's last call
    _client_calls: set[str] = field(default_factory=set)  # sent by the client, not ended
    _pending: PendingWork = field(default_factory=PendingWork)

    def add(self, event: Mapping[str, Any]) -> None:
        """Record an event, in the shape of `record.FIELDS`."""
        detail = event["detail"]
        if "program" in detail:
            return  # A program and a function can have the same name. Scenarios wait for functions.
        key = (event["event"], event["name"])
        self._counts[key] += 1
        self._last[key] = (event["process"], event["t"])
        self._pending.add(event)
        self._add_request(event["event"], detail.get("request"))
        self._add_call(event, detail.get("call"))

    def forget_calls(self) -> None:
        """Forget calls that started before zero, such as a lifespan: they may run until the end."""
        self._calls.clear()

    def add_ready(self, pid: int, port: int) -> None:
        self.ports[pid] = port

    def add_ended(self, pid: int) -> None:
        """A process ended, and with it its calls and requests."""
        self.ended.add(pid)
        self._pending.add_ended(pid, {call for call, p in self._calls.items() if p == pid})
        self._calls = {call: p for call, p in self._calls.items() if p != pid}
        self._requests = {r for r in self._requests if not r.startswith(f"{pid}-")}

    def count(self, event: str, name: str) -> int:
        return self._counts[event, name]

    def last(self, event: str, name: str) -> tuple[int, int] | None:
        """The pid and the time (ns) of the last such event."""
        return self._last.get((event, name))

    def lane_of(self, pid: int) -> str | None:
        """The lane of a process with an open call, None for any other process."""
        return self._lanes[pid] if pid in self.busy else None

    @property
    def busy(self) -> set[int]:
        """The processes with an open call of the demo's code."""
        return set(self._calls.values())

    @property
    def has_failures(self) -> bool:
        return any(event == "failed" for event, _ in self._counts)

    @property
    def is_client_waiting(self) -> bool:
        """Whether the client waits for a response."""
        return bool(self._client_calls)

    @property
    def is_settled(self) -> bool:
        """Whether all requests and calls have ended."""
        return not (self._requests or self._calls or self._client_calls)

    @property
    def is_work_left(self) -> bool:
        """Whether scheduled work has not started, or can be retried."""
        return self._pending.is_left

    def _add_request(self, event: str, request: str | None) -> None:
        if request and event == "received":
            self._requests.add(request)
        elif request and event in ENDS:
            self._requests.discard(request)

    def _add_call(self, event: Mapping[str, Any], call: str | None) -> None:
        if call is None:
            return
        if event["event"] in ENDS:
            self._calls.pop(call, None)
            self._client_calls.discard(call)
        elif event["event"] == "started" and event["lane"] == "client":
            self._client_calls.add(call)
        elif event["event"] == "started":
            self._calls[call] = event["process"]
            self._lanes[event["process"]] = event["lane"]
