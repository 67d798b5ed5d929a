"""Trees of identifiers that grow join by join and know what must stay apart."""

from __future__ import annotations

from collections.abc import Iterable

from hotspring.identity.rulings import Sides
from hotspring.identity.scene import Reason


class Forest:
    """Union-find that knows the user_id and the sides of separations of each tree."""

    def __init__(self, ids: Iterable[int], users: set[int], separations: Iterable[Sides]) -> None:
        self.root = {i: i for i in ids}
        self.size = dict.fromkeys(self.root, 1)
        self._users = users
        self._left: dict[int, int] = {}
        self._right: dict[int, int] = {}
        for place, (a, b) in enumerate(separations):
            for side, masks in ((a, self._left), (b, self._right)):
                for i in side:
                    masks[i] = masks.get(i, 0) | 1 << place

    def find(self, i: int) -> int:
        root = self.root
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    def apart(self, x: int, y: int) -> bool:
        """Do the trees of two roots stand on two sides of a separation?"""
        left, right = self._left, self._right
        return bool(left.get(x, 0) & right.get(y, 0) or right.get(x, 0) & left.get(y, 0))

    def refusal(self, x: int, y: int) -> Reason | None:
        """Why may the trees of two roots not be joined?"""
        if x in self._users and y in self._users:
            return Reason.TWO_USERS
        return Reason.SEPARATED if self.apart(x, y) else None

    def join(self, x: int, y: int) -> None:
        """Join the trees of two roots."""
        if self.size[y] > self.size[x]:
            x, y = y, x
        self.root[y] = x
        self.size[x] += self.size[y]
        if y in self._users:
            self._users.add(x)
        for masks in (self._left, self._right):
            if y in masks:
                masks[x] = masks.get(x, 0) | masks[y]
