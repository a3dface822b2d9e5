"""A deck for Anki, imported by Anki, and notes that Anki exports as text."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import gettempdir

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from quiz.exchange import WRITERS
from quiz.exchange.decoding import decoded
from quiz.exchange.export_document import Sheet
from quiz.exchange.found import no_progress
from quiz.exchange.readers import READERS, recognized
from quiz.questions import portable
from tests.sheets import CHOICE, SHEET

NOW = datetime(2026, 11, 25, tzinfo=UTC)
LOCAL = replace(SHEET, changed=NOW)


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Collection]:
    collection = Collection(str(tmp_path / "collection.anki2"))
    yield collection
    collection.close()


def taken(anki: Collection, sheet: Sheet, folder: Path) -> tuple[int, int, int]:
    """How many notes are new, brought up to date, there already."""
    write = WRITERS["anki"].write
    assert write
    file = folder / "small.apkg"
    file.write_bytes(write(sheet))
    request = ImportAnkiPackageRequest(package_path=str(file), options=ImportAnkiPackageOptions())
    log = anki.import_anki_package(request).log
    return len(log.new), len(log.updated), len(log.duplicate)


def card(anki: Collection, id: str) -> tuple[str, str]:
    found = anki.get_card(anki.find_cards(f"Id:{id}")[0])
    return found.question(), found.answer()


def test_anki_imports_one_card_per_question_and_none_twice(
    anki: Collection, tmp_path: Path
) -> None:
    assert taken(anki, LOCAL, tmp_path) == (6, 0, 0)
    assert taken(anki, LOCAL, tmp_path) == (0, 0, 6)
    assert "A small pack" in [deck.name for deck in anki.decks.all_names_and_ids()]


def test_a_changed_question_updates_its_card(anki: Collection, tmp_path: Path) -> None:
    taken(anki, LOCAL, tmp_path)
    items = (replace(CHOICE, stem="Which *now*?"), *SHEET.items[1:])
    assert taken(anki, replace(LOCAL, items=items, changed=NOW + timedelta(1)), tmp_path)[1] >= 1
    assert "Which <em>now</em>?" in card(anki, "pick")[0]
    assert anki.note_count() == 6


def test_a_card_has_the_question_in_front_and_the_answer_behind(
    anki: Collection, tmp_path: Path
) -> None:
    taken(anki, LOCAL, tmp_path)
    asked, said = card(anki, "pick")
    assert "<code>these</code>" in asked
    assert "print(f&quot;{x=}&quot;)" in asked
    assert "%50% of it" in asked
    assert "It is not." not in asked
    for words in ("✓ <b>One", "It is not.", "Because <strong>it</strong>", "Take this one."):
        assert words in said
    assert f'href="{CHOICE.href}"' in said


@pytest.mark.parametrize(
    ("id", "asked", "said"),
    [
        ("several", "Choose all that apply.", "✗ Four"),
        ("lines", "<li>Then</li><li>First", "Other orders are right, too."),
        ("seconds", "In s.", "<b>-2.5 s</b> (± 0.25)"),
        ("word", "Which argument?", "<b>**kwargs</b> (or: kwargs=1 {#})"),
        ("pairs", "<li>nothing</li>", "<li>A job: a worker</li>"),
    ],
)
def test_every_form_of_question_has_two_sides(
    anki: Collection, tmp_path: Path, id: str, asked: str, said: str
) -> None:
    taken(anki, LOCAL, tmp_path)
    front, back = card(anki, id)
    assert asked in front
    assert said in back
    assert said not in front


def test_the_deck_names_missing_questions_and_tags_its_cards(
    anki: Collection, tmp_path: Path
) -> None:
    taken(anki, LOCAL, tmp_path)
    deck = anki.decks.by_name("A small pack")
    assert deck
    assert "drawn" in deck["desc"]
    note = anki.get_note(anki.find_notes("Id:pick")[0])
    assert note.tags == ["a-concept", "first", "kind-choice"]


def test_an_export_leaves_no_temporary_file() -> None:
    write = WRITERS["anki"].write
    assert write
    before = os.listdir(gettempdir())
    write(LOCAL)
    assert os.listdir(gettempdir()) == before


def test_notes_exported_by_anki_as_text_are_imported(anki: Collection, tmp_path: Path) -> None:
    models = [anki.models.by_name(name) for name in ("Basic", "Cloze")]
    basic, cloze = (anki.new_note(model) for model in models if model)
    deck = anki.decks.id("Web::HTTP")
    assert deck
    basic["Front"], basic["Back"], basic.tags = "Status of\n<b>not found</b>?", "404", ["x"]
    cloze["Text"], cloze["Back Extra"] = "{{c1::Celery}} uses {{c2::a broker::what?}}.", "More"
    for note in (basic, cloze):
        anki.add_note(note, deck)
    file = tmp_path / "notes.txt"
    anki.export_note_csv(
        out_path=str(file),
        limit=None,
        **dict.fromkeys(
            ("with_html", "with_tags", "with_deck", "with_notetype", "with_guid"), True
        ),
    )
    text = decoded(file.read_bytes())
    assert recognized(text) == "anki"
    found = READERS["anki"].read(text, no_progress)
    assert (len(found.items), list(found.remarks)) == (3, [])
    assert found.items[0].stem == "Status of **not found**?"
    assert (found.items[0].topic, found.items[0].tags) == ("HTTP", ("x",))
    words = [item.form.accepted for item in found.items if isinstance(item.form, portable.Words)]
    assert words == [("404",), ("Celery",), ("a broker",)]
