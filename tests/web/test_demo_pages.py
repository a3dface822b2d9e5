"""The pages of demos: forms that are filled from the address, and refused forms."""

import os
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from quiz.demos import system_programs
from quiz.demos.system_programs import PROGRAMS
from quiz.packs.catalog import load
from quiz.questions.base import Question
from quiz.settings import Settings
from quiz.web.core.rendering import markdown
from quiz.web.features.demos import listing
from tests.web import plain
from tests.web.conftest import Ask
from tests.web.programs import ABACUS, needing_an_abacus

CATALOG = load(Settings.read(os.environ))
PACK = CATALOG.packs["background-tasks"]
DEMOS = list(CATALOG.demos)
RUN = "/demos/task_order/runs"


def value(html: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)
    assert found, name
    return found[1]


def listed(client: TestClient, demo: str) -> str:
    """The entry of a demo on /demos."""
    entries = client.get("/demos").text.split('<li class="demo">')
    return next(entry for entry in entries if f'<h3><a href="/demos/{demo}">' in entry)


def test_all_demos_are_listed_under_their_topics(client: TestClient) -> None:
    html = client.get("/demos").text
    topics = re.findall(r'<h2 id="demos-([^"]+)">([^<]+)</h2>', html)
    assert dict(topics)["order"] == "Order and concurrency"
    assert {slug for slug, _ in topics} == {demo.topic for demo in CATALOG.demos.values()}
    assert re.findall(r'<a href="#demos-([^"]+)">', html) == [slug for slug, _ in topics]
    assert len(re.findall('<li class="demo">', html)) == len(DEMOS)


def test_a_topic_that_no_pack_names_has_a_readable_title() -> None:
    assert listing.readable("how-to-read-a-timeline") == "How to read a timeline"


@pytest.mark.parametrize("demo", DEMOS)
def test_a_demo_is_listed_with_what_it_shows_and_a_link_to_each_variant(
    client: TestClient, demo: str
) -> None:
    html, found = unescape(listed(client, demo)), CATALOG.demos[demo]
    assert found.summary in html
    for variant in found.variants.values():
        assert f'<a href="/demos/{demo}?variant={variant.name}">{variant.title}</a>' in html


@pytest.mark.parametrize(
    ("demo", "needs"),
    [
        ("task_order", "about 2 to 3 s · "),
        ("thread_pool", "about 1 s · "),
        ("failing_task", "environment fastapi-0.117"),
        ("rq", "s · a broker · "),
        ("crash", "a broker for some · RabbitMQ for some · environment arq · "),
    ],
)
def test_a_demo_is_listed_with_what_it_needs(client: TestClient, demo: str, needs: str) -> None:
    assert needs in listed(client, demo)


def test_a_missing_program_is_listed_with_the_command_that_installs_it(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = listed(ask(packs=(needing_an_abacus(tmp_path, monkeypatch),)), "sample")
    assert "about 4 s · Abacus · no question yet" in html
    assert "(not here)" in html
    assert f"Abacus is not installed here. Type: {ABACUS.command}" in html


def test_the_form_of_a_demo_takes_its_values_from_the_address(client: TestClient) -> None:
    html = client.get("/demos/task_order?variant=gathered&task_a_seconds=1.5").text
    assert value(html, "task_a_seconds") == "1.5"
    assert value(html, "variant") == "gathered"
    assert "TASK_A_SECONDS = <span" in html
    assert "1.5" in re.sub("<[^>]+>", "", html).split("TASK_A_SECONDS = ")[1][:5]


def test_the_run_button_says_how_long_the_demo_takes(client: TestClient) -> None:
    assert "Just show me · about 3 s" in client.get("/demos/task_order").text


def test_only_a_demo_with_listed_variants_runs_them_side_by_side(client: TestClient) -> None:
    assert "Run ARQ, Celery and RQ side by side" in client.get("/demos/enqueue_latency").text
    assert " side by side · about" not in client.get("/demos/task_order").text


def test_a_demo_can_be_compared_with_its_other_variants_and_values(client: TestClient) -> None:
    html = client.get("/demos/task_order?variant=gathered&task_a_seconds=1.5").text
    form = html.split('action="/demos/task_order/side-by-side"')[1].split("</form>")[0]
    assert re.findall(r'value="(\w+)" selected', form) == ["gathered", "gathered_blocking"]
    values = re.findall(
        r'name="([\w-]+)" min="[^"]+" max="[^"]+" step="any" value="([\d.]+)"', form
    )
    assert values[0] == ("task_a_seconds", "1.5")
    assert values[2] == ("other-task_a_seconds", "1.5")


def test_a_demo_with_several_environments_offers_a_second_one_to_compare(
    client: TestClient,
) -> None:
    html = client.get("/demos/failing_task?variant=dependency_commit").text
    form = html.split('action="/demos/failing_task/side-by-side"')[1].split("</form>")[0]
    assert form.count("<option selected>") == 1
    assert "other-environment" in form
    refused = client.post("/demos/task_order/side-by-side")
    assert refused.status_code == 404
    assert "names no variants for it" in refused.text


def test_a_demo_links_its_variants_and_the_questions_about_it(client: TestClient) -> None:
    html = client.get("/demos/task_order?task_a_seconds=1").text
    assert "/demos/task_order?variant=gathered&amp;task_a_seconds=1" in html
    assert 'href="/packs/background-tasks/two-tasks-total"' in html


def test_questions_about_the_chosen_variant_come_first(client: TestClient) -> None:
    html = client.get("/demos/task_order?variant=gathered").text
    places = [html.index(f"/background-tasks/{id}") for id in ("gathered-total", "two-tasks-total")]
    assert places[0] < html.index("With its other variants") < places[1]


def test_a_demo_links_the_interview_question_that_it_demonstrates(client: TestClient) -> None:
    html = client.get("/demos/thread_pool").text
    link = re.search(r'<a href="([^"#]+)#interview">Who waits when the thread pool is full', html)
    assert link
    assert "In the interview" in client.get(link[1]).text
    assert "In the interview" not in client.get("/demos/one_request").text


@pytest.mark.parametrize("demo", DEMOS)
def test_a_demo_lists_the_questions_about_it_without_their_explanations(
    client: TestClient, demo: str
) -> None:
    html = client.get(f"/demos/{demo}").text
    linked = set(re.findall(r'href="/packs/background-tasks/([^"]+)"', html))
    asked = [q for q in PACK.questions if q.demo and q.demo.name == demo]
    assert linked == {question.id for question in asked}
    assert linked or "No question asks about this demo yet." in html
    for question in asked:
        assert str(markdown(question.explanation)) not in html
        assert not question.rule or str(markdown(question.rule)).strip()[3:-4] not in html


@pytest.mark.parametrize("question", PACK.questions, ids=lambda question: question.id)
def test_an_answer_links_its_demo_with_the_values_of_the_question(
    client: TestClient, question: Question
) -> None:
    """One press from running: the form's fields are just what the question's run is made of."""
    assert question.demo
    if reason := system_programs.missing(
        CATALOG.demos[question.demo.name].variant(question.demo.variant).needs
    ):
        pytest.skip(reason)
    page = client.post(f"/packs/background-tasks/{question.id}/reveal").text
    link = re.search(r'<a href="([^"]+)">Open this demo', page)
    assert link
    html = client.get(unescape(link[1])).text
    form = html[html.index('id="knobs"') : html.index("data-run")]
    assert value(form, "variant") == question.demo.variant
    for name, expected in question.demo.parameters.items():
        assert float(value(form, name)) == expected
    if 'name="environment"' in form:
        assert f'value="{question.demo.environment}" checked' in form


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("variant=gatherd", "Did you mean gathered?"),
        ("task_a_seconds=99", "task_a_seconds: must lie between 0.1 and 5"),
        ("task_a_seconds=x&task_b_seconds=y", "task_b_seconds: must be a number"),
        ("tusk=1", "tusk: is not a parameter"),
        ("environment=old", "environment: "),
    ],
)
def test_an_invalid_value_in_the_address_is_reported_and_the_default_used(
    client: TestClient, query: str, note: str
) -> None:
    answer = client.get(f"/demos/task_order?{query}")
    assert answer.status_code == 200
    assert note in answer.text
    assert "The default is used instead." in answer.text


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"task_a_seconds": "99"}, "task_a_seconds: must lie between 0.1 and 5, not 99."),
        ({"task_a_seconds": ""}, "task_a_seconds: must be a number"),
        ({"variant": "none"}, "variant: "),
        ({"colour": "red"}, "colour: is not a parameter"),
    ],
)
def test_a_value_out_of_bounds_is_refused_with_the_reason(
    client: TestClient, form: dict[str, str], reason: str
) -> None:
    answer = client.post(RUN, data=form, follow_redirects=False)
    assert answer.status_code == 422
    assert reason in answer.text


def test_a_refused_value_stays_in_the_form_and_is_marked(client: TestClient) -> None:
    html = client.post(RUN, data={"task_a_seconds": "99"}).text
    assert value(html, "task_a_seconds") == "99"
    assert html.count('aria-invalid="true"') == 1


def test_htmx_receives_only_the_form(client: TestClient) -> None:
    headers = {"HX-Request": "true"}
    answer = client.post(RUN, data={"task_a_seconds": "99"}, headers=headers)
    assert answer.status_code == 422
    assert answer.text.strip().startswith("<form")


def test_the_command_line_contains_the_requested_address(client: TestClient) -> None:
    html = client.get("/demos/task_order").text
    assert "curl -sS http://localhost:8000/sandbox/task_order/runs" in html


def test_without_its_program_a_demo_shows_the_install_command_instead_of_a_button(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = ask(packs=(needing_an_abacus(tmp_path, monkeypatch),))
    html = client.get("/demos/sample").text
    assert f"Abacus is not installed here. Type: {ABACUS.command}" in html
    assert "data-run" not in html


def test_a_run_without_its_program_is_refused_with_the_install_command(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = ask(packs=(needing_an_abacus(tmp_path, monkeypatch),))
    answer = client.post("/demos/sample/runs", data={"variant": "plain"})
    assert answer.status_code == 409
    assert f"Type: {ABACUS.command}" in answer.text


def test_an_answer_whose_run_lacks_a_program_shows_the_install_command(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rabbitmq = replace(PROGRAMS["rabbitmq-server"], folders=())
    monkeypatch.setitem(PROGRAMS, "rabbitmq-server", rabbitmq)
    monkeypatch.setenv("PATH", str(tmp_path))
    question = "/packs/background-tasks/published-then-killed"
    html = client.get(plain.answer(client, {"answer": "o1"}, question)).text
    offer = html.partition('id="run-offer"')[2].partition("</div>")[0]
    assert f"RabbitMQ is not installed here. Type: {rabbitmq.command}" in offer
    assert "data-run" not in offer
    assert "Run it to see" not in offer


def test_the_page_says_before_the_run_what_the_learner_can_break(client: TestClient) -> None:
    page = unescape(client.get("/demos/poll?variant=awaited").text)
    ways = "kill the web process, kill the worker, stop the broker or close the client's connection"
    assert f"Break it: while it runs you can {ways}." in page
    assert "while it runs you can kill the web process." in client.get("/demos/long_task").text
    assert "Break it" not in client.get("/demos/task_order").text
