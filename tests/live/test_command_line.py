"""The command line that a page shows, copied from it into a shell."""

import html
import re
import shutil
import subprocess
from urllib.request import urlopen

import pytest

from quiz.settings import Settings
from tests.serving import served


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
@pytest.mark.parametrize("query", ["", "?variant=both&write_seconds=0.1"])
def test_it_works_as_printed(settings: Settings, query: str) -> None:
    with served(settings) as (host, port):
        with urlopen(f"http://{host}:{port}/demos/after_response{query}") as page:
            printed = re.search(r"data-curl>(.+?)</pre>", page.read().decode())
        assert printed
        command = html.unescape(printed[1])
        done = subprocess.run(
            ["sh", "-c", command], capture_output=True, text=True, timeout=30, check=True
        )
    assert "POST /items" in done.stdout
    assert "response sent" in done.stdout
