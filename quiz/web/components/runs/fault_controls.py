"""Faults that a learner can inject into a run, in words: before, at the buttons, afterwards."""

from collections.abc import Iterable, Sequence

from quiz.figure.words import listed

BUTTONS = {
    "web": "Kill the web process",
    "worker": "Kill the worker",
    "broker": "Stop the broker",
    "connection": "Close the client's connection",
}
DONE = {
    "web": "the web process was killed",
    "worker": "the worker was killed",
    "broker": "the broker was stopped",
    "connection": "the client's connection was closed",
}
SPARED = {
    "web": "There is no web process left to kill.",
    "worker": "There is no worker left to kill.",
    "broker": "There is no broker left to stop.",
    "connection": "No request was open just then, so there was no connection to close.",
}


def invitation(breaks: Sequence[str]) -> str:
    """Sentence about the faults that a learner can inject; "" without any."""
    if not breaks:
        return ""
    ways = [BUTTONS[what][0].lower() + BUTTONS[what][1:] for what in breaks]
    either = " or ".join([", ".join(ways[:-1]), ways[-1]] if len(ways) > 1 else ways)
    return f"Break it: while it runs you can {either}."


def report(broken: Iterable[str]) -> str:
    """Sentence about the faults that were injected."""
    done = listed([DONE[what] for what in dict.fromkeys(broken)])
    return f"Broken by hand: {done}."
