"""A pack whose questions need no run, for tests of pages, and functions that send its forms."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from quiz.settings import Settings
from tests import apps, packs

PLAIN = """\
pack: plain
title: A plain pack
topics:
  first:
    title: The first topic
    interview: {ask: What is it?, answer: It is **that**.}
  second: {title: The second topic}
misconceptions: {that-is-this: That is *this*.}
questions:
  - id: pick
    kind: choice
    topic: first
    difficulty: 1
    stem: Which one of `these` is right?
    shuffle: false
    options:
      - {text: This one, key: true, why: It is.}
      - {text: That one, why: It is not., misconception: that-is-this}
    explanation: Because <b>it</b> is.
    rule: Take this one.
    see: [https://example.org/why/]
  - id: several
    kind: choice
    topic: first
    difficulty: 2
    stem: Which of them?
    shuffle: false
    options:
      - {text: One, key: true, why: Yes.}
      - {text: Two, key: true, why: Yes.}
      - {text: Three, why: No.}
    explanation: Two of three.
  - id: lines
    kind: ordering
    topic: first
    difficulty: 2
    stem: In which order?
    items: [{id: a, text: First}, {id: b, text: Second}]
    before: [[a, b]]
    explanation: So.
  - id: seconds
    kind: number
    topic: second
    difficulty: 1
    stem: How many?
    answer: 3
    unit: s
    explanation: Three.
"""
PICK = "/packs/plain/pick"
RIGHT, WRONG = {"answer": "o1"}, {"answer": "o2"}


def folder(tmp_path: Path, text: str = PLAIN) -> Path:
    return packs.write(tmp_path / "packs", text, "plain.yaml").parent


def served(tmp_path: Path, text: str = PLAIN, **given: Any) -> TestClient:
    """A client of an app with this pack."""
    ours = (folder(tmp_path, text),)
    data, cache = tmp_path / "data", apps.locked_cache()
    return apps.client(Settings(data=data, cache=cache, packs=ours, **given))


def token(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def answer(client: TestClient, form: Mapping[str, str | list[str]], question: str = PICK) -> str:
    """Sends a form as a browser does, and returns the address of the attempt."""
    sent = {**form, "token": token(client.get(question).text)}
    reply = client.post(f"{question}/attempts", data=sent, follow_redirects=False)
    assert reply.status_code == 303, reply.text
    return str(reply.headers["location"])
