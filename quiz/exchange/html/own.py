"""Marks around parts of exported HTML, by which an import restores them."""

import re

PREFIX = "after-response-"
OWN = re.compile(rf'<(div|pre) class="{PREFIX}([a-z]+)">(.*?)</\1>\s*', re.DOTALL)


def part(name: str, html: str, tag: str = "div") -> str:
    return f'<{tag} class="{PREFIX}{name}">{html}</{tag}>' if html else ""
