"""Worker processes: each request has one to itself; one that runs too long is killed and replaced.

There are two lanes, so that pages never wait for queries: ``pages`` for pages and stored questions, ``queries`` for what
clients send. Within a lane one client has at most its share of the workers while others may want them. The pool follows the
store: when a build puts a new version in its place, new workers open that one, and those of the old one finish what they do.
"""

from __future__ import annotations

import asyncio
import datetime
import logging
import shutil
import signal
import tempfile
import time
from collections import OrderedDict
from collections.abc import Coroutine
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import pyoxigraph as ox

from engine import search
from engine.query.backends import ENGINE_FAULT
from engine.store import StoreError, Version, current
from loaders.errors import QueryError
from web.formats import HttpError
from web.process import PAGES, QUERIES, Answer, Generation, Process, Settings
from web.source import Remote, public
from web.worker import frame

_log = logging.getLogger(__name__)
_AGAIN = 1.0
"""Seconds before another try where a worker did not start."""
_REMEMBERED = 32 * 1024 * 1024
"""Bytes of small answers that are remembered."""


class Lane:
    """The idle workers of one kind, and the turns of those who wait for them."""

    def __init__(self, size: int) -> None:
        """``size`` workers; a client has at most all but one of them, so that one is left for the others."""
        self.size = size
        self.idle: asyncio.LifoQueue[Process] = asyncio.LifoQueue()  # the one used last is warm
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    def turn(self, client: str) -> asyncio.Semaphore:
        """What a client's requests hold while they have a worker; it lives as long as one of them waits or runs."""
        return self._turns.setdefault(client, asyncio.Semaphore(max(1, self.size - 1)))

    async def take(self, turn: asyncio.Semaphore, seconds: float) -> Process:
        """A worker for a request, which must release its turn afterwards; HttpError 503 if none becomes free in time."""
        try:
            async with asyncio.timeout(seconds):
                await turn.acquire()
                try:
                    return await self.idle.get()
                except BaseException:
                    turn.release()
                    raise
        except TimeoutError:
            message = f"every worker is busy; none became free in {seconds:g} s"
            raise HttpError(503, message, {"retry-after": "5"}) from None


class _Remembered:
    """The last small answers, so that what everybody asks is worked out once for a version of the data."""

    def __init__(self) -> None:
        self._answers: OrderedDict[object, Answer] = OrderedDict()
        self._size = 0

    def get(self, key: object) -> Answer | None:
        if (answer := self._answers.get(key)) is not None:
            self._answers.move_to_end(key)
        return answer

    def put(self, key: object, answer: Answer) -> None:
        if key not in self._answers:
            self._answers[key] = answer
            self._size += len(answer.body)
        while self._size > _REMEMBERED:
            self._size -= len(self._answers.popitem(last=False)[1].body)


class Pool:
    """Workers on the current version of a store."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is started before :meth:`start`."""
        self.settings = settings
        self._checked = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._generations: list[Generation] = []
        self._processes: set[Process] = set()
        self._remembered = _Remembered()
        self.lanes = {PAGES: Lane(settings.page_workers), QUERIES: Lane(settings.workers)}

    async def start(self) -> None:
        """Open the store's current version and start the workers; StoreError if it cannot be opened."""
        self._folder = tempfile.mkdtemp(prefix="teemagraafi-answers-")
        self._renewing, self._indexing = asyncio.Lock(), asyncio.Lock()
        try:
            self.generation = await self._open(self._current())
            await asyncio.gather(*(self._hire(name) for name, lane in self.lanes.items() for _ in range(lane.size)))
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End every worker and remove what was copied."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for process in list(self._processes):
            await self._end(process)
        for generation in self._generations:
            generation.resources.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def tag(self) -> str:
        """Differs between versions of the store; looks now and then whether there is a new one."""
        now = time.monotonic()
        if now - self._checked >= self.settings.recheck and not self._renewing.locked():
            self._checked = now
            self._later(self._renew())
        return self.generation.tag

    async def ask(self, request: dict[str, Any], lane: str = PAGES, client: str = "", fresh: bool = False) -> Answer:
        """The answer of a free worker of a lane; HttpError 503 where none is free or the request took too long.

        Unless it must be ``fresh``, a small answer given today on this version of the data is given again.
        """
        sent, line = frame(request), self.lanes[lane]
        key = sent, self.tag, datetime.date.today()
        if not fresh and (known := self._remembered.get(key)):
            return known
        turn = line.turn(client)
        worker = await line.take(turn, self.settings.limits.wait)
        try:
            answer = await self._asked(worker, sent)
        finally:
            turn.release()
        if not fresh and answer.status == 200 and answer.file is None:
            self._remembered.put(key, answer)
        return answer

    async def _asked(self, worker: Process, sent: bytes) -> Answer:
        limit = self.settings.limits.seconds
        try:
            answer = await worker.ask(sent, limit)
        except TimeoutError:
            self._later(self._replace(worker))
            raise HttpError(503, f"the query took longer than {limit:g} s; narrow it", {"retry-after": "60"}) from None
        except EOFError:
            raise await self._died(worker) from None
        except BaseException:
            self._later(self._replace(worker))
            raise
        self._release(worker)
        if "trace" in answer.head:
            _log.error("%s", answer.head["trace"])
        return answer

    async def index(self) -> Path:
        """The search index of the version served now; where a build made none, the first search waits for it."""
        async with self._indexing:
            served = self.generation
            if served.index is None:
                served.index = await asyncio.to_thread(_index, served, self.settings, Path(self._folder))
            return served.index

    def _release(self, worker: Process) -> None:
        if worker.generation is self.generation:
            self.lanes[worker.lane].idle.put_nowait(worker)
        else:
            self._later(self._retire(worker))

    async def _died(self, worker: Process) -> HttpError:
        status = await self._end(worker)
        self._later(self._rehire(worker.lane))
        if status == -signal.SIGSEGV:  # the engine's parser and evaluator go as deep as the query
            return HttpError(400, "the query is nested too deeply")
        if status == -signal.SIGKILL:
            return HttpError(503, "the system ended the process that answered the query", {"retry-after": "60"})
        if status == -signal.SIGABRT and "panicked" in worker.last_words:
            return HttpError(400, ENGINE_FAULT)
        if status == -signal.SIGABRT:
            return HttpError(400, f"the query needed more than {self.settings.limits.megabytes} MB of memory")
        return HttpError(500, f"the process that answered the query ended (status {status})")

    async def _replace(self, worker: Process) -> None:
        await self._retire(worker)
        await self._rehire(worker.lane)

    async def _retire(self, worker: Process) -> None:
        await self._end(worker)
        old = worker.generation
        if old is not self.generation and not old.alive:
            self._generations.remove(old)
            await asyncio.to_thread(old.resources.close)

    async def _hire(self, lane: str) -> None:
        self._release(await self._begin(self.generation, lane))

    async def _begin(self, generation: Generation, lane: str) -> Process:
        process = Process(generation, lane, self.settings, self._folder)
        self._processes.add(process)
        try:
            await process.ready()
        except StoreError:
            self._processes.discard(process)
            raise
        return process

    async def _end(self, process: Process) -> int:
        status = await process.end()
        self._processes.discard(process)
        return status

    async def _rehire(self, lane: str) -> None:
        """A worker in the place of one that is gone, however often it takes."""
        while True:
            try:
                return await self._hire(lane)
            except (StoreError, OSError) as error:
                _log.warning("a worker did not start: %s", error)
                await asyncio.sleep(_AGAIN)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _current(self) -> Version:
        """The store's version to serve; for an endpoint a folder without documents' lines."""
        return Version(Path(self._folder)) if self.settings.endpoint else current(self.settings.store)

    async def _open(self, version: Version) -> Generation:
        resources, data = ExitStack(), self.settings.endpoint or version.data
        if not self.settings.endpoint:
            data = await asyncio.to_thread(resources.enter_context, public(version, self.settings.with_contacts))
        generation = Generation(version, data, resources)
        self._generations.append(generation)
        return generation

    async def _renew(self) -> None:
        async with self._renewing:
            try:
                version = await asyncio.to_thread(self._current)
                if version.path == self.generation.version.path:
                    return
                fresh = await self._open(version)
                first = {name: await self._begin(fresh, name) for name in self.lanes}
            except (StoreError, OSError) as error:
                _log.warning("the store's new version cannot be opened, the old one is served on: %s", error.args)
                return
            self.generation = fresh
            before = []
            for name, lane in self.lanes.items():
                while not lane.idle.empty():
                    before.append(lane.idle.get_nowait())
                lane.idle.put_nowait(first[name])
            await asyncio.gather(
                *(self._rehire(name) for name, lane in self.lanes.items() for _ in range(lane.size - 1))
            )
            for worker in before:
                await self._retire(worker)


def _index(served: Generation, settings: Settings, folder: Path) -> Path:
    """The build's own index; else one made beside the store, or, where nothing can be written there, for this run."""
    made = served.version.path / search.NAME
    if made.is_file():
        return made
    own = folder / f"{served.tag}.sqlite"
    if isinstance(served.data, str):
        search.build(Remote(served.data, settings.limits.seconds), own)
        return own
    try:
        return search.index_of(settings.store)
    except QueryError:
        search.build(ox.Store.read_only(str(served.data)), own)
        return own
