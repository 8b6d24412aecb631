"""Models of pages, kept while the store's version is served: the same page is not read twice."""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import Any

from web.replies import HttpError
from web.workers import Pool

_KEPT = 16 * 1024 * 1024
"""Bytes of models kept in memory."""


class Models:
    """Reads models by a worker, or from what was read before."""

    def __init__(self, pool: Pool) -> None:
        """Keep nothing yet."""
        self._pool = pool
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0

    async def get(self, function: str, **arguments: Any) -> Any:
        """What ``web.models.<function>`` answers; HttpError 404 if there is no such thing."""
        key = json.dumps([self._pool.tag, function, arguments], sort_keys=True)
        if key in self._kept:
            self._kept.move_to_end(key)
            return json.loads(self._kept[key])
        answer = await self._pool.ask({"do": "call", "function": f"web.models.{function}", "arguments": arguments})
        if answer.kind == "missing":
            raise HttpError(404, str(answer.head["message"]))
        if answer.kind == "usage":
            raise HttpError(400, str(answer.head["message"]))
        if answer.kind != "data":
            raise HttpError(500, f"the page could not be read: {answer.head.get('message', 'no reason given')}")
        self._keep(key, answer.body)
        return json.loads(answer.body)

    def _keep(self, key: str, body: bytes) -> None:
        if len(body) > _KEPT // 8:
            return
        self._kept[key] = body
        self._size += len(body)
        while self._size > _KEPT:
            self._size -= len(self._kept.popitem(last=False)[1])
