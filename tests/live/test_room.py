"""A room with a real server: counts appear live, and one press starts a run for all viewers."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from quiz.settings import Settings
from tests import packs, serving
from tests.live.players import write_demo
from tests.live.test_pages_of_runs import ONCE, PACK
from tests.web.test_room import SECRET, TEACHER, answered

WALL = f"{ONCE}/room"
ENDED = r'name="after" value="(\w+)"'


@pytest.fixture
def room(settings: Settings, tmp_path: Path) -> Iterator[str]:
    """A class is served here; its question's run takes a second."""
    folder = packs.write(tmp_path / "packs", PACK.replace("0.05", "1"), "ran.yaml").parent
    (folder / "demos").mkdir()
    write_demo(folder / "demos")
    given = Settings(
        data=settings.data, cache=settings.cache, packs=(folder,), class_=True, teacher=SECRET
    )
    with serving.served(given) as (host, port):
        yield f"http://{host}:{port}"


def someone(room: str) -> httpx2.Client:
    """Who may use the wall; what a learner answers does not depend on that."""
    return httpx2.Client(base_url=room, timeout=30.0, follow_redirects=True, headers=TEACHER)


def watched(room: str, until: str) -> str:
    """All that a wall is sent up to the message with this text."""
    seen = ""
    with someone(room) as wall, wall.stream("GET", f"{WALL}/live") as stream:
        for line in stream.iter_lines():
            seen += f"{line}\n"
            if not line and re.search(until, seen):
                return seen
    raise AssertionError(f"{until} never came: {seen}")


def test_counts_appear_without_a_reload(room: str) -> None:
    with someone(room) as teacher, someone(room) as learner, ThreadPoolExecutor(1) as pool:
        teacher.post(f"{WALL}/round")
        wall = pool.submit(watched, room, "<b>1</b> answered")
        learner.post(f"{ONCE}/attempts", data={"answer": "o1"}).raise_for_status()
        assert "<b>1</b> answered" in wall.result()


def test_two_presses_at_once_start_one_run_that_every_projector_shows(room: str) -> None:
    with someone(room) as one, someone(room) as other, ThreadPoolExecutor(5) as pool:
        one.post(f"{WALL}/round")
        walls = [pool.submit(watched, room, ENDED) for _ in range(3)]
        press = [pool.submit(who.post, f"{WALL}/run", data={"after": ""}) for who in (one, other)]
        assert {pressed.result().status_code for pressed in press} == {200}
        seen = [wall.result() for wall in walls]
    assert len({run for text in seen for run in re.findall(ENDED, text)}) == 1
    for text in seen:
        assert "Running. It takes about 1 s." in text
        assert "work took" in re.sub("<[^>]+>", "", text)


def test_a_press_on_a_wall_that_is_out_of_date_starts_nothing(room: str) -> None:
    with someone(room) as teacher:
        teacher.post(f"{WALL}/round")
        teacher.post(f"{WALL}/run", data={"after": ""})
        (run,) = re.findall(ENDED, watched(room, ENDED))
        stale = teacher.post(f"{WALL}/run", data={"after": ""}).text
        assert re.findall(ENDED, stale) == [run]
        again = teacher.post(f"{WALL}/run", data={"after": run}).text
        assert "Running." in again


def test_the_right_answer_is_shown_after_the_counts_and_the_run(room: str) -> None:
    with someone(room) as teacher:
        teacher.post(f"{WALL}/round")
        assert "Right answer" not in teacher.post(f"{WALL}/show").text
        teacher.post(f"{WALL}/run", data={"after": ""})
        watched(room, ENDED)
        html = teacher.get(WALL).text
        assert html.index("Once") < html.index("Right answer") < html.index("Twice")


def test_the_room_s_run_can_be_cancelled_and_takes_no_learner_s_turn(room: str) -> None:
    with someone(room) as teacher:
        teacher.post(f"{WALL}/round")
        teacher.post(f"{WALL}/run", data={"after": ""})
        own = teacher.post("/demos/sample/runs", data={"seconds": "0.05"}).text
        assert "One run at a time" not in own
        assert "SECONDS = <span" in own
        teacher.post(f"{WALL}/run", data={"after": re.findall(ENDED, watched(room, ENDED))[0]})
        assert "This run was cancelled." in teacher.post(f"{WALL}/cancel").text
        assert answered(teacher.get(WALL).text) == 0
