"""What `poll` is there to show, in real runs."""

import pytest

from tests.live.once import Play, facts_of, variants_of

WANTED = variants_of("poll")


@pytest.mark.parametrize(
    ("variant", "environment", "status", "state"),
    [
        ("printed", "arq", 500, "an error"),
        ("right", "arq", 200, "done"),
        ("failed", "arq", 200, "failed"),
        ("failed_raw", "arq", 500, "an error"),
        ("unknown", "arq", 404, "an error"),
        ("unknown_raw", "arq", 200, "not_found"),
        ("unknown_celery", "current", 200, "PENDING"),
    ],
)
def test_what_a_poll_is_told_at_the_end(
    play: Play, variant: str, environment: str, status: int, state: str
) -> None:
    extra = facts_of(play("poll", variant, environment))["extra"]
    assert (extra["status"], extra["state"]) == (status, state)


def test_a_client_asks_until_the_report_is_there(play: Play) -> None:
    facts = facts_of(play("poll", "right", "arq"))
    assert facts["responses"][0]["status"] == 202
    assert facts["extra"]["polls"] >= 3
