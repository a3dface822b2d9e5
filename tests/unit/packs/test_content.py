"""Packs: found, read completely or refused with every problem, and read again after a change."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from quiz.demos.loader import DEMOS
from quiz.packs.catalog import CatalogStore, load
from quiz.packs.check import check
from quiz.packs.files import DEMO_SCHEMA, SCHEMA
from quiz.packs.json_schemas import demo_schema, pack_schema
from quiz.questions.demo_ref import DemoRef
from quiz.registry import CONTENT
from quiz.settings import Settings
from tests import packs
from tests.packs import SOUND, pack, problems, sound, write, write_demo

REGENERATE_DEMO = ".venv/bin/quiz schema demo > content/demo.schema.json"
REGENERATE = ".venv/bin/quiz schema > content/pack.schema.json"


def lines(folder: Path, *changes: tuple[str, str]) -> list[str]:
    """The problems without their file."""
    found = problems(folder, sound(*changes))
    return [str(problem).partition("small.yaml:")[2] for problem in found]


# A sound pack


def test_a_valid_pack_is_read_in_file_order(tmp_path: Path) -> None:
    read = pack(tmp_path)
    assert (read.slug, read.title, list(read.topics)) == ("small", "A small pack", ["order"])
    assert [question.id for question in read.of_topic("order")] == ["total", "lines", "seconds"]
    assert read.question("lines") is read.questions[1]
    assert read.question("none") is None
    assert read.of_topic("none") == ()


def test_placeholders_are_filled_with_the_demos_values(tmp_path: Path) -> None:
    stem = pack(tmp_path).questions[0].stem
    assert stem == "A awaits 2 s, B awaits 1 s. How long in all?"


def test_doubled_braces_become_braces(tmp_path: Path) -> None:
    text = sound(("How long in all?", "How is {{task_a_seconds}} {{item_id}} filled?"))
    assert "How is {task_a_seconds} {item_id} filled?" in pack(tmp_path, text).questions[0].stem


def test_missing_values_of_a_demo_get_defaults(tmp_path: Path) -> None:
    parameters: dict[str, int | float] = {"task_a_seconds": 2.0, "task_b_seconds": 1.0}
    expected = DemoRef(
        name="task_order", variant="one_by_one", environment="current", parameters=parameters
    )
    assert pack(tmp_path).questions[1].demo == expected


def test_a_counterfactual_keeps_the_values_of_the_question(tmp_path: Path) -> None:
    changed = sound(("task_a_seconds: 2}", "task_a_seconds: 0.5}"))
    option = pack(tmp_path, changed).questions[0].model_dump()["options"][0]
    assert option["true_if"]["variant"] == "gathered"
    assert option["true_if"]["parameters"] == {"task_a_seconds": 0.5, "task_b_seconds": 1.0}


def test_follow_ups_have_their_demo_in_full(tmp_path: Path) -> None:
    topic = "order: {title: Order, interview: {ask: How?, answer: So., follow_ups: [%s]}}"
    follow_up = "{ask: And then?, demo: {name: task_order, variant: gathered}}"
    read = pack(tmp_path, sound(("order: {title: Order}", topic % follow_up)))
    interview = read.topics["order"].interview
    assert interview
    demo = interview.follow_ups[0].demo
    assert demo
    assert demo.href.startswith("/demos/task_order?variant=gathered&environment=current&task_a_se")


# Broken packs


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "difficulty: 1",
            "dificulty: 1",
            "9:5: questions[0].dificulty: is not known here. Did you mean difficulty?",
        ),
        (
            "kind: choice",
            "kind: chioce",
            "6:5: questions[0]: kind chioce is not known. Did you mean choice?",
        ),
        (
            "topic: order",
            "topic: oder",
            "8:12: questions[0].topic: oder is not a topic of this pack. Did you mean order?",
        ),
        (
            "name: task_order,",
            "name: task_ordre,",
            "10:18: questions[0].demo.name: task_ordre is not a demo. Did you mean task_order?",
        ),
        (
            "variant: one_by_one,",
            "variant: one_by_on,",
            "10:39: questions[0].demo.variant: one_by_on is not a variant of task_order. "
            "Did you mean one_by_one?",
        ),
        (
            "one_by_one, ",
            "one_by_one, environment: curent, ",
            "10:64: questions[0].demo.environment: curent is not an environment of task_order, "
            "one_by_one. Did you mean current?",
        ),
        (
            "{task_a_seconds: 2}",
            "{task_a_second: 2}",
            "10:64: questions[0].demo.parameters.task_a_second: task_a_second is not a parameter "
            "of task_order, one_by_one. Did you mean task_a_seconds?",
        ),
        (
            "{task_a_seconds: 2}",
            "{task_a_seconds: 50}",
            "10:80: questions[0].demo.parameters.task_a_seconds: must lie between 0.1 and 5, "
            "not 50.",
        ),
        (
            "excerpt: create_item",
            "excerpt: create_itm",
            "11:14: questions[0].excerpt: create_itm is not a function of one_by_one.py. "
            "Did you mean create_item?",
        ),
        (
            "{task_b_seconds} s. How",
            "{task_c_seconds} s. How",
            "12:11: questions[0].stem: {task_c_seconds} is not a parameter. Did you mean "
            "task_b_seconds? Write {{task_c_seconds}} if you mean the braces.",
        ),
        (
            "background_ms < 2500.0",
            """count.task_b == "1" """,
            '15:29: questions[0].options["Two seconds"].holds: count.task_b is a number and "1" '
            "is a text, so this is never true. Compare count.task_b with a number.",
        ),
        (
            "background_ms < 2500.0",
            "background_ms <",
            '15:31: questions[0].options["Two seconds"].holds: is not CEL: mismatched input '
            "'<EOF>'. Write an "
            "expression such as background_ms < 1500 && count.task_b == 1.",
        ),
        (
            "background_ms < 2500.0",
            '"call.task_c.took_ms < 2500.0"',
            '15:17: questions[0].options["Two seconds"].holds: no run has call.task_c. '
            "Did you mean task_b?",
        ),
        (
            "{variant: gathered}",
            "{variant: gatherd}",
            '17:28: questions[0].options["Two seconds"].true_if.variant: gatherd is not a variant '
            "of task_order. Did you mean gathered?",
        ),
        (
            "{variant: gathered}",
            "{varient: gathered}",
            '17:19: questions[0].options["Two seconds"].true_if.varient: is not known here. '
            "Did you mean variant?",
        ),
        (
            "        key: true\n",
            "",
            "14:7: questions[0].options: no option is right. Write key: true in the one that is.",
        ),
        (
            "- text: Two seconds",
            "- {id: o2, text: Two, why: No.}\n      - text: Two seconds",
            '15:9: questions[0].options["Two seconds"]: o2 is the id of another option. Give',
        ),
        (
            "    options:\n",
            "    multiple: false\n    options:\n      - {text: Three, key: true, why: Yes.}\n",
            "13:15: questions[0].multiple: several options are right. Remove it, or leave one key.",
        ),
        (
            "id: lines",
            "id: total",
            "23:9: questions[1].id: total is a question in line 6 already. Rename it.",
        ),
        (
            "[c, b]]",
            "[c, d]]",
            "33:26: questions[1].before[1][1]: d is not an item. There are: a, b, c.",
        ),
        (
            "[c, b]]",
            "[c, b], [b, a]]",
            "33:13: questions[1].before: goes round in a circle. No order keeps all of these",
        ),
        (
            "{id: b, text",
            "{id: a, text",
            '31:14: questions[1].items["task_b starts"].id: a is the id of another item. Give',
        ),
        (
            "tolerance: 0.2",
            "tolerance: -1",
            "43:16: questions[2].tolerance: should be greater than or equal to 0. It is -1.",
        ),
        (
            "answer: 3",
            "answer: three",
            "41:13: questions[2].answer: should be a valid number, unable to parse string as a "
            "number. It is 'three'.",
        ),
        (
            "background_ms / 1000.0",
            "background_ms > 1000.0",
            "44:11: questions[2].fact: gives true or false, not a number. Make it give a number.",
        ),
        ("title: A small pack\n", "", "1:1: title: is missing. Add it."),
        ("pack: small", "pack: 7", "1:7: pack: must be text, not 7. Put it in quotes."),
        ("title: A small pack", "title: [a]", "2:8: title: must be text, not a list."),
        (
            "  order: {title: Order}",
            "  Order: {title: Order}",
            "4:10: topics.Order: 'Order' is not written as it must be. Match ^[a-z0-9]+",
        ),
    ],
)
def test_a_mistake_is_reported_with_its_place_and_remedy(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert any(expected in line for line in lines(tmp_path, (old, new))), lines(
        tmp_path, (old, new)
    )


def test_all_mistakes_of_a_question_are_reported_together(tmp_path: Path) -> None:
    found = lines(
        tmp_path,
        ("difficulty: 1", "dificulty: 1"),
        ("task_a_seconds: 2}", "task_a_seconds: 50}"),
        ("excerpt: create_item", "excerpt: create_itm"),
        ("{task_b_seconds} s. How", "{task_c_seconds} s. How"),
        ("background_ms < 2500.0", "background_ms < '2500'"),
        ("background_ms >= 2950.0", "backgroud_ms >= 2950.0"),
        ("        key: true\n", ""),
    )
    places = [int(line.split(":")[0]) for line in found]
    assert places == [9, 10, 11, 12, 14, 15, 19]


def test_one_mistake_is_reported_once(tmp_path: Path) -> None:
    assert len(lines(tmp_path, ("background_ms < 2500.0", "background_ms <"))) == 1
    assert len(lines(tmp_path, ("variant: one_by_one,", "variant: one_by_on,"))) == 1
    assert len(lines(tmp_path, ("name: task_order,", "name: task_ordre,"))) == 1


def test_a_question_without_a_demo_cannot_have_claims_or_code(tmp_path: Path) -> None:
    demo = "    demo: {name: task_order, variant: one_by_one, parameters: {task_a_seconds: 2}}\n"
    found = "\n".join(lines(tmp_path, (demo, "")))
    for reason in (
        "nothing runs that could say this",
        "needs a demo, and the question has none",
        "The question has no demo",
    ):
        assert reason in found


def test_a_follow_ups_demo_is_checked_too(tmp_path: Path) -> None:
    topic = (
        "{title: Order, interview: {ask: a, answer: b, follow_ups: [{ask: c, demo: {name: x}}]}}"
    )
    found = lines(tmp_path, ("{title: Order}", topic))
    assert found[0].startswith(
        "4:91: topics.order.interview.follow_ups[0].demo.name: x is not a demo."
    )


@pytest.mark.parametrize(
    "text",
    [
        "just text",
        "[1, 2]",
        "pack: a\ntitle: b\ntopics: [1]\nquestions: {a: b}\n",
        "pack: a\ntitle: b\ntopics: {c: 1}\nquestions: [1, null, {id: [1], topic: {}, kind: []}]\n",
        "1: 2\nquestions: [{1: 2, demo: {name: [], variant: {}}}]\n",
        SOUND.replace("variant: one_by_one", "variant: [a]"),
        SOUND.replace("variant: one_by_one", "environment: {a: b}"),
        SOUND.replace("{task_a_seconds: 2}", "[1]"),
        SOUND.replace("{task_a_seconds: 2}", "{1: 2, task_a_seconds: [x]}"),
        SOUND.replace("holds: background_ms < 2500.0", "holds: [1]"),
        SOUND.replace("at: call.task_a.ended_ms", "at: 3"),
        SOUND.replace("[[a, b], [c, b]]", "[a, [b], [a, b, c], {a: b}]"),
        SOUND.replace("true_if: {variant: gathered}", "true_if: {variant: 3, parameters: x}"),
    ],
    ids=range(13),
)
def test_a_file_with_another_structure_is_refused(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text)


# Where packs are found


def test_the_shipped_pack_has_no_problems(settings: Settings) -> None:
    assert [str(problem) for problem in check(settings).problems] == []


def test_the_shipped_pack_is_read_quickly(settings: Settings) -> None:
    before = time.process_time()
    load(settings)
    # It takes a tenth of this; the rest is for slow machines and for the tracing of tests.
    assert time.process_time() - before < 2.5


def test_additional_packs_and_demos_come_from_folders(tmp_path: Path) -> None:
    root = tmp_path / "more"
    write_demo(root / "demos")
    text = SOUND.replace("pack: small", "pack: other").replace(
        "    demo: {name: task_order}\n    stem: How", "    demo: {name: tiny}\n    stem: How"
    )
    write(root, text)
    catalog = load(packs.settings(tmp_path, root))
    assert {"background-tasks", "other"} <= set(catalog.packs)
    assert catalog.demos["tiny"].extra["lines"].unit == "lines"


def test_a_broken_pack_does_not_stop_the_others(tmp_path: Path) -> None:
    root = tmp_path / "more"
    write(root, sound(("kind: choice", "kind: chioce")), "a.yaml")
    write(root, "pack: [", "b.yaml")
    write(root, SOUND, "c.yaml")
    catalog = load(packs.settings(tmp_path, root))
    assert "small" in catalog.packs
    assert [broken.slug for broken in catalog.broken] == ["small", None]


def test_a_name_of_two_files_is_reported_with_both_places(tmp_path: Path) -> None:
    root = tmp_path / "more"
    first, second = write(root, SOUND, "a.yaml"), write(root, SOUND, "b.yaml")
    catalog = load(packs.settings(tmp_path, root))
    problem = str(catalog.broken[0].problems[0])
    assert str(first) in problem
    assert str(second) in problem
    assert check(packs.settings(tmp_path), [first, second]).problems == list(
        catalog.broken[0].problems
    )


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    catalog = load(packs.settings(tmp_path, tmp_path / "none"))
    assert "is not a folder" in str(catalog.broken[0].problems[0])


def test_a_broken_demo_and_its_questions_are_reported(tmp_path: Path) -> None:
    root = tmp_path / "more"
    folder = write_demo(root / "demos", data="title: [")
    settings = packs.settings(tmp_path, root)
    assert "demo.yaml" in str(load(settings).problems[0])
    assert check(settings, [folder / "demo.yaml"]).problems == load(settings).problems
    assert check(settings).problems


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    found = check(packs.settings(tmp_path), [tmp_path / "none.yaml"]).problems
    assert "cannot be read" in str(found[0])


# The shelf


def changed(file: Path, text: str) -> None:
    """As an editor saves it, in a later tick of the clock than before."""
    file.write_text(text, encoding="utf-8")
    later = file.stat().st_mtime_ns + 1_000_000_000
    os.utime(file, ns=(later, later))


def test_an_edited_pack_is_reloaded_at_the_next_access(tmp_path: Path) -> None:
    root = tmp_path / "more"
    file = write(root, SOUND)
    shelf = CatalogStore(packs.settings(tmp_path, root, reload=True))
    assert shelf.catalog is shelf.catalog
    changed(file, SOUND.replace("A small pack", "Another name"))
    assert shelf.catalog.packs["small"].title == "Another name"


def test_new_and_removed_packs_are_noticed(tmp_path: Path) -> None:
    root = tmp_path / "more"
    root.mkdir()
    shelf = CatalogStore(packs.settings(tmp_path, root, reload=True))
    assert "small" not in shelf.catalog.packs
    file = write(root, SOUND)
    assert "small" in shelf.catalog.packs
    file.unlink()
    assert "small" not in shelf.catalog.packs


def test_a_broken_link_is_a_broken_pack(tmp_path: Path) -> None:
    root = tmp_path / "more"
    write(root, SOUND)
    (root / "gone.yaml").symlink_to(tmp_path / "nowhere")
    catalog = CatalogStore(packs.settings(tmp_path, root, reload=True)).catalog
    assert "is a link" in str(catalog.broken[0].problems[0])
    assert "small" in catalog.packs


def test_an_edited_demo_is_noticed_too(tmp_path: Path) -> None:
    folder = write_demo(tmp_path / "more" / "demos")
    shelf = CatalogStore(packs.settings(tmp_path, tmp_path / "more", reload=True))
    changed(folder / "tiny.py", packs.CODE.replace("= 2 ", "= 3 "))
    assert shelf.catalog.demos["tiny"].parameters["wait_seconds"].default == 3


def test_without_reload_no_file_is_read_again(tmp_path: Path) -> None:
    root = tmp_path / "more"
    file = write(root, SOUND)
    shelf = CatalogStore(packs.settings(tmp_path, root))
    file.unlink()
    assert "small" in shelf.catalog.packs


# The schema


def valid(data: Any) -> bool:
    return bool(Draft7Validator(pack_schema()).is_valid(data))


def test_the_schema_is_draft_7() -> None:
    Draft7Validator.check_schema(pack_schema())
    text = json.dumps(pack_schema())
    for newer in ("$defs", "prefixItems", "discriminator"):
        assert newer not in text


def test_the_shipped_schema_is_up_to_date() -> None:
    shipped = json.loads(SCHEMA.read_text()) if SCHEMA.exists() else None
    assert shipped == pack_schema(), f"Run: {REGENERATE}"


@pytest.mark.parametrize("file", sorted(CONTENT.glob("*.yaml")), ids=lambda file: file.name)
def test_a_shipped_pack_matches_the_schema_and_names_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    # To YAML 1.2, which editors read, a day is a text.
    data = json.loads(json.dumps(yaml.safe_load(text), default=str))
    errors = Draft7Validator(pack_schema()).iter_errors(data)
    assert [error.message for error in errors] == []
    assert text.startswith("# yaml-language-server: $schema=pack.schema.json\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: choice", "kind: chioce"),
        ("difficulty: 1", "dificulty: 1"),
        ("difficulty: 1", "difficulty: 4"),
        ("id: total", "id: Total Time"),
        ("[[a, b], [c, b]]", "[[a, b, c]]"),
        ("answer: 3", "answer: three"),
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(tmp_path: Path, old: str, new: str) -> None:
    text = sound((old, new))
    assert valid(yaml.safe_load(SOUND))
    assert not valid(yaml.safe_load(text))
    assert problems(tmp_path, text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: choice", "kind: chioce"),
        ("difficulty: 1", "difficulty: 4"),
        ("difficulty: 1\n", "difficulty: 1\n    dificulty: 1\n"),
        ("why: One list, item by item.", "why: [one]"),
    ],
)
def test_an_editor_shows_one_error_for_one_mistake(old: str, new: str) -> None:
    errors = list(Draft7Validator(pack_schema()).iter_errors(yaml.safe_load(sound((old, new)))))
    assert len(errors) == 1
    assert errors[0].context == []


def undescribed(node: Any) -> list[str]:
    """The properties of a schema without a description."""
    if isinstance(node, list):
        return [name for item in node for name in undescribed(item)]
    if not isinstance(node, dict):
        return []
    known = node.get("properties", {})
    bare = [name for name, below in known.items() if "description" not in below]
    return bare + [name for below in node.values() for name in undescribed(below)]


def test_every_key_of_a_pack_and_of_a_demo_is_described() -> None:
    pack = pack_schema()
    # Where the kind is looked at, not where it is written.
    for choice in pack["properties"]["questions"]["items"]["allOf"]:
        del choice["if"]
    assert undescribed(pack) == []
    assert undescribed(demo_schema()) == []


def test_the_schema_of_a_demo_is_up_to_date_and_accepts_every_shipped_demo() -> None:
    assert json.loads(DEMO_SCHEMA.read_text()) == demo_schema(), f"Run: {REGENERATE_DEMO}"
    Draft7Validator.check_schema(demo_schema())
    for file in DEMOS.glob("*/demo.yaml"):
        errors = Draft7Validator(demo_schema()).iter_errors(yaml.safe_load(file.read_text()))
        assert [error.message for error in errors] == [], file


LISTS = (
    "topics:\n",
    "concepts: {survives: Survives a restart}\n"
    "patterns: {arq: ARQ}\n"
    "misconceptions: {in-parallel: Tasks run in parallel.}\ntopics:\n",
)


def test_the_names_in_a_question_come_from_the_lists_of_the_pack(tmp_path: Path) -> None:
    named = ("    difficulty: 1\n", "    difficulty: 1\n    concept: survives\n    pattern: arq\n")
    found = packs.pack(tmp_path, packs.sound(LISTS, named))
    assert found.concepts == {"survives": "Survives a restart"}
    assert (found.questions[0].concept, found.questions[0].pattern) == ("survives", "arq")


@pytest.mark.parametrize("field", ["concept", "pattern"])
def test_a_name_that_the_pack_does_not_list_is_an_error(tmp_path: Path, field: str) -> None:
    named = ("    difficulty: 1\n", f"    difficulty: 1\n    {field}: survive\n")
    (problem,) = packs.problems(tmp_path, packs.sound(LISTS, named))
    assert f"questions[0].{field}: survive is not a {field} of this pack" in str(problem)


def test_an_unlisted_misconception_is_named_with_the_nearest(tmp_path: Path) -> None:
    wrong = ("        true_if:", "        misconception: in-paralel\n        true_if:")
    (problem,) = packs.problems(tmp_path, packs.sound(LISTS, wrong))
    assert "in-paralel is not a misconception of this pack" in str(problem)
    assert "in-parallel" in problem.mend
