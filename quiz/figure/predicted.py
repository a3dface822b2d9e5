"""A prediction under the bars of the run, in the same lanes and on the same axis.

A task predicted for the first slot, and not before the response, begins where the response was
sent: a slot is coarser than the first milliseconds, which may have their own scale.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from quiz.figure import words
from quiz.figure.marks import labels
from quiz.figure.marks.bars import Draft, Look, hue
from quiz.figure.marks.labels import Box, Spot, bar_box
from quiz.figure.model import Bar, Ghost, Label
from quiz.figure.scale import Scale
from quiz.questions.prediction import Lane, Prediction, Stay
from quiz.timeline import LOOP, Span

Key = tuple[str, int]
# The name of a lane that is drawn because nothing ran in a lane of its kind.
EMPTY: dict[Lane, Key] = {
    "event loop": (LOOP, 0),
    "thread": ("thread pool", 0),
    "worker": ("another process", 0),
}
THREADS = ("thread pool", "thread")
AROUND = 0.28  # em that show above and below the bar on top


def by_lane(rows: Mapping[Key, Sequence[Span]], look: Look) -> dict[Key, list[Ghost]]:
    """The predicted tasks by lane; a new lane if the run has none of its kind."""
    found: dict[Key, list[Ghost]] = {}
    if look.predicted is None:
        return found
    for task, stay in look.predicted.tasks.items():
        if stay is not None:
            key = _key(task, stay.lane, rows)
            found.setdefault(key, []).append(_ghost(task, stay, look.predicted, look))
    return found


def rule_of(prediction: Prediction | None, scale: Scale) -> float | None:
    """The predicted place of the response, if it is not at once."""
    if prediction is None or not prediction.sent:
        return None
    return scale.place(prediction.ms(prediction.sent))


def rows(prediction: Prediction | None) -> tuple[tuple[str, str], ...]:
    """The prediction in words, task by task."""
    if prediction is None:
        return ()
    said = [(task, prediction.says(task)) for task in prediction.tasks]
    if prediction.sent is not None:
        when = f"after {prediction.time(prediction.sent)}" if prediction.sent else "at once"
        said.append(("the response", f"sent {when}"))
    return tuple(said)


def beside(drafts: Sequence[Draft], ghosts: Iterable[Ghost]) -> list[Draft]:
    """The drafts with room in their row for their predictions."""
    places = {ghost.task: ghost for ghost in ghosts}
    found, seen = [], set[str]()
    for draft in drafts:
        name = draft.bar.span.name
        ghost = None if name in seen else places.get(name)
        seen.add(name)
        if ghost:
            box = _box(ghost)
            both = Box(min(box.start, draft.box.start), max(box.end, draft.box.end))
            draft = replace(draft, box=both)
        found.append(draft)
    return found


def placed(
    ghosts: Iterable[Ghost],
    bars: Sequence[Bar],
    rule: float | None,
    height: float,
    *,
    row: float,
    bar: float,
    text: float,
) -> tuple[tuple[Ghost, ...], float]:
    """Each ghost under the first bar of its task or in its own row; the lane's new height.

    `row` is the height of such a row; `bar` and `text` are the places of both in it.
    """
    first: dict[str, Bar] = {}
    for one in bars:
        first.setdefault(one.span.name, one)
    found = []
    for ghost in ghosts:
        if real := first.get(ghost.task):
            y, thick, label = real.y - AROUND, real.height + 2 * AROUND, None
        else:
            y, thick, label = height + bar, 1.2, _label(ghost, height + text, rule)
            height += row
        found.append(replace(ghost, y=round(y, 2), height=round(thick, 2), label=label))
    return tuple(found), height


def _key(task: str, lane: Lane, rows: Mapping[Key, Sequence[Span]]) -> Key:
    """The task's own lane if it ran in that kind of lane, else the first lane of that kind."""
    fits = [key for key in rows if _kind(key[0]) == lane]
    own = [key for key in fits if any(span.name == task for span in rows[key])]
    return next(iter([*own, *fits]), EMPTY[lane])


def _kind(name: str) -> Lane | None:
    if name == LOOP:
        return "event loop"
    if name in THREADS:
        return "thread"
    return "worker" if words.names_process(name) else None


def _ghost(task: str, stay: Stay, prediction: Prediction, look: Look) -> Ghost:
    start = prediction.ms(stay.start)
    before = prediction.sent is not None and stay.start < prediction.sent
    if look.scale.early and not before:
        start = max(start, look.scale.stretches[0].end_ms)
    frames = tuple(look.scale.stretch(start, max(start, prediction.ms(stay.end))))
    title = f"Predicted: {task}, {prediction.says(task)}"
    return Ghost(task, hue(EMPTY[stay.lane][0]), frames, title)


def _label(ghost: Ghost, y: float, rule: float | None) -> Label:
    text = f"{ghost.task} · predicted"
    width = labels.size(text)
    spots = labels.near(labels.above(ghost.first, ghost.last, rule), width, _box(ghost))
    fits = [spot for spot in spots if spot.box(width).within(labels.TRACK)]
    spot = next(iter(labels.off_the_rule(fits, width, rule)), Spot(0.0, "start"))
    return Label(text, "", "soft", spot.place, spot.anchor, round(y, 2), spot.shift)


def _box(ghost: Ghost) -> Box:
    return bar_box(ghost.first, ghost.last)
