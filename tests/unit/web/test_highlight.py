"""Code as HTML: nothing is lost, functions seen are marked, lines can be reached."""

import html
import re
from pathlib import Path

import pytest

from quiz.web.core import syntax

DEMOS = sorted(Path("content/demos").glob("*/*.py"))
SOURCE = '''"""Two tasks."""

SECONDS = 2  # how long


async def task_a() -> None:
    await sleep(SECONDS)


@app.post(
    "/items"
)
async def create_item(background_tasks: BackgroundTasks) -> str:
    background_tasks.add_task(task_a, task_a=1)
    return f"<b>{SECONDS}</b>"
'''


def text_of(markup: str) -> str:
    return html.unescape(re.sub("<[^>]+>", "", markup))


def line(markup: str, number: int) -> str:
    found = re.search(rf'<span class="line[^>]* data-line="{number}".*?\n</span>', markup, re.S)
    assert found
    return found.group()


@pytest.mark.parametrize("path", DEMOS, ids=str)
def test_nothing_of_the_source_is_lost(path: Path) -> None:
    source = path.read_text()
    assert text_of(syntax.code(source, path.name, {"create_item": "event loop"})) == source


def test_tokens_have_short_classes() -> None:
    code = syntax.code(SOURCE, "demo.py")
    assert '<span class="k">async def</span> <span class="f">task_a</span>' in code.replace(
        '</span> <span class="k">def', " def"
    )
    assert '<span class="n">2</span>  <span class="c"># how long</span>' in code
    assert '<span class="dec">@app.post(</span>' in code


def test_functions_of_the_timeline_are_marked_at_their_names() -> None:
    code = syntax.code(SOURCE, "demo.py", {"task_a": "event loop", "create_item": "thread pool"})
    assert '<mark class="loop"><span class="f">task_a</span></mark>' in line(code, 6)
    assert 'add_task(<mark class="loop">task_a</mark>, task_a=' in line(code, 14)
    assert 'class="line loop"' in line(code, 7)
    assert 'class="line thread"' in line(code, 13)
    assert 'class="line"' in line(code, 3)


def test_the_first_line_of_a_function_names_its_last_line() -> None:
    code = syntax.code(SOURCE, "demo.py")
    assert 'id="code-demo.py-6" data-line="6" data-to="7"' in code
    # The interpreter's first line of a decorated function is its decorator's.
    assert 'data-line="10" data-to="15"' in code


def test_the_lines_of_the_selected_function_are_marked() -> None:
    code = syntax.code(SOURCE, "demo.py", chosen=10)
    marked = [n for n in range(1, 16) if "is-chosen" in line(code, n)]
    assert marked == [10, 11, 12, 13, 14, 15]


def test_an_excerpt_is_one_function_with_its_decorators() -> None:
    piece = syntax.excerpt(SOURCE, "create_item")
    assert text_of(piece) == SOURCE[SOURCE.index("@app") :].rstrip()
    assert "id=" not in piece


def test_an_excerpt_without_a_function_name_is_used_unchanged() -> None:
    piece = "def f():\n    return 1\n"
    assert text_of(syntax.excerpt(piece)) == piece.rstrip()


def test_an_excerpt_of_an_unknown_function_is_refused() -> None:
    with pytest.raises(LookupError, match="task_z"):
        syntax.excerpt(SOURCE, "task_z")


def test_code_with_a_syntax_error_is_highlighted_too() -> None:
    assert text_of(syntax.code("def f(:\n  return <b>", "x.py")).rstrip() == "def f(:\n  return <b>"
