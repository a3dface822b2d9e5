"""Packs and new questions as an Atom feed (RFC 4287). Pure: packs in, XML out.

The feed lists packs and questions with a day (`since`) in their file. It leaves out questions that
were published together with their pack.
"""

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from quiz import markdown
from quiz.packs.pack import Pack
from quiz.questions.base import Question

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
# Ids must stay the same forever. A `tag:` URI would need a domain that we own.
NAMESPACE = uuid.UUID("b3f0f5a2-6d0c-4c1e-9a55-2f7f6d1d8a10")
LONGEST = 300
# Characters that XML cannot contain, not even as references.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NEVER = date(1970, 1, 1)


@dataclass(frozen=True)
class Entry:
    """`path` is the page's path; the entry's id is derived from it."""

    path: str
    title: str
    summary: str
    since: date


def entries(packs: Iterable[Pack], today: date) -> list[Entry]:
    """Entries up to today, the newest first; those of one day in the order of their packs."""
    found = (entry for pack in packs for entry in _of(pack) if entry.since <= today)
    return sorted(found, key=lambda entry: entry.since, reverse=True)[:LONGEST]


def _of(pack: Pack) -> Iterator[Entry]:
    if pack.since:
        topics = ", ".join(topic.title for topic in pack.topics.values())
        yield Entry(f"packs/{pack.slug}", f"A new pack: {pack.title}", topics, pack.since)
    for question in pack.questions:
        if question.since and question.since != pack.since:
            yield _question(pack, question, question.since)


def _question(pack: Pack, question: Question, since: date) -> Entry:
    topic = pack.topics[question.topic].title
    path = f"packs/{pack.slug}/{question.id}"
    return Entry(path, markdown.plain(question.stem), f"{topic} · {pack.title}", since)


def write(entries: Iterable[Entry], base: str) -> bytes:
    """The feed as UTF-8. `base` is the server's address and ends with a slash."""
    listed = list(entries)
    newest = max((entry.since for entry in listed), default=NEVER)
    feed = Element("feed", xmlns=ATOM)
    _add(feed, id=_id("feed"), title="After Response: new questions", updated=_moment(newest))
    _link(feed, "self", f"{base}feed.atom", MEDIA_TYPE)
    _link(feed, "alternate", base)
    _add(SubElement(feed, "author"), name="After Response")
    for entry in listed:
        element = SubElement(feed, "entry")
        when = _moment(entry.since)
        _add(element, id=_id(entry.path), title=entry.title, updated=when, published=when)
        _link(element, "alternate", f"{base}{entry.path}")
        _add(element, summary=entry.summary)
    indent(feed)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def _id(name: str) -> str:
    return uuid.uuid5(NAMESPACE, name).urn


def _moment(day: date) -> str:
    return datetime.combine(day, time(), UTC).isoformat()


def _add(parent: Element, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(parent, name).text = NOT_XML.sub("�", text)


def _link(parent: Element, rel: str, href: str, media_type: str = "text/html") -> None:
    SubElement(parent, "link", rel=rel, href=href, type=media_type)
