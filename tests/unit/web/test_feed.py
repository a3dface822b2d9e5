"""The entries of the feed, and their dates."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from quiz.web.features.packs import atom
from tests import packs

FIRST, LATER, TOMORROW = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 26)
TODAY = date(2026, 11, 25)
DATED = packs.sound(
    ("title: A small pack", "title: A small pack\nsince: 2026-11-20"),
    ("- id: lines", "- id: lines\n    since: 2026-11-23"),
    ("- id: seconds", "- id: seconds\n    since: 2026-11-20"),
)


def listed(folder: Path, text: str = DATED) -> list[tuple[str, date]]:
    found = atom.entries([packs.pack(folder, text)], TODAY)
    return [(entry.path, entry.since) for entry in found]


def test_a_pack_and_later_questions_are_listed_newest_first(tmp_path: Path) -> None:
    assert listed(tmp_path) == [("packs/small/lines", LATER), ("packs/small", FIRST)]


def test_entries_without_a_date_are_left_out(tmp_path: Path) -> None:
    assert listed(tmp_path, packs.SOUND) == []


def test_an_entry_with_a_future_date_waits_for_it(tmp_path: Path) -> None:
    ahead = DATED.replace("since: 2026-11-23", "since: 2026-11-26")
    assert listed(tmp_path, ahead) == [("packs/small", FIRST)]
    found = atom.entries([packs.pack(tmp_path, ahead)], TOMORROW)
    assert found[0].since == TOMORROW


def test_a_long_list_keeps_the_newest(tmp_path: Path) -> None:
    pack = packs.pack(tmp_path, DATED)
    many = [replace(pack, slug=f"p-{n}") for n in range(atom.LONGEST)]
    found = atom.entries(many, TODAY)
    assert len(found) == atom.LONGEST
    assert {entry.since for entry in found} == {LATER}


def test_an_invalid_date_is_refused_with_its_line(tmp_path: Path) -> None:
    problems = packs.problems(tmp_path, DATED.replace("2026-11-23", "yesterday"))
    line = DATED.splitlines().index("    since: 2026-11-23") + 1
    assert [(problem.line, problem.field) for problem in problems] == [(line, "questions[1].since")]


def test_control_characters_leave_the_feed_well_formed() -> None:
    entry = atom.Entry("packs/a", "red \x1b[31m and \ufffe", "\x00", FIRST)
    titles = ElementTree.fromstring(atom.write([entry], "http://localhost/")).iter(
        f"{{{atom.ATOM}}}title"
    )
    assert [title.text for title in titles][1] == "red \ufffd[31m and \ufffd"
