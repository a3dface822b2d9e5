"""A timeline's figure: scale, rows, labels, marks, table, steps and text."""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from quiz.figure import Figure, Live, draw, side_by_side
from quiz.figure.marks.labels import Box, Spot, size
from quiz.figure.model import Bar, Label
from quiz.figure.scale import MIN_CHARS, Scale, fit
from quiz.figure.terminal import text
from quiz.figure.text import plain
from quiz.figure.words import duration, sentence_of
from quiz.timeline import MEMORY, RunEnd, Timeline
from tests import timelines
from tests.timelines import CAST, Script


def bars(figure: Figure) -> dict[str, Bar]:
    return {bar.span.name: bar for lane in figure.lanes for bar in lane.bars}


def boxes(figure: Figure) -> Iterator[list[tuple[str, float, Box]]]:
    """For each lane its texts: what, how high, from where to where on the narrowest track."""
    for lane in figure.lanes:
        labels = [bar.label for bar in lane.bars if bar.label]
        labels += [band.label for band in lane.bands if band.label]
        yield [(label.whole, label.y, box(label)) for label in labels]


def box(label: Label) -> Box:
    return Spot(label.place, label.anchor, label.shift).box(size(label.whole))


def assert_labels_apart(figure: Figure) -> None:
    for texts in boxes(figure):
        for what, _, place in texts:
            assert place.start >= -0.1, what
            assert place.end <= MIN_CHARS + 0.1, what
        for (one, y, place), (other, height, another) in combinations(texts, 2):
            assert y != height or not place.meets(another), (one, other)


# The scale


def test_an_early_response_has_its_own_scale() -> None:
    figure = draw(timelines.one_by_one(sent=6.0))
    assert figure.scale.early
    assert figure.rule is not None
    assert figure.rule >= 18
    assert [tick.text for tick in figure.ticks] == ["0", "6 ms", "1 s", "2 s", "3 s"]


def test_a_late_response_shares_the_scale() -> None:
    figure = draw(timelines.one_by_one(sent=800.0, a=500.0, b=300.0))
    assert not figure.scale.early
    assert figure.flag
    assert figure.flag.text == "200 · response sent · 800 ms"


@pytest.mark.parametrize("sent", [0.05, 1.0, 49.0])
def test_at_a_break_of_the_axis_a_start_is_behind_it_and_an_end_before_it(sent: float) -> None:
    scale = fit(1000.0, sent, before=False, names=4)
    (gap,) = scale.breaks
    assert scale.place(sent) == gap.last
    assert scale.place(sent, ends=True) == gap.first
    assert scale.stretch(0, sent) == [(0.0, gap.first)]
    assert [place for place, _ in scale.stretch(sent / 2, 500)] == [gap.first / 2, gap.last]


@given(
    end=st.floats(0.01, 1e7), share=st.floats(0.0001, 1.0), before=st.booleans(), n=st.floats(0, 60)
)
def test_places_rise_with_time_and_stay_in_the_picture(
    end: float, share: float, before: bool, n: float
) -> None:
    scale = fit(end, end * share, before, n)
    places = [scale.place(end * i / 50) for i in range(51)]
    assert places == sorted(places)
    assert places[0] >= 0
    assert places[-1] <= 100


@given(end=st.floats(0.01, 1e7), share=st.floats(0.0001, 1.0))
def test_ticks_are_round_and_apart(end: float, share: float) -> None:
    ticks = Scale.ticks(fit(end, end * share, before=False, names=11))
    ends = [Spot(tick.place, tick.anchor).box(size(tick.text)) for tick in ticks]
    assert len(ticks) > 1
    assert all(not one.meets(other) for one, other in combinations(ends, 2))
    assert all(place.within(Box(0, MIN_CHARS)) for place in ends)


def test_a_call_that_started_before_zero_is_drawn_in_the_margin() -> None:
    figure = draw(timelines.pool())
    lifespan = bars(figure)["lifespan"]
    assert (lifespan.first, lifespan.edge) == (0.0, None)
    assert bars(figure)["GET /async"].first > figure.scale.zero > 0


# Rows and labels


@pytest.mark.parametrize("name", CAST)
def test_no_label_overlaps_another(name: str) -> None:
    assert_labels_apart(draw(CAST[name]()))


@st.composite
def stories(draw_: st.DrawFn) -> Timeline:
    script = Script()
    sent = draw_(st.floats(0.5, 500))
    script.request("POST /items", 0.0, sent, sent + 0.4)
    names = st.text("abcdefgh_Ж漢", min_size=1, max_size=40)
    for _ in range(draw_(st.integers(0, 12))):
        start = draw_(st.floats(0, 3000))
        took = draw_(st.one_of(st.none(), st.floats(0.001, 3000)))
        end = None if took is None else start + took
        lane = draw_(st.sampled_from(["event loop", "thread pool"]))
        ended = draw_(st.sampled_from(["succeeded", "failed", "cancelled"]))
        error = "ValueError: no" if ended == "failed" else None
        script.call(draw_(names), start, end, lane=lane, ended=ended, error=error, background=True)
    return script.build()


@given(stories(), st.one_of(st.none(), st.floats(0, 5000)))
def test_no_label_overlaps_another_in_any_run(story: Timeline, now: float | None) -> None:
    live = None if now is None else Live(now, 3000)
    figure = draw(story, live=live)
    assert_labels_apart(figure)
    assert str(figure.sentence)
    for bar in bars(figure).values():
        assert all(place >= 0 and place + width <= 100.001 for place, width in bar.frames)


def test_overlapping_calls_are_stacked_and_successive_calls_share_a_row() -> None:
    one_by_one, gathered = bars(draw(timelines.one_by_one())), bars(draw(timelines.gathered()))
    assert one_by_one["task_a"].y == one_by_one["task_b"].y
    assert len({gathered[name].y for name in ("both_tasks", "task_a", "task_b")}) == 3


def test_lanes_have_a_fixed_order_and_a_second_process_has_its_own() -> None:
    assert [lane.name for lane in draw(timelines.pool()).lanes] == [
        "client",
        "event loop",
        "thread pool",
    ]
    names = [lane.name for lane in draw(timelines.two_processes()).lanes]
    assert names == ["client", "event loop", "event loop · 2nd process"]


def test_the_texture_of_a_bar_shows_whether_a_call_holds_its_thread() -> None:
    drawn = bars(draw(timelines.pool()))
    assert [piece.state for piece in drawn["sync_ping"].pieces] == ["queued", "running"]
    assert {piece.state for piece in bars(draw(timelines.one_by_one()))["task_a"].pieces} == {
        "running",
        "suspended",
    }


def test_the_first_of_many_short_calls_shows_their_number() -> None:
    script = Script()
    for i in range(30):
        script.call("ping", i * 100.0, i * 100.0 + 1)
    script.call("ping", 3000.0, 3001.0, ended="failed", error="ValueError: no")
    (lane,) = draw(script.build()).lanes
    labels = [bar.label.whole for bar in lane.bars if bar.label]
    assert labels == ["ping × 30", "ping failed: ValueError"]
    assert len({bar.y for bar in lane.bars}) == 1


def test_the_end_of_a_call_has_a_shape_and_a_word() -> None:
    drawn = bars(draw(timelines.cut_off())) | bars(draw(timelines.failing()))
    said = {name: (bar.end, bar.label.more) for name, bar in drawn.items() if bar.end and bar.label}
    assert said["notify_partner"][0] == "failed"
    assert said["notify_partner"][1].startswith("failed")
    assert said["resize_image"] == ("cancelled", "cancelled")
    assert said["send_mail"] == ("cut", "did not end")
    assert "failed: ValueError" in drawn["notify_partner"].title


def test_a_long_name_is_shortened_but_complete_in_its_title() -> None:
    name = "renew_the_monthly_subscription_of_a_customer"
    bar = bars(draw(timelines.long_names()))[name]
    assert bar.label
    assert bar.label.text.endswith("…")
    assert name in bar.title


def test_a_blocked_loop_is_a_band_with_words() -> None:
    client, loop = draw(timelines.blocked()).lanes
    assert not client.bands
    assert [band.title for band in loop.bands] == ["loop blocked 1.00 s"]
    assert not draw(timelines.gathered()).lanes[1].bands


def test_the_axis_of_a_stopped_run_reaches_its_end() -> None:
    """Seen: the axis ended at 38 ms in a run that was stopped after 5 s."""
    script = Script()
    script.request("POST /items", 0.0, 5.0, 6.0)
    script.task("task_a", 7.0, 38.0)
    stopped = Timeline.build(script.events, end=RunEnd(5000.0, stopped=True))
    assert draw(stopped).scale.end_ms >= 5000.0
    assert draw(Timeline.build(script.events, end=RunEnd(5000.0))).scale.end_ms < 50.0


def test_only_calls_of_a_killed_process_are_drawn_as_cut() -> None:
    script = Script()
    script.task("task_a", 7.0, None)
    for how in ({"end": RunEnd(5000.0, stopped=True)}, {"truncated": True}):
        (bar,) = bars(draw(Timeline.build(script.events, **how))).values()
        assert bar.end == "open"


def test_the_sentence_the_bands_and_the_facts_agree_on_a_blocked_loop() -> None:
    script = Script()
    script.call("first", 10.0, 2010.0)
    script.call("second", 2010.1, 3010.1)
    timeline = script.build()
    (loop,) = draw(timeline).lanes
    assert [band.title for band in loop.bands] == ["loop blocked 2.00 s", "loop blocked 1.00 s"]
    assert "blocked twice: 3.00 s in total, 2.00 s at most" in str(draw(timeline).sentence)
    assert (round(timeline.facts["loop_blocked_total_ms"]), 2000) == (
        3000,
        round(timeline.facts["loop_blocked_ms"]),
    )


def test_other_responses_are_small_marks() -> None:
    figure = draw(timelines.blocked())
    assert [mark.title for mark in figure.lanes[0].marks] == [
        "GET /ping: 200 sent after 1.008 s",
    ]


def test_the_legend_lists_only_what_the_figure_contains() -> None:
    assert draw(timelines.blocked()).legend == ("running", "sent", "blocked")
    assert draw(timelines.pool()).legend == ("running", "suspended", "queued", "sent")


def test_an_object_is_drawn_as_a_bar_until_it_is_freed() -> None:
    script = Script()
    script.call("create_item", 0.0, 5.0)
    script.call("Catalogue", 1.0, 900.0, lane=MEMORY)
    figure = draw(script.build())
    assert [(lane.name, lane.hue) for lane in figure.lanes][1:] == [("memory", "neutral")]
    assert [piece.state for piece in bars(figure)["Catalogue"].pieces] == ["alive"]
    assert figure.legend == ("running", "alive")
    assert [row.cells[6:10] for row in figure.rows][1] == ("", "", "", "freed")
    assert [step.text for step in figure.steps][-1] == "Catalogue was freed after 900 ms."


# Programs, what is handed over, curves, folded time


def test_the_lane_of_a_program_shows_its_start_and_its_end() -> None:
    lanes = {lane.name: lane for lane in draw(timelines.worker_killed()).lanes}
    assert list(lanes)[2:] == ["valkey 20", "celery worker 21", "celery worker 22"]
    lives = [lane.life for lane in lanes.values() if lane.life]
    assert [(life.start is None, life.ended_by) for life in lives] == [
        (True, ""),
        (True, "killed"),
        (False, ""),
    ]
    assert [[label.text for label in life.labels] for life in lives] == [
        [],
        ["killed"],
        ["started"],
    ]
    assert not lanes["valkey 20"].bars


def test_the_lane_of_a_crashed_program_names_the_error() -> None:
    script = Script()
    script.request("POST /items", 0.0, 40.0, 41.0)
    here: dict[str, Any] = {"lane": "arq 21", "process": 21}
    script.program("arq", 21, 50.0)
    script.event(90.0, "failed", "arq", error="NameError: name 'x' is not defined", **here)
    script.event(95.0, "exited", "arq", code=1, **here)
    figure = draw(script.build())
    (life,) = [lane.life for lane in figure.lanes if lane.life]
    assert life.title.endswith("exited after 95.0 ms: NameError: name 'x' is not defined")
    assert "The arq process ended after 95 ms: NameError." in str(figure.sentence)
    assert figure.programs[0][3].endswith("NameError: name 'x' is not defined")


def test_a_web_server_that_never_stops_has_no_line_in_its_lane() -> None:
    script = Script()
    script.event(-80.0, "started", "web", program="web")
    script.call("work", 1.0, 2.0)
    (lane,) = draw(script.build()).lanes
    assert lane.life is None


def test_a_line_connects_the_sender_of_a_job_with_its_worker() -> None:
    lanes = {lane.name: lane for lane in draw(timelines.worker_killed()).lanes}
    (leaves,) = lanes["thread pool"].segments
    (passes,) = lanes["valkey 20"].segments
    assert (leaves.top is not None, leaves.foot, passes.top, passes.foot) == (
        True,
        None,
        None,
        None,
    )
    arrives, leaves_again = lanes["celery worker 21"].segments
    assert arrives.tip == "right"
    assert leaves_again.foot is None
    assert [segment.tip for segment in lanes["celery worker 22"].segments] == ["down"]


def test_a_job_that_waits_for_a_thread_of_its_own_process_needs_no_line() -> None:
    assert not any(lane.segments for lane in draw(timelines.pool()).lanes)


def test_idle_time_that_is_longer_than_the_rest_is_folded() -> None:
    figure = draw(timelines.worker_killed(again=12_000.0))
    early, folded = figure.scale.breaks
    assert early.folded_ms == 0
    assert folded.folded_ms == pytest.approx(11_600, abs=150)
    assert figure.scale.end_ms == pytest.approx(12_840, abs=30)
    assert figure.ticks[-1].text.endswith("s")
    assert not draw(timelines.worker_killed(again=1000.0)).scale.breaks[1:]


def test_the_wait_before_a_retry_is_never_folded() -> None:
    script = Script()
    where: dict[str, Any] = {"lane": "rq worker 21", "process": 21, "queue": "job"}
    script.call("send", 0.0, 10.0, ended="failed", error="ValueError: no", **where)
    script.call("send", 9000.0, 9010.0, **where)
    assert draw(script.build()).scale.breaks == ()


def test_a_curve_has_a_lane_with_its_highest_value_and_a_table() -> None:
    figure = draw(timelines.measured())
    lane = figure.lanes[-1]
    assert lane.name == "Latency of GET /ping"
    assert lane.curve
    assert lane.curve.title == "Latency of GET /ping: at most 827 ms, after 80.0 ms"
    assert lane.curve.label.text == "827 ms"
    assert min(y for _, y in lane.curve.points) == 0
    assert [place for place, _ in lane.curve.points] == sorted(p for p, _ in lane.curve.points)
    assert figure.curves[0].points[1] == (80.0, 827.25)


# While live


def test_the_axis_spans_the_expected_time_and_doubles() -> None:
    assert Live(500, 3100).axis_ms == 3100
    assert Live(3200, 3100).axis_ms == 6200
    assert draw(timelines.going_on(), live=Live(1500, 3100)).scale.end_ms == pytest.approx(3100)


def test_side_by_side_equal_durations_have_equal_widths() -> None:
    short, long = side_by_side([timelines.one_by_one(sent=6.0, a=500.0), timelines.one_by_one()])
    assert short.scale == long.scale
    assert not long.scale.breaks
    widths = [bars(figure)["task_b"].frames[0][1] for figure in (short, long)]
    assert widths[0] == pytest.approx(widths[1])
    assert_labels_apart(short)


def test_side_by_side_no_two_spans_have_one_number() -> None:
    one, other = side_by_side([timelines.one_by_one(), timelines.blocked()], selected="5")
    assert [row.number for figure in (one, other) for row in figure.rows][:6] == [1, 2, 3, 4, 5, 6]
    assert [figure.selected is None for figure in (one, other)] == [True, False]


def test_an_open_bar_grows_and_an_ended_one_does_not() -> None:
    drawn = bars(draw(timelines.going_on(), live=Live(1500, 3100)))
    assert (drawn["task_a"].grows, drawn["task_b"].grows) == (False, True)
    assert drawn["task_b"].end == "open"


def test_a_figure_without_events_has_two_empty_lanes() -> None:
    figure = draw(Script().build(), live=Live(0, 3000))
    assert [lane.name for lane in figure.lanes] == ["client", "event loop"]
    assert not figure.sentence


# Table, details, steps


def test_the_table_has_every_span() -> None:
    timeline = timelines.failing()
    figure = draw(timeline)
    assert [row.cells[0] for row in figure.rows] == [span.name for span in timeline.spans]
    assert all(len(row.cells) == len(figure.columns) for row in figure.rows)


def test_a_selected_span_shows_its_details() -> None:
    figure = draw(timelines.failing(), selected="4")
    assert figure.selected
    details = dict(figure.selected.details)
    assert details["Name"] == "notify_partner"
    assert details["Waited, thread free"] == "201 ms"
    assert details["Outcome"] == "failed: ValueError: the partner does not know order 42"
    assert bars(figure)["notify_partner"].chosen


@pytest.mark.parametrize("selected", ["", "0", "99", "x", "-1"])
def test_an_unknown_span_selects_nothing(selected: str) -> None:
    assert draw(timelines.failing(), selected=selected).selected is None


def test_every_event_is_a_step_with_a_sentence_and_a_place() -> None:
    timeline = timelines.one_by_one()
    steps = draw(timeline).steps
    assert len(steps) == len(timeline.events)
    assert "task_a started after 6.1 ms on the event loop." in [step.text for step in steps]
    assert [step.place for step in steps] == sorted(step.place for step in steps)


def test_every_kind_of_event_has_words() -> None:
    said = {
        event.event: sentence_of(event)
        for make in CAST.values()
        for event in make().events
        if event.lane not in ("client", "thread pool") and event.process < 20
    }
    assert said["killed"] == "The web process was killed after 700 ms."
    assert said["enqueued"] == "sync_ping was queued after 24.2 ms."
    assert all(text.endswith(".") and "{" not in text for text in said.values())


def test_spans_beyond_the_limit_are_counted_and_not_drawn() -> None:
    script = Script()
    for i in range(500):
        script.call(f"call_{i}", i * 2.0, i * 2.0 + 1)
    figure = draw(script.build())
    assert len(bars(figure)) == 120
    assert figure.omitted == (380, 700)


# Words and text


@pytest.mark.parametrize(
    ("ms", "said", "exactly"),
    [
        (0, "0 ms", "0 ms"),
        (0.04, "0.04 ms", "0.04 ms"),
        (0.8, "0.8 ms", "0.8 ms"),
        (0.97, "1 ms", "1.0 ms"),
        (6.13, "6 ms", "6.1 ms"),
        (999.4, "999 ms", "999 ms"),
        (999.6, "1.00 s", "1.000 s"),
        (2003.4, "2.00 s", "2.003 s"),
        (-60, "-60 ms", "-60.0 ms"),
    ],
)
def test_durations_have_readable_units(ms: float, said: str, exactly: str) -> None:
    assert (duration(ms), duration(ms, exact=True)) == (said, exactly)


def test_a_figure_as_text_has_a_sentence_a_drawing_and_a_table() -> None:
    told = plain(draw(timelines.failing()), 90)
    assert told.startswith("The client had its 200 after 8 ms.")
    assert "200 · response sent" in told
    assert "░✗" in told
    assert "notify_partner   event loop  308 ms   509 ms" in told
    assert "\x1b" not in told


@pytest.mark.parametrize("name", CAST)
@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_drawing_as_text_fits_into_the_width(name: str, width: int) -> None:
    figure = draw(CAST[name]())
    picture = plain(figure, width).split("\n\n")[1]
    assert max(map(len, picture.splitlines())) <= max(width, 26 + MIN_CHARS)


def test_as_text_a_program_is_a_thin_line_and_a_curve_has_heights() -> None:
    told = plain(draw(timelines.worker_killed()), 100)
    assert "✗killed" in told
    assert "▸started" in told
    measured = plain(draw(timelines.measured()), 100)
    assert re.search(r"Latency of GET /ping .* 827 ms", measured)
    assert re.search(r"█ .*▁", measured)


def test_a_figure_in_a_terminal_has_colours() -> None:
    console = Console(width=100, force_terminal=True, color_system="standard")
    with console.capture() as captured:
        console.print(text(draw(timelines.failing()), 100))
    assert "\x1b[36m" in captured.get()


def test_the_lanes_of_a_second_server_have_the_name_of_its_app() -> None:
    script = Script()
    for process, app in ((10, "main"), (11, "proxy"), (12, "main")):
        script.event(-50.0, "started", "web", process=process, program="web", app=app)
        script.call("work", process * 10.0, process * 10.0 + 5, process=process)
    script.call("job", 1.0, 2.0, lane="rq worker 21", process=21)
    names = [lane.name for lane in draw(script.build()).lanes]
    assert names == ["event loop", "event loop · proxy", "event loop · 3rd process", "rq worker 21"]


def test_the_first_of_many_equal_failures_shows_their_number() -> None:
    script = Script()
    for i in range(9):
        at = i * 100.0
        script.call("charge", at, at + 1, ended="failed", error="ValueError: too many")
    (lane,) = draw(script.build()).lanes
    assert [bar.label.whole for bar in lane.bars if bar.label] == ["charge × 9 failed"]
    assert [bar.end for bar in lane.bars] == ["failed"] * 9
