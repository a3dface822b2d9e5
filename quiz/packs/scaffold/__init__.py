"""The templates of `quiz new`: valid files with $names."""

from datetime import date
from pathlib import Path
from string import Template

from quiz.registry import PACKAGE

HERE = Path(__file__).parent
# Editors complete and check a file by the schema that its first line names.
SCHEMA_LINE = "# yaml-language-server: $schema={}\n"


def pack(name: str, since: date) -> str:
    question = kind("choice").substitute(id="first-question", topic="first").rstrip("\n")
    template = Template((HERE / "pack.yaml").read_text(encoding="utf-8"))
    given = {"name": name, "title": _title(name), "since": since, "question": question}
    return SCHEMA_LINE.format("pack.schema.json") + template.substitute(given)


def kind(name: str) -> Template:
    """The template of a question of this kind, as an item of a pack's list."""
    file = PACKAGE / "kinds" / name / "skeleton.yaml"
    return Template(file.read_text(encoding="utf-8"))


def demo(name: str) -> dict[str, str]:
    """The text of each file by its name."""
    # Not __pycache__.
    files = [file for file in (HERE / "demo").iterdir() if file.is_file()]
    texts = {file.name: file.read_text(encoding="utf-8") for file in files}
    text = Template(texts["demo.yaml"]).substitute(title=_title(name))
    return texts | {"demo.yaml": SCHEMA_LINE.format("../demo.schema.json") + text}


def _title(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").capitalize()
