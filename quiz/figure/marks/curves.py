"""A measured series as a line in its own lane, from zero to its maximum."""

from quiz.figure import words
from quiz.figure.marks import labels
from quiz.figure.marks.bars import Look
from quiz.figure.marks.labels import Spot
from quiz.figure.model import Drawn, Label, Lane
from quiz.timeline import Curve

HEIGHT = 4.0  # em
ROOM = 1.6  # em above the line for the number at its maximum


def lane(curve: Curve, look: Look) -> Lane:
    most = max(value for _, value in curve.points)
    at_ms = next(at for at, value in curve.points if value == most)
    text = words.measure(most, curve.unit)
    place = look.scale.place(at_ms)
    width = labels.size(text)
    spots = [Spot(place, "middle"), Spot(place, "start"), Spot(place, "end"), Spot(100.0, "end")]
    spot = next(spot for spot in spots if spot.box(width).within(labels.TRACK))
    label = Label(text, "", "soft", spot.place, spot.anchor, ROOM / 2, spot.shift)
    return Lane(
        name=curve.title,
        hue="neutral",
        height=HEIGHT,
        bars=(),
        curve=Drawn(
            points=tuple(
                (look.scale.place(at), 100.0 * (1 - value / most) if most else 100.0)
                for at, value in curve.points
            ),
            top=ROOM,
            title=f"{curve.title}: at most {text}, {words.instant(at_ms)}",
            label=label,
        ),
    )
