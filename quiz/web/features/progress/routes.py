"""The progress page, and erasing everything that the server stores of a learner."""

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from quiz.storage.learners import Imported
from quiz.storage.storage import Storage
from quiz.web.components.wording import plural
from quiz.web.core import learner_cookie
from quiz.web.core.rendering import render
from quiz.web.core.request import form, go_on_as, learner, state
from quiz.web.core.routing import FeatureRouter, NavigationLink, RouteRules
from quiz.web.features.progress import page

router = FeatureRouter(
    RouteRules(section="Progress"),
    NavigationLink("Progress", "/progress", order=4),
    prefix="/progress",
)

NOTICES = {"erased": "Your answers are erased.", "kept": "Nothing was erased."}


@router.get("")
async def show(request: Request) -> HTMLResponse:
    notice = NOTICES.get(request.query_params.get("done", ""), "")
    counts = [request.query_params.get(name, "") for name in Imported._fields]
    if all(count.isascii() and count.isdigit() for count in counts):
        notice = imported(Imported(*(int(count[:9]) for count in counts)))
    return await page.show(request, notice=notice)


def imported(done: Imported) -> str:
    """What an import added, as a notice. Answers are named even if the file had none."""
    counts = {"answer": done.answers, "rehearsal": done.rehearsals, "interview": done.interviews}
    added = [plural(count, noun) for noun, count in counts.items() if count] or ["0 answers"]
    listed = " and ".join(filter(None, (", ".join(added[:-1]), added[-1])))
    return f"{listed} imported, {done.known} known already."


@router.get("/erase")
async def ask_to_erase(request: Request) -> HTMLResponse:
    some = await load_whether_known(state(request)["storage"], learner(request))
    return render(request, "erase.html", some=some)


@router.post("/erase")
async def erase(request: Request) -> Response:
    if (await form(request)).get("confirm") != "yes":
        return RedirectResponse("/progress/erase", 303)
    await state(request)["storage"].learners.erase(learner(request))
    # A new cookie: the old recovery link must not lead to answers that are given from now on.
    go_on_as(request, learner_cookie.new())
    return RedirectResponse("/progress?done=erased", 303)


async def load_whether_known(storage: Storage, learner: str) -> bool:
    """Whether the server stores anything of the learner."""
    return await storage.learners.knows(learner)
