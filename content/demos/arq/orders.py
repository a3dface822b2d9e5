"""An object that says itself how it is pickled: as a call that makes it again."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Order:
    number: int

    def __reduce__(self) -> tuple[Callable[[int], "Order"], tuple[int]]:
        return load_order, (self.number,)


def load_order(number: int) -> Order:
    return Order(number)
