"""An RQ job is a plain function; how often it is tried is said where it is enqueued."""

from partner import call_partner


def send_order(order: str) -> None:
    call_partner(order)
