"""What was answered, kept while the store's version is served: the same page or answer is not made twice."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, Generic, TypeVar

from web.replies import HttpError
from web.workers import Pool

_KEPT = 16 * 1024 * 1024
"""Bytes kept in memory."""


T = TypeVar("T")


class Kept(Generic[T]):
    """Things by key; those used longest ago go first."""

    def __init__(self, most: int = _KEPT) -> None:
        """Keep at most so many bytes, and none that alone is an eighth of that."""
        self._most, self._size = most, 0
        self._kept: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()

    def get(self, key: Hashable) -> T | None:
        """What is kept under a key."""
        if (found := self._kept.get(key)) is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, thing: T, size: int) -> None:
        """Keep a thing that, with its key, is of a size in bytes."""
        if size > self._most // 8 or key in self._kept:
            return
        self._kept[key] = thing, size
        self._size += size
        while self._size > self._most:
            self._size -= self._kept.popitem(last=False)[1][1]


class Models:
    """Reads models by a worker, or from what was read before."""

    def __init__(self, pool: Pool) -> None:
        """Keep nothing yet."""
        self._pool = pool
        self._kept: Kept[bytes] = Kept()

    async def get(self, function: str, **arguments: Any) -> Any:
        """What ``web.models.<function>`` answers; HttpError 404 if there is no such thing."""
        key = json.dumps([self._pool.tag, function, arguments], sort_keys=True)
        if (kept := self._kept.get(key)) is not None:
            return json.loads(kept)
        answer = await self._pool.ask({"do": "call", "function": f"web.models.{function}", "arguments": arguments})
        if answer.kind == "missing":
            raise HttpError(404, str(answer.head["message"]))
        if answer.kind == "usage":
            raise HttpError(400, str(answer.head["message"]))
        if answer.kind != "data":
            raise HttpError(500, f"the page could not be read: {answer.head.get('message', 'no reason given')}")
        self._kept.put(key, answer.body, len(answer.body))
        return json.loads(answer.body)
