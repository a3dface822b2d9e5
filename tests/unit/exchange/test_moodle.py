"""Moodle XML, compared with what the importer of Moodle expects."""

from xml.etree.ElementTree import Element, fromstring

from quiz.exchange import WRITERS
from tests.sheets import CODE, SHEET, SIGNS


def written() -> Element:
    write = WRITERS["moodle"].write
    assert write
    return fromstring(write(SHEET))


def question(name: str) -> Element:
    found = [q for q in written() if q.findtext("name/text") == name]
    assert len(found) == 1
    return found[0]


def answers(name: str) -> list[tuple[str | None, str | None, str | None]]:
    return [
        (answer.get("fraction"), answer.findtext("text"), answer.findtext("feedback/text"))
        for answer in question(name).findall("answer")
    ]


def test_each_topic_is_a_category_before_its_questions() -> None:
    kinds = [q.get("type") for q in written()]
    assert kinds == [
        *("category", "multichoice", "multichoice"),
        *("category", "ordering", "numerical", "shortanswer", "matching"),
    ]
    paths = [q.findtext("category/text") for q in written().findall("question[@type='category']")]
    assert paths[0] == "$course$/top/A small pack/Signs // and slashes"


def test_questions_that_moodle_cannot_hold_become_comments() -> None:
    write = WRITERS["moodle"].write
    assert write
    assert b"<!-- Not exported, since Moodle has no equivalent: drawn -->" in write(SHEET)


def test_the_reasons_of_a_choice_are_exported_as_feedback() -> None:
    pick = question("pick")
    assert (pick.findtext("single"), pick.findtext("idnumber")) == ("true", "small/pick")
    (right, text, why), wrong = answers("pick")
    assert (right, wrong[0], wrong[2]) == ("100", "0", "It is not.")
    assert text
    assert why
    assert SIGNS.split("&")[0].replace("\\\\", "\\") in text
    assert [tag.findtext("text") for tag in pick.findall("tags/tag")] == [
        *("first", "a-concept", "difficulty-2")
    ]


def test_the_text_is_html_with_code_and_the_feedback_links_the_question() -> None:
    pick = question("pick")
    text = pick.find("questiontext")
    assert text is not None
    assert text.get("format") == "html"
    html = text.findtext("text") or ""
    assert "<code>these</code>" in html
    assert CODE.split("\n")[0].replace(">", "&gt;") in html
    after = pick.findtext("generalfeedback/text") or ""
    assert "http://localhost:8000/packs/small/pick" in after
    assert "Take this one." in after


def test_each_right_option_adds_and_each_wrong_option_subtracts_the_same() -> None:
    assert question("several").findtext("single") == "false"
    fractions = [fraction for fraction, _, _ in answers("several")]
    # Moodle knows thirds to five places.
    assert fractions == ["33.33333", "33.33333", "33.33333", "-33.33333"]


def test_an_ordering_is_exported_as_an_ordering_that_scores_pairs() -> None:
    lines = question("lines")
    assert [fraction for fraction, _, _ in answers("lines")] == ["1", "2"]
    assert lines.findtext("selecttype") == "ALL"
    assert lines.findtext("gradingtype") == "RELATIVE_ALL_PREVIOUS_AND_NEXT"
    assert "Other orders may be right" in (lines.findtext("questiontext/text") or "")


def test_a_number_is_exported_with_tolerance_and_unit() -> None:
    seconds = question("seconds")
    assert answers("seconds") == [("100", "-2.5", None)]
    assert seconds.findtext("answer/tolerance") == "0.25"
    assert seconds.findtext("units/unit/unit_name") == "s"


def test_an_asterisk_in_a_word_is_not_a_wildcard() -> None:
    assert [text for _, text, _ in answers("word")] == [r"\*\*kwargs", "kwargs=1 {#}"]


def test_pairs_are_a_matching_question_with_unmatched_answers() -> None:
    pairs = [
        (pair.findtext("text"), pair.findtext("answer/text"))
        for pair in question("pairs").findall("subquestion")
    ]
    assert pairs == [
        ("A <code>task</code>", "a thread"),
        ("A job", "a worker"),
        ("", "nothing"),
    ]
