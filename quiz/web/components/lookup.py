"""Pack, question, topic or demo by the name in an address. Raises HttpError 404 for people."""

from quiz.demos.model import Demo
from quiz.errors import did_you_mean
from quiz.packs.catalog import Catalog
from quiz.packs.pack import Pack, Topic
from quiz.questions.base import Question
from quiz.web.core.http_error import HttpError

START = ("Start", "/")


def pack(catalog: Catalog, slug: str) -> Pack:
    if found := catalog.packs.get(slug):
        return found
    for broken in catalog.broken:
        if broken.slug == slug:
            detail = f"The pack {slug} has errors and is not loaded: {broken.problems[0]}"
            mend = (
                "Mend its file, then start again; `quiz check` prints all of its errors. Answers to"
                " its questions are kept meanwhile."
            )
            raise HttpError(404, "This pack is not loaded", detail, mend, (START,))
    mend = did_you_mean(slug, catalog.packs)
    raise HttpError(404, "No such pack", f"There is no pack {slug}.", mend, (START,))


def question(pack: Pack, id: str) -> Question:
    if found := pack.question(id):
        return found
    detail = f"{pack.title} has no question {id}. It may have been removed since."
    mend = "Choose another one."
    actions = ((f"All questions of {pack.title}", f"/packs/{pack.slug}"),)
    raise HttpError(404, "No such question", detail, mend, actions)


def topic(pack: Pack, slug: str) -> Topic:
    if found := pack.topics.get(slug):
        return found
    detail = f"{pack.title} has no topic {slug}."
    actions = ((f"All topics of {pack.title}", f"/packs/{pack.slug}"),)
    raise HttpError(404, "No such topic", detail, did_you_mean(slug, pack.topics), actions)


def demo(catalog: Catalog, name: str) -> Demo:
    if found := catalog.demos.get(name):
        return found
    detail = f"There is no demo {name}."
    actions = (("All demos", "/demos"),)
    raise HttpError(404, "No such demo", detail, did_you_mean(name, catalog.demos), actions)
