"""What every shipped demo and variant keeps, also one that is added tomorrow, in real runs."""

import pytest

from quiz.figure import tell
from quiz.timeline import CLIENT, EVENTS
from tests.live.once import DEMOS, Play, variants_of
from tests.reading import Reader, untrue

WANTED = [asked for demo in DEMOS for asked in variants_of(demo)]
# Celery's main process notices a lost pool process at once or up to 5 s later, in its next round.
ROUND_SECONDS = dict.fromkeys(("celery_child", "celery_late_child", "celery_reject_child"), 5.0)
ALL = [(asked.demo, asked.variant, asked.environment) for asked in WANTED]


@pytest.mark.parametrize(("demo", "variant", "environment"), ALL)
def test_a_run_of_each_variant_finishes(
    play: Play, demo: str, variant: str, environment: str
) -> None:
    run = play(demo, variant, environment)
    assert (run.status, run.fault, run.reason) == ("finished", None, None)
    assert run.steps


@pytest.mark.parametrize(("demo", "variant", "environment"), ALL)
def test_a_run_starts_at_its_first_request_and_has_only_known_events(
    play: Play, demo: str, variant: str, environment: str
) -> None:
    timeline = play(demo, variant, environment).timeline
    # A scenario without requests marks zero itself.
    assert all(response.request_ms >= 0 for response in timeline.responses)
    assert not timeline.responses or timeline.responses[0].request_ms == 0
    assert {event.event for event in timeline.events} <= set(EVENTS)
    assert all(span.end_ms is not None for span in timeline.spans if span.lane == CLIENT)


@pytest.mark.parametrize(("demo", "variant", "environment"), ALL)
def test_the_record_of_a_run_is_complete_and_without_contradictions(
    play: Play, demo: str, variant: str, environment: str
) -> None:
    run = play(demo, variant, environment)
    assert (run.truncated, run.timeline.contradictions) == (False, ())


@pytest.mark.parametrize(("demo", "variant", "environment"), ALL)
def test_the_sentence_about_a_run_agrees_with_its_events(
    play: Play, demo: str, variant: str, environment: str
) -> None:
    timeline = play(demo, variant, environment).timeline
    said = str(tell(timeline))
    reader = Reader(timeline.events, timeline.end)
    assert untrue(said, reader) is None, (said, reader)


@pytest.mark.parametrize(("demo", "variant", "environment"), ALL)
def test_a_variant_has_its_declared_duration(
    play: Play, demo: str, variant: str, environment: str
) -> None:
    took = play(demo, variant, environment).timeline.end_ms / 1000
    says = DEMOS[demo].variant(variant)
    # A queue looks for work once in a while. A busy machine makes a run longer, never shorter.
    least = says.seconds - max(0.6, says.seconds / 3)
    most = 1.5 * says.seconds + 0.6
    if between := ROUND_SECONDS.get(variant):
        # `seconds` is the middle of what is possible.
        least, most = least - between / 2, most + between / 2
    if says.needs:
        # What is started again during the run takes as long as this machine is slow.
        most += says.takes * 2
    assert least <= took <= most


@pytest.mark.parametrize(("demo", "variant", "environment"), ALL)
def test_a_celery_task_runs_in_the_default_prefork_pool(
    play: Play, demo: str, variant: str, environment: str
) -> None:
    timeline = play(demo, variant, environment).timeline
    programs = {process.pid for process in timeline.processes}
    tasks = [span for span in timeline.spans if span.lane.startswith("celery worker")]
    assert [task.name for task in tasks if task.process in programs] == []


@pytest.mark.parametrize(("demo", "variant", "environment"), ALL)
def test_a_scenario_adds_the_facts_that_its_demo_declares(
    play: Play, demo: str, variant: str, environment: str
) -> None:
    extra = play(demo, variant, environment).extra
    declared = DEMOS[demo].extra
    assert extra.keys() <= declared.keys()
    for name, fact in extra.items():
        assert (fact["title"], fact["unit"]) == (declared[name].title, declared[name].unit)


@pytest.mark.parametrize("demo", DEMOS)
def test_every_declared_fact_comes_from_some_variant(play: Play, demo: str) -> None:
    variants = DEMOS[demo].variants.values()
    told = {name for v in variants for name in play(demo, v.name, v.environments[0]).extra}
    assert told == set(DEMOS[demo].extra)


@pytest.mark.parametrize("demo", DEMOS)
def test_every_declared_curve_has_points_in_some_variant(play: Play, demo: str) -> None:
    variants = DEMOS[demo].variants.values()
    runs = [play(demo, v.name, v.environments[0]) for v in variants]
    assert {c.name for run in runs for c in run.timeline.curves} == set(DEMOS[demo].curves)


@pytest.mark.parametrize(
    ("demo", "variant"), dict.fromkeys((demo, variant) for demo, variant, _ in ALL)
)
def test_the_shown_files_are_short_and_do_not_mention_the_quiz(demo: str, variant: str) -> None:
    values = DEMOS[demo].values(variant, {})
    for text in DEMOS[demo].source(variant, values).values():
        assert len(text.splitlines()) <= 80
        assert "quiz" not in text
