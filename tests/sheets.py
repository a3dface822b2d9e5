"""Questions of every form for export, with characters that are special in a format."""

from quiz.exchange.export_document import Item, Sheet
from quiz.questions import portable

SIGNS = r"a = {b: 'c'} ~ #5% & <d> \n \\ -> //"
CODE = 'async def f(x: int) -> None:\n    print(f"{x=}")  # ~'

CHOICE = Item(
    id="pick",
    stem=f"Which of `these`?\n\nWith {SIGNS}",
    form=portable.Options(
        (
            portable.Option(f"One {SIGNS}", True, f"It is {SIGNS}"),
            portable.Option("%50% of it", False, "It is not."),
        )
    ),
    topic="Signs / and slashes",
    code=CODE,
    explanation="Because **it** is.",
    rule="Take this one.",
    see=("https://example.org/why/",),
    tags=("first", "a-concept"),
    difficulty=2,
    kind="choice",
    href="http://localhost:8000/packs/small/pick",
)
SEVERAL = Item(
    id="several",
    stem="Which of them?",
    form=portable.Options(
        (
            portable.Option("One", True, "Yes."),
            portable.Option("Two", True, "Yes."),
            portable.Option("Three", True, "Yes."),
            portable.Option("Four", False, "No."),
        ),
        multiple=True,
    ),
    topic="Signs / and slashes",
    explanation="Three of four.",
    kind="choice",
)
LINES = (f"First {SIGNS}", "Then")
ORDER = Item(
    id="lines",
    stem="In which order?",
    form=portable.Order(LINES, strict=False),
    topic="Others",
    explanation="So.",
    kind="ordering",
)
NUMBER = Item(
    id="seconds",
    stem="How many?",
    form=portable.Number(-2.5, 0.25, "s"),
    topic="Others",
    explanation="Minus two and a half.",
    kind="number",
)
WORDS = Item(
    id="word",
    stem="Which argument?",
    form=portable.Words(("**kwargs", "kwargs=1 {#}")),
    topic="Others",
    explanation="That one.",
    kind="text",
)
PAIRS = Item(
    id="pairs",
    stem="What belongs together?",
    form=portable.Pairs((("A `task`", "a thread"), ("A job", "a worker")), ("nothing",)),
    topic="Others",
    explanation="So.",
    kind="match",
)
DRAWN = Item(id="drawn", stem="Draw it.", form=None, topic="Others", kind="predict")

SHEET = Sheet("small", "A small pack", (CHOICE, SEVERAL, ORDER, NUMBER, WORDS, PAIRS, DRAWN))
