"""Moodle XML for Moodle's question bank, with one category per topic.

Source: https://docs.moodle.org/en/Moodle_XML_format; `ordering` exists since Moodle 4.4.
"""

from html import escape
from itertools import groupby
from xml.etree.ElementTree import Comment, Element, SubElement, indent, tostring

from quiz import markdown
from quiz.exchange.export_document import Format, Item, Sheet, other_orders
from quiz.exchange.html.own import part
from quiz.kinds.number.numeral import written
from quiz.questions import portable

TOP = "$course$/top"


def write(sheet: Sheet) -> bytes:
    quiz = Element("quiz")
    if left_out := ", ".join(item.id for item in sheet.not_mapped):
        # A comment must not contain two hyphens in a row; ids never do.
        quiz.append(Comment(f" Not exported, since Moodle has no equivalent: {left_out} "))
    for topic, items in groupby(sheet.mapped, lambda item: item.topic):
        _category(quiz, sheet, topic)
        for item in items:
            _question(quiz, sheet, item)
    indent(quiz)
    return bytes(tostring(quiz, encoding="utf-8", xml_declaration=True))


def _category(quiz: Element, sheet: Sheet, topic: str) -> None:
    names = (name.replace("/", "//") for name in (sheet.title, topic))
    question = SubElement(quiz, "question", type="category")
    _text(SubElement(question, "category"), "/".join((TOP, *names)))


def _question(quiz: Element, sheet: Sheet, item: Item) -> None:
    kinds = {
        portable.Options: "multichoice",
        portable.Order: "ordering",
        portable.Number: "numerical",
        portable.Words: "shortanswer",
        portable.Pairs: "matching",
    }
    assert item.form
    question = SubElement(quiz, "question", type=kinds[type(item.form)])
    _text(SubElement(question, "name"), item.id)
    _html(question, "questiontext", _asked(item))
    _html(question, "generalfeedback", _after(item))
    _say(question, "defaultgrade", "1")
    _say(question, "idnumber", f"{sheet.slug}/{item.id}")
    _answers(question, item.form)
    tags = SubElement(question, "tags")
    for tag in (*item.tags, *([f"difficulty-{item.difficulty}"] if item.difficulty else ())):
        _text(SubElement(tags, "tag"), tag)


def _asked(item: Item) -> str:
    code = f'<code class="language-python">{escape(item.code)}\n</code>' if item.code else ""
    hint = part("note", markdown.block(item.hint)) if item.hint else ""
    return markdown.block(item.stem) + part("code", code, "pre") + hint


def _after(item: Item) -> str:
    links = "".join(f'<li><a href="{escape(link)}">{escape(link)}</a></li>' for link in item.see)
    run = f'<p><a href="{escape(item.href)}">See it run</a></p>' if item.href else ""
    rule = f"<strong>{markdown.inline(item.rule)}</strong>" if item.rule else ""
    return (
        markdown.block(item.explanation)
        + part("rule", rule)
        + part("see", f"<ul>{links}</ul>" if links else "")
        + part("link", run)
    )


def _answers(question: Element, form: portable.Plain) -> None:
    match form:
        case portable.Options(options, multiple, shuffle):
            _say(question, "single", "false" if multiple else "true")
            _say(question, "shuffleanswers", "true" if shuffle else "false")
            _say(question, "answernumbering", "none")
            right = sum(option.right for option in options)
            for option in options:
                answer = _answer(question, _fraction(option.right, multiple, right), option.why)
                answer.set("format", "html")
                _text(answer, markdown.inline(option.text))
        case portable.Order(lines):
            _say(question, "layouttype", "VERTICAL")
            _say(question, "selecttype", "ALL")
            _say(question, "selectcount", str(len(lines)))
            # As in our grading: pairs of lines in the right order count.
            _say(question, "gradingtype", "RELATIVE_ALL_PREVIOUS_AND_NEXT")
            for place, line in enumerate(lines, start=1):
                answer = SubElement(question, "answer", fraction=str(place), format="html")
                _text(answer, markdown.inline(line))
        case portable.Number(value, tolerance, unit):
            answer = _answer(question, "100", "")
            _text(answer, written(value))
            _say(answer, "tolerance", written(tolerance))
            if unit:
                known = SubElement(SubElement(question, "units"), "unit")
                _say(known, "multiplier", "1")
                _say(known, "unit_name", unit)
        case portable.Words(accepted):
            _say(question, "usecase", "0")
            for word in accepted:
                # An asterisk is a wildcard in Moodle.
                _text(_answer(question, "100", ""), word.replace("*", r"\*"))
        case portable.Pairs(pairs, others):
            _say(question, "shuffleanswers", "true")
            for item, belongs in (*pairs, *(("", other) for other in others)):
                asked = _html(question, "subquestion", markdown.inline(item))
                _text(SubElement(asked, "answer"), markdown.plain(belongs))


def _fraction(right: bool, multiple: bool, of: int) -> str:
    """The weight in per cent. Right options add equal parts, a wrong option subtracts as much."""
    if not multiple:
        return "100" if right else "0"
    share = f"{100 / of:.5f}".rstrip("0").rstrip(".")
    return share if right else f"-{share}"


def _answer(question: Element, fraction: str, why: str) -> Element:
    answer = SubElement(question, "answer", fraction=fraction)
    if why:
        _html(answer, "feedback", markdown.inline(why))
    return answer


def _html(parent: Element, tag: str, html: str) -> Element:
    element = SubElement(parent, tag, format="html")
    _text(element, html)
    return element


def _text(parent: Element, text: str) -> None:
    text_element = Element("text")
    text_element.text = text
    parent.insert(0, text_element)


def _say(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text


def left_out(sheet: Sheet) -> list[str]:
    marks = [
        item.id
        for item in sheet.mapped
        if isinstance(item.form, portable.Pairs)
        and any("`" in belongs or "*" in belongs for _, belongs in item.form.pairs)
    ]
    said = f"The answers of a matching have no markup there: {', '.join(marks)}."
    return [*([said] if marks else []), *other_orders(sheet)]


FORMAT = Format(
    "Moodle XML",
    "moodle.xml",
    "application/xml",
    "for Moodle's question bank, with feedback for each option",
    write=write,
    left_out=left_out,
)
