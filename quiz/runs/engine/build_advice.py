"""Advice for a failed build of an environment, found by the error message of uv.

uv reports the cause in its message only. A test runs uv for each pattern, so that a newer uv with
other words is noticed.
"""

import re
import sys

# Pattern in the message -> advice. The first match is used.
CAUSES = (
    (
        r"os error 28|Errno 28",
        "Make room on that disk, or choose other folders with QUIZ_CACHE and UV_CACHE_DIR",
    ),
    (
        r"os error (13|30)\b|Errno (13|30)\b",
        "Allow writing there, or choose other folders with QUIZ_CACHE and UV_CACHE_DIR",
    ),
    (r"Could not find the uv binary", "Install uv for this Python: pip install uv"),
    (
        r"Hash mismatch",
        "The index has another file than the locked one. Look for an index or a folder of wheels"
        " in the settings of pip and uv",
    ),
    (
        r"has no wheels with a matching|Failed to build",
        "That package has no wheel for Python {python} on this machine. Use another Python from"
        " 3.11 to 3.14",
    ),
    (
        r"\b(401|403|407)\b",
        "The index or a proxy refuses access. Look at both in the settings of pip and uv",
    ),
    (
        r"error sending request|network was disabled|timed out",
        "The index cannot be reached. Connect to the network, or look at index and proxy in the"
        " settings of pip and uv",
    ),
    (
        r"not found in the|there is no version of",
        "The index does not have that package. Look at the index in the settings of pip and uv",
    ),
)


def advice(message: str) -> str:
    """What to do before the build can succeed, without a full stop."""
    for pattern, sentence in CAUSES:
        if re.search(pattern, message):
            return sentence.format(python=f"{sys.version_info.major}.{sys.version_info.minor}")
    return "Remove that cause"
