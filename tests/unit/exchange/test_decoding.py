"""Files in any encoding, of any program: their text, or one sentence about their format."""

import io
import zipfile

import pytest

from quiz.errors import QuizError
from quiz.exchange.decoding import decoded
from quiz.exchange.readers import recognized

TEXT = "Größe?\n{=a ~b}\n"
AIKEN = "Which?\nA. One\nB. Two\nANSWER: A"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_gives_the_same_text(encoding: str, end: str) -> None:
    assert decoded(TEXT.replace("\n", end).encode(encoding)) == TEXT


def test_utf_16_without_a_byte_order_mark_is_read_in_any_script() -> None:
    text = "Какая планета красная?\n{=Марс ~Венера ~Сатурн ~Юпитер}\n"
    assert decoded(text.encode("utf-16-le")) == decoded(text.encode("utf-16-be")) == text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a\nGröße".encode("latin-1"), r"The file is not UTF-8 \(line 2\). Save it as UTF-8."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "The file is not UTF-8"),
        (b"%PDF-1.7 \0\0\0\1\2\3 text", "The file is not text."),
        (b"PK\x03\x04 broken", "The workbook cannot be read"),
    ],
)
def test_content_that_is_not_text_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(QuizError, match=said):
        decoded(content)


def test_an_archive_that_is_not_a_workbook_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("collection.anki2", "x")
    with pytest.raises(QuizError, match="a zip archive, but not an Excel workbook"):
        decoded(file.getvalue())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<?xml version='1.0'?>\n<!-- x -->\n<quiz><question/></quiz>", "moodle"),
        ("#separator:tab\n#html:true\na\tb\n", "anki"),
        ("\n\n,Question - max 120 characters,Answer 1,Answer 2,Correct answer(s)\n", "kahoot"),
        ("question\tright\n", "csv"),
        ("sep=;\nRight;Question\n", "csv"),
        (AIKEN, "aiken"),
        ("Who?{=A ~B}", "gift"),
        ("Sky?{T#no}", "gift"),
        ("When?{\n#1822:5}", "gift"),
        ("::name::Which {word}?", "gift"),
        (f"// not Aiken\n{TEXT}", "gift"),
        ("<!-- a -->" * 40 + "<other/>", None),
        ('{"questions": [{"text": "a"}]}', None),
        ("<!DOCTYPE html><html><body>{=}</body></html>".replace("{=}", ""), None),
        ("<?xml version='1.0'?><questestinterop/>", None),
        ("# A heading\n\nSome prose, with nothing to answer.", None),
        ("def f():\n    return {'a': 1}\n", None),
        ("pack: x\ntitle: y\nquestions: []\n", None),
        ("a,b,c\n1,2,3\n", None),
        ("", None),
    ],
)
def test_a_format_is_recognized_by_its_content(text: str, name: str | None) -> None:
    assert recognized(text) == name
