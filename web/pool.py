"""Worker processes: each request has one to itself; one that runs too long is killed and replaced.

There are two lanes, so that pages never wait for queries: ``pages`` for pages and stored questions, ``queries`` for what
clients send. Within a lane one client has at most its share of the workers while others may want them. The pool follows the
store: when a build puts a new version in its place, new workers open that one, and those of the old one finish what they do.
"""

import asyncio
import logging
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Coroutine
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from engine import search
from engine.query.backends import ENGINE_FAULT, Endpoint
from engine.store import StoreError, Version, current
from loaders.errors import QueryError
from web.formats import HttpError
from web.process import PAGES, QUERIES, Answer, Process, Settings
from web.source import Generation, public
from web.worker import frame

_log = logging.getLogger(__name__)
_AGAIN = 1.0
"""Seconds before another try where a worker did not start."""


class Lendable(Protocol):
    """A client's connection that a worker can have for a while."""

    ending: bool
    """Whether it should come back soon."""

    def begin(self) -> int | None:
        """Stop reading from it; its descriptor, None if there is something on it that was not answered."""


class Lane:
    """The idle workers of one kind, and those who wait for them."""

    def __init__(self, size: int) -> None:
        """``size`` workers; a client has at most all but one of them, so that one is left for the others."""
        self.size, self._share = size, max(1, size - 1)
        self.idle: list[Process] = []
        self.lent: set[Process] = set()
        """Those that have a client's connection."""
        self._busy: Counter[str] = Counter()
        self._waiting: list[tuple[str, asyncio.Future[Process]]] = []

    async def take(self, client: str, seconds: float) -> Process:
        """A worker for a request, which must ``leave`` afterwards; HttpError 503 if none becomes free in time."""
        if self.idle and self._busy[client] < self._share:
            self._busy[client] += 1
            return self.idle.pop()  # the one used last is warm
        turn: asyncio.Future[Process] = asyncio.get_running_loop().create_future()
        self._waiting.append((client, turn))
        for worker in self.lent:
            worker.watch.wanted = True
        try:
            async with asyncio.timeout(seconds):
                return await turn
        except TimeoutError:
            if turn.done() and not turn.cancelled():  # one became free in the same moment: it must not be lost
                return turn.result()
            message = f"every worker is busy; none became free in {seconds:g} s"
            raise HttpError(503, message, {"retry-after": "5"}) from None

    def leave(self, client: str) -> None:
        """A request of a client is answered."""
        self._busy[client] -= 1
        self._busy = +self._busy  # those of none are forgotten
        self._serve()

    def add(self, worker: Process) -> None:
        """A worker is free."""
        self.idle.append(worker)
        self._serve()

    def _serve(self) -> None:
        """Give idle workers to those who wait, in their order, but to no client more than its share."""
        waiting, self._waiting = [(client, turn) for client, turn in self._waiting if not turn.done()], []
        for client, turn in waiting:
            if self.idle and self._busy[client] < self._share:
                self._busy[client] += 1
                turn.set_result(self.idle.pop())
            else:
                self._waiting.append((client, turn))


class Pool:
    """Workers on the current version of a store."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is started before :meth:`start`."""
        self.settings = settings
        self._checked = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._generations: list[Generation] = []
        self._processes: set[Process] = set()
        self.lanes = {PAGES: Lane(settings.page_workers), QUERIES: Lane(settings.workers)}

    async def start(self) -> None:
        """Open the store's current version and start the workers; StoreError if it cannot be opened."""
        self._folder = tempfile.mkdtemp(prefix="teemagraafi-answers-")
        self._renewing, self._indexing = asyncio.Lock(), asyncio.Lock()
        try:
            self.generation = await self._open(self._current())
            hired = (self._hire(name, again=False) for name, lane in self.lanes.items() for _ in range(lane.size))
            for failed in filter(None, await asyncio.gather(*hired, return_exceptions=True)):
                raise failed
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
        self._look()
        return self.generation.tag

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._checked >= self.settings.recheck and not self._renewing.locked():
            self._checked = now
            self._later(self._renew())

    async def ask(self, request: dict[str, Any], lane: str = PAGES, client: str = "") -> Answer:
        """The answer of a free worker of a lane; HttpError 503 where none is free or the request took too long."""
        self._look()
        line = self.lanes[lane]
        worker = await line.take(client, self.settings.limits.wait)
        try:
            return await self._asked(worker, worker.ask(frame(request), self.settings.limits.seconds))
        finally:
            line.leave(client)

    async def lend(self, connection: Lendable, request: dict[str, Any], client: str) -> Answer | None:
        """Have a request and what follows it answered on the client's connection; None if it cannot be lent now.

        HttpError where the request that is worked on failed and nothing of its answer was sent.
        """
        line, seconds = self.lanes[QUERIES], self.settings.limits.seconds
        worker = await line.take(client, self.settings.limits.wait)
        try:
            if (descriptor := connection.begin()) is None:
                self._release(worker)
                return None
            line.lent.add(worker)

            def enough() -> bool:
                return connection.ending or not self.tag or worker.generation is not self.generation

            return await self._asked(worker, worker.lend(frame(request), descriptor, seconds, enough))
        except HttpError:
            if worker.watch.since:
                raise
            return Answer()
        finally:
            line.lent.discard(worker)
            line.leave(client)

    async def _asked(self, worker: Process, answering: Coroutine[Any, Any, Answer]) -> Answer:
        try:
            answer = await answering
        except TimeoutError:
            self._later(self._replace(worker))
            took = f"the query took longer than {self.settings.limits.seconds:g} s; narrow it"
            raise HttpError(503, took, {"retry-after": "60"}) from None
        except EOFError:
            raise await self._died(worker) from None
        except BaseException:
            self._later(self._replace(worker))
            raise
        self._release(worker)
        if answer.trace:
            _log.error("%s", answer.trace)
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
            self.lanes[worker.lane].add(worker)
        else:
            self._later(self._retire(worker))

    async def _died(self, worker: Process) -> HttpError:
        status, last_words = await self._end(worker)
        self._later(self._replace(worker))
        if status == -signal.SIGKILL:
            return HttpError(503, "the system ended the process that answered the query", {"retry-after": "60"})
        swollen = f"the query needed more than {self.settings.limits.megabytes} MB of memory"
        faults = {
            -signal.SIGSEGV: "the query is nested too deeply",  # the engine's parser and evaluator go as deep as it
            -signal.SIGABRT: ENGINE_FAULT if "panicked" in last_words else swollen,
        }
        ended = f"the process that answered the query ended (status {status})"
        return HttpError(400 if status in faults else 500, faults.get(status, ended))

    async def _replace(self, worker: Process) -> None:
        """End a worker and start another, unless the workers of a newer version are there already."""
        await self._retire(worker)
        if worker.generation is self.generation:
            await self._hire(worker.lane)

    async def _retire(self, worker: Process) -> None:
        await self._end(worker)
        old = worker.generation
        if old is not self.generation and not old.alive:
            self._generations.remove(old)
            await asyncio.to_thread(old.resources.close)

    async def _begin(self, generation: Generation, lane: str) -> Process:
        process = Process(generation, lane)
        self._processes.add(process)
        try:
            await process.start(self.settings, self._folder)
        except (StoreError, OSError):
            self._processes.discard(process)
            raise
        return process

    async def _end(self, process: Process) -> tuple[int, str]:
        ended = await process.end()
        self._processes.discard(process)
        return ended

    async def _hire(self, lane: str, again: bool = True) -> None:
        """A new worker, however often it takes; or where that is not to be tried ``again``, an error."""
        while True:
            try:
                return self._release(await self._begin(self.generation, lane))
            except (StoreError, OSError) as error:
                if not again:
                    raise
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
            before: list[Process] = []
            for name, lane in self.lanes.items():
                before += lane.idle
                lane.idle.clear()
                lane.add(first[name])
            await asyncio.gather(*(self._hire(n) for n, lane in self.lanes.items() for _ in range(lane.size - 1)))
            for worker in before:
                await self._retire(worker)


def _index(served: Generation, settings: Settings, folder: Path) -> Path:
    """The build's own index; else one made beside the store, or, where nothing can be written there, for this run."""
    made, own, remote = served.version.path / search.NAME, folder / f"{served.tag}.sqlite", isinstance(served.data, str)
    if made.is_file():
        return made
    with suppress(QueryError):
        if not remote:
            return search.index_of(settings.store)
    data = str(served.data)
    search.build(Endpoint(data, settings.limits.seconds) if remote else ox.Store.read_only(data), own)
    return own
