"""Pending work: jobs in a queue, calls that wait for a thread, and lists of background tasks. Pure.

A ticket is the id of a job, or of a wait for a thread ("PID-NUMBER"). A list has no tickets.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

ENDS = frozenset({"succeeded", "failed", "timed_out", "cancelled"})


@dataclass
class PendingWork:
    _waiting: set[str] = field(default_factory=set)  # tickets
    _enqueued: set[str] = field(default_factory=set)  # tickets, ever
    _started: set[str] = field(default_factory=set)  # tickets, ever
    _ticket_of: dict[str, str] = field(default_factory=dict)  # of each open call
    _listed: Counter[tuple[int, str]] = field(default_factory=Counter)  # by pid and name

    @property
    def is_left(self) -> bool:
        return bool(self._waiting) or any(n > 0 for n in self._listed.values())

    def add(self, event: Mapping[str, Any]) -> None:
        """Record an event, in the shape of `record.FIELDS`."""
        detail = event["detail"]
        name, ticket, call = event["event"], detail.get("queue"), detail.get("call", "")
        listed = (event["process"], event["name"])
        if name == "enqueued" and ticket:
            self._enqueue(ticket)
        elif name == "scheduled":
            self._listed[listed] += 1
        elif name == "started":
            if detail.get("background"):
                self._listed[listed] -= 1
            if ticket:
                self._start(ticket, call)
        elif name == "lost" and ticket:
            self._waiting.discard(ticket)
        elif name in ENDS and (started := self._ticket_of.pop(call, None)) and name != "succeeded":
            self._waiting.add(started)

    def add_ended(self, pid: int, calls: Iterable[str]) -> None:
        """A process ended during these calls. Another worker can take its jobs, and only those."""
        self._listed = Counter({key: n for key, n in self._listed.items() if key[0] != pid})
        interrupted = {self._ticket_of.pop(call, "") for call in calls}
        tickets = self._waiting | interrupted
        self._waiting = {t for t in tickets if t and not t.startswith(f"{pid}-")}

    def _enqueue(self, ticket: str) -> None:
        # On a busy machine a worker's "started" can arrive before the producer's "enqueued".
        if ticket not in self._started or ticket in self._enqueued:
            self._waiting.add(ticket)
        self._enqueued.add(ticket)

    def _start(self, ticket: str, call: str) -> None:
        self._waiting.discard(ticket)
        self._started.add(ticket)
        self._ticket_of[call] = ticket
