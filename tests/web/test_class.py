"""Page for teachers with the first answers of a class, without any names."""

import csv
import io
from pathlib import Path

from fastapi.testclient import TestClient

from quiz.settings import Settings
from tests import apps
from tests.web import plain
from tests.web.test_room import SECRET, TEACHER


def taught(tmp_path: Path) -> TestClient:
    ours = (plain.folder(tmp_path),)
    places = Settings(
        data=tmp_path / "data", cache=apps.locked_cache(), packs=ours, class_=True, teacher=SECRET
    )
    client = apps.client(places)
    client.headers.update(TEACHER)
    return client


def answers(client: TestClient, right: int, wrong: int) -> None:
    for form in [plain.RIGHT] * right + [plain.WRONG] * wrong:
        client.cookies.clear()
        plain.answer(client, form)


def test_results_of_a_class_appear_after_five_learners_answered(tmp_path: Path) -> None:
    with taught(tmp_path) as client:
        answers(client, 2, 2)
        assert "Too few answers yet." in client.get("/class").text
        answers(client, 0, 1)
        page = client.get("/class").text
        assert "<td>5</td><td>40 %</td>" in page
        assert 'That one <span class="note">by 3</span>' in page
        assert "That is <em>this</em>." in page


def test_only_first_attempts_count_and_shown_answers_do_not(tmp_path: Path) -> None:
    with taught(tmp_path) as client:
        answers(client, 5, 0)
        plain.answer(client, plain.WRONG)
        client.cookies.clear()
        client.get(plain.PICK)
        client.post(f"{plain.PICK}/reveal")
        assert "<td>5</td><td>100 %</td>" in client.get("/class").text


def test_a_wrong_answer_of_a_single_learner_is_not_shown(tmp_path: Path) -> None:
    with taught(tmp_path) as client:
        answers(client, 4, 1)
        page = client.get("/class").text
        assert "<td>5</td><td>80 %</td>" in page
        assert "That one" not in page


def test_partly_right_is_not_right_and_an_order_has_no_most_chosen_answer(
    tmp_path: Path,
) -> None:
    with taught(tmp_path) as client:
        for _ in range(5):
            client.cookies.clear()
            plain.answer(client, {"answer": "o1"}, "/packs/plain/several")
            order = {"position-a": "2", "position-b": "1"}
            plain.answer(client, order, "/packs/plain/lines")
        rows = {
            r["question"]: r for r in csv.DictReader(io.StringIO(client.get("/class.csv").text))
        }
        assert {row["first_try_rate"] for row in rows.values()} == {"0.0"}
        assert rows["lines"]["most_chosen_wrong"] == ""


def test_the_results_of_a_class_can_be_exported_as_csv(tmp_path: Path) -> None:
    with taught(tmp_path) as client:
        answers(client, 1, 4)
        (row,) = csv.DictReader(io.StringIO(client.get("/class.csv").text))
        assert (row["question"], row["learners"], row["first_try_rate"]) == ("pick", "5", "0.2")
        assert (row["most_chosen_wrong"], row["by"]) == ("That one", "4")


def test_without_class_mode_the_page_does_not_exist(tmp_path: Path) -> None:
    with plain.served(tmp_path) as client:
        assert client.get("/class").status_code == 404
        assert client.get("/class.csv").status_code == 404
