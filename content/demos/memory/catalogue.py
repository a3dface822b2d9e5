"""All items of the shop at once: some 30 MB."""

ITEMS = 100_000


class Catalogue:
    def __init__(self) -> None:
        self.items = [{"id": n, "name": f"item {n}"} for n in range(ITEMS)]

    def __del__(self) -> None:
        print("The catalogue is freed.")
