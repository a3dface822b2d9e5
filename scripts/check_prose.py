"""Find phrases that are not plain, modern English, in code and documents.

`check_prose.py [FILE or FOLDER …]`. prose-rules.toml lists the phrases, and prose-allowed.txt the
few places where one is right.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.prose_texts import Text, texts_of

ROOT = Path(__file__).parents[1]
RULES = ROOT / "scripts" / "prose-rules.toml"
ALLOWED = ROOT / "scripts" / "prose-allowed.txt"
DEFAULT = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs", "scripts")
SKIPPED = ("vendor", "__pycache__")
# The start of a text, of a paragraph, of a list item, of a table cell, and after a full stop.
START = r"(?:\A|(?<=[.!?])\s+|\n\s*\n|(?:\A|\n)\s*(?:[-*>]|#+|\d+\.)\s+|\|\s+)"


@dataclass(frozen=True)
class Rule:
    name: str
    pattern: re.Pattern[str]
    write: str
    finds: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Allowed:
    """A phrase that is right in one file: `FILE | PHRASE | REASON`."""

    line: int
    file: str
    phrase: str


@dataclass(frozen=True)
class Finding:
    file: str
    line: int
    phrase: str
    rule: Rule

    def __str__(self) -> str:
        return f'{self.file}:{self.line}: "{self.phrase}"; write {self.rule.write}'


def main(arguments: list[str]) -> int:
    rules, allowed = read_rules(RULES), read_allowed(ALLOWED)
    files = list(files_in(ROOT / name for name in arguments or DEFAULT))
    used: set[Allowed] = set()
    found = [str(one) for file in files for one in check(file, rules, allowed, used)]
    found += unused(allowed, used, {name_of(file) for file in files})
    print("\n".join(found) or f"No phrase to replace in {len(files)} files.")
    return 1 if found else 0


def read_rules(path: Path) -> list[Rule]:
    listed = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
    return [
        Rule(
            rule["name"],
            compiled(rule["find"]),
            rule["write"],
            tuple(rule["finds"]),
            tuple(rule["passes"]),
        )
        for rule in listed
    ]


def compiled(find: str) -> re.Pattern[str]:
    words = find.removeprefix("START ").replace(" ", r"\s+")
    if find.startswith("START "):
        return re.compile(f"{START}(?:{words})")
    return re.compile(words, re.IGNORECASE)


def read_allowed(path: Path) -> list[Allowed]:
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    entries = [(number, line.split(" | ")) for number, line in lines if line and line[0] != "#"]
    for number, entry in entries:
        if len(entry) != 3 or not all(entry):
            sys.exit(f"{path.name}:{number}: Write the line as FILE | PHRASE | REASON.")
    return [Allowed(number, file, phrase) for number, (file, phrase, _) in entries]


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.is_file())
            yield from (file for file in inside if not set(SKIPPED) & set(file.parts))
        elif path.is_file():
            yield path
        else:
            sys.exit(f"{path}: There is no such file or folder.")


def check(
    file: Path, rules: list[Rule], allowed: list[Allowed], used: set[Allowed]
) -> Iterator[Finding]:
    source = file.read_bytes().decode(errors="replace").splitlines()
    here = [entry for entry in allowed if entry.file == name_of(file)]
    for text in texts_of(file):
        for rule in rules:
            for found in rule.pattern.finditer(text.content):
                excuses = [entry for entry in here if covers(entry, text, found)]
                used.update(excuses)
                if not excuses:
                    yield finding(file, text, found, rule, source)


def covers(entry: Allowed, text: Text, found: re.Match[str]) -> bool:
    """Whether the phrase that is allowed lies around what was found, across line breaks too."""
    around = re.sub(r"\s", " ", text.content)
    places = re.finditer(re.escape(entry.phrase), around)
    return any(place.start() <= found.start() and found.end() <= place.end() for place in places)


def finding(file: Path, text: Text, found: re.Match[str], rule: Rule, source: list[str]) -> Finding:
    phrase = found[0].strip("\n .,;:|*->#?!")
    line = text.line_of(found.start() + found[0].index(phrase), phrase, source)
    return Finding(name_of(file), line, " ".join(phrase.split()), rule)


def unused(allowed: list[Allowed], used: set[Allowed], checked: set[str]) -> list[str]:
    """Lines of the allow-list without effect: in a checked file, or in a file that is gone."""
    idle = (entry for entry in allowed if entry not in used)
    return [
        f"scripts/{ALLOWED.name}:{entry.line}: Remove this line."
        f' It no longer allows "{entry.phrase}" in {entry.file}.'
        for entry in idle
        if entry.file in checked or not (ROOT / entry.file).exists()
    ]


def name_of(file: Path) -> str:
    path = file.resolve()
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
