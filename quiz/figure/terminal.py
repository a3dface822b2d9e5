"""The figure in a terminal's colours, for `quiz run`."""

from rich.text import Text

from quiz.figure.model import Figure
from quiz.figure.text import lines


def text(figure: Figure, width: int) -> Text:
    drawn = [Text.assemble(*line) for line in lines(figure, width)]
    return Text("\n").join(drawn)
