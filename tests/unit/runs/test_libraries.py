"""The taught libraries: each is described in one module, which the stage and the pages use."""

from collections import Counter

from quiz.runs.libraries import NEEDS_BROKER, TITLES
from quiz.runs.stage.libraries import HOOKS, LIBRARIES
from quiz.runs.stage.programs.command import role_of


def test_no_library_replaces_the_hooks_of_another() -> None:
    files = Counter(file for library in LIBRARIES.values() for file in library.hooks)
    assert max(files.values()) == 1
    assert set(HOOKS) == set(files)


def test_pages_know_the_title_of_each_library_and_of_python() -> None:
    assert set(TITLES) == {*LIBRARIES, "python"}
    assert TITLES["redis"] == "redis-py"


def test_pages_know_which_libraries_need_a_broker() -> None:
    assert {"arq", "celery", "kombu", "pika", "redis", "rq"} == NEEDS_BROKER


def test_the_arguments_of_a_command_decide_its_lane() -> None:
    assert role_of(["celery", "-A", "tasks", "beat", "-s", "beat-1"]) == "celery beat"
    assert role_of(["rq", "worker", "--url", "redis://"]) == "rq worker"
    assert role_of(["arq", "main.WorkerSettings"]) == "arq"
    assert role_of(["python", "cron.py"]) == "cron"
