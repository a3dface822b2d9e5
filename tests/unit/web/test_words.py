"""Facts as a page shows them."""

from quiz.demos.loader import load_demos
from quiz.web.components.wording import fact_text

DEMOS, _ = load_demos()


def test_milliseconds_of_a_demo_are_formatted_like_all_others() -> None:
    demo = DEMOS["async_and_sync"]
    assert fact_text("extra.ping_in_mail_ms", 19.984976, demo).value == "20.0 ms"
    assert fact_text("extra.ping_in_mail_ms", 1001.2, demo).value == "1.00 s"


def test_a_counted_fact_has_its_unit() -> None:
    assert fact_text("extra.log_lines", 2, DEMOS["after_response"]).value == "2 lines"


def test_a_fact_of_a_demo_is_explained() -> None:
    fact = fact_text("extra.log_lines", 2, DEMOS["after_response"])
    assert fact.about == "Counted when the request and all its background tasks have ended."
    assert fact_text("background_ms", 2.0, DEMOS["after_response"]).about == ""
