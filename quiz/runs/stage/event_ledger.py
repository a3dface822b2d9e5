"""What the owner has heard of a run, and who waits for what of it. Pure: instants are handed in."""

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

_ENDS = frozenset({"succeeded", "failed", "timed_out", "cancelled"})


@dataclass
class News:
    """The scenario waits for one thing at a time; `answers` gives what can be said now."""

    _heard: Counter[tuple[str, str]] = field(default_factory=Counter)
    _requests: set[str] = field(default_factory=set)  # received, not ended
    _calls: dict[str, int] = field(default_factory=dict)  # started, not ended -> process
    _lanes: dict[int, str] = field(default_factory=dict)  # process -> that of its last call
    _asked: set[str] = field(default_factory=set)  # the client's, not ended
    _tickets: set[str] = field(default_factory=set)  # who holds one waits for a worker, a thread
    _handed_over: set[str] = field(default_factory=set)  # tickets, ever
    _begun: set[str] = field(default_factory=set)  # tickets, ever
    _of_call: dict[str, str] = field(default_factory=dict)  # a call that goes on -> its ticket
    _listed: Counter[tuple[int, str]] = field(default_factory=Counter)  # by process and name
    _zero: int | None = None
    _waits: dict[str, Any] | None = None
    _ready: dict[int, int] = field(default_factory=dict)  # process -> its port
    _gone: set[int] = field(default_factory=set)
    _last: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)  # process, instant

    def zero(self, t: int) -> None:
        # What runs since before (a lifespan) is not waited for.
        self._zero = t
        self._calls.clear()

    def hear(self, record: dict[str, Any]) -> None:
        event, detail = record["event"], record["detail"]
        if "program" in detail:
            return  # whoever waits for a call of that name means a function
        self._heard[event, record["name"]] += 1
        self._last[event, record["name"]] = (record["process"], record["t"])
        self._keep_tickets(event, record, detail)
        if request := detail.get("request"):
            if event == "received":
                self._requests.add(request)
            elif event in _ENDS:
                self._requests.discard(request)
        if call := detail.get("call"):
            mine = record["lane"] == "client"
            if event in _ENDS:
                self._calls.pop(call, None)
                self._asked.discard(call)
            elif event == "started" and mine:
                self._asked.add(call)
            elif event == "started":
                self._calls[call] = record["process"]
                self._lanes[record["process"]] = record["lane"]

    def ready(self, pid: int, port: int) -> None:
        self._ready[pid] = port

    @property
    def failures(self) -> int:
        return sum(n for (event, _), n in self._heard.items() if event == "failed")

    @property
    def busy(self) -> set[int]:
        """The processes in which a call of the demo's code goes on."""
        return set(self._calls.values())

    def lane_of(self, pid: int) -> str | None:
        """Of a process in which such a call goes on; None for any other."""
        return self._lanes[pid] if pid in self.busy else None

    @property
    def is_work_left(self) -> bool:
        """Whether something was promised that has not begun, or may be tried again."""
        return bool(self._tickets) or any(n > 0 for n in self._listed.values())

    def _keep_tickets(self, event: str, record: dict[str, Any], detail: dict[str, Any]) -> None:
        """Jobs have theirs, and so has what waits for a thread; a background list has none."""
        ticket, call = detail.get("queue"), detail.get("call", "")
        listed = (record["process"], record["name"])
        if event == "enqueued" and ticket:
            # On a busy machine who hands over may hear of it after a worker has begun.
            if ticket not in self._begun or ticket in self._handed_over:
                self._tickets.add(ticket)
            self._handed_over.add(ticket)
        elif event == "scheduled":
            self._listed[listed] += 1
        elif event == "started":
            if detail.get("background"):
                self._listed[listed] -= 1
            if ticket:
                self._tickets.discard(ticket)
                self._begun.add(ticket)
                self._of_call[call] = ticket
        elif event == "lost" and ticket:
            self._tickets.discard(ticket)
        elif event in _ENDS and (begun := self._of_call.pop(call, None)) and event != "succeeded":
            self._tickets.add(begun)

    @property
    def is_client_waiting(self) -> bool:
        """For the answer to a request."""
        return bool(self._asked)

    def gone(self, pid: int) -> None:
        """A process ended: its calls and requests never will."""
        self._gone.add(pid)
        # Its list and who waited for its threads are gone with it; its jobs somebody may take.
        self._listed = Counter({at: n for at, n in self._listed.items() if at[0] != pid})
        cut = {self._of_call.pop(call, "") for call, p in self._calls.items() if p == pid}
        self._tickets = {t for t in self._tickets | cut if t and not t.startswith(f"{pid}-")}
        self._calls = {call: p for call, p in self._calls.items() if p != pid}
        self._requests = {r for r in self._requests if not r.startswith(f"{pid}-")}

    def last(self, event: str, name: str) -> tuple[int, int] | None:
        """The process and the instant (ns) of the last such event."""
        return self._last.get((event, name))

    def wait_for(self, event: str, name: str, count: int, until: float) -> None:
        self._waits = {"for": (event, name), "count": count, "until": until}

    def wait_gone(self, pid: int, until: float) -> None:
        self._waits = {"gone": pid, "until": until}

    def wait_settled(self, until: float) -> None:
        self._waits = {"until": until}

    def wait_ready(self, pid: int, until: float = math.inf) -> None:
        self._waits = {"pid": pid, "until": until}

    def deadline(self) -> float:
        """When the waiting ends at the latest."""
        return float(self._waits["until"]) if self._waits else math.inf

    def answers(self, now: float) -> list[dict[str, Any]]:
        """What to tell the scenario now: nothing, or the one answer it waits for."""
        if self._waits is None:
            return []
        answer = self._answer(self._waits, now)
        if answer is None:
            return []
        self._waits = None
        return [answer]

    def _answer(self, waits: dict[str, Any], now: float) -> dict[str, Any] | None:
        if pid := waits.get("pid"):
            if pid in self._ready:
                return {"pid": pid, "port": self._ready[pid]}
            if pid in self._gone:
                return {"error": "The process ended before it was ready: see its output."}
            return {"met": False} if now >= waits["until"] else None
        wanted = waits.get("for")
        if gone := waits.get("gone"):
            met = gone in self._gone
        elif wanted:
            met = self._heard[wanted] >= waits["count"]
        else:
            met = not (self._requests or self._calls or self._asked)
        return {"met": met} if met or now >= waits["until"] else None
