"""A pool of worker processes: each request has one to itself; one that runs too long is killed and replaced.

The pool follows the store: when a build puts a new version in its place, new workers open that one, and those of the old
version finish what they have begun.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import tempfile
import time
from collections.abc import Coroutine
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from engine import search
from engine.store import StoreError, Version, current
from loaders.errors import QueryError
from web.direct import Direct
from web.process import Answer, Generation, Process
from web.public import public
from web.settings import Settings

_log = logging.getLogger(__name__)
_AGAIN = 1.0
"""Seconds before another try where a worker did not start."""


class BusyError(Exception):
    """No worker became free in time."""


class OverLimitError(Exception):
    """A request took more time or memory than it may; the message says which."""


class Pool:
    """Workers on the current version of a store."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is started before :meth:`start`."""
        self.settings = settings
        self._checked = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._generations: list[Generation] = []
        self._processes: set[Process] = set()
        self._direct: dict[str, Direct] = {}

    async def start(self) -> None:
        """Open the store's current version and start the workers; StoreError if it cannot be opened."""
        self._folder = tempfile.mkdtemp(prefix="teemagraafi-answers-")
        self._idle: asyncio.LifoQueue[Process] = asyncio.LifoQueue()  # the one used last is warm
        self._renewing, self._indexing = asyncio.Lock(), asyncio.Lock()
        try:
            self.generation = await self._open(current(self.settings.store))
            await asyncio.gather(*(self._hire(self.generation) for _ in range(self.settings.workers)))
            await self._open_here(self.generation)
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
        self._direct.clear()
        for generation in self._generations:
            generation.resources.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def tag(self) -> str:
        """What tells the version served now from others; looks now and then whether there is a new one."""
        self._look()
        return self.generation.tag

    async def ask(self, request: dict[str, Any]) -> Answer:
        """The answer of a free worker. BusyError or OverLimitError where there is none."""
        worker = await self._free()
        limit = self.settings.limits.seconds
        try:
            answer = await worker.ask(request, limit)
        except TimeoutError:
            self._replace(worker)
            raise OverLimitError(f"the query took longer than {limit:g} s") from None
        except EOFError:
            raise OverLimitError(await self._died(worker)) from None
        except BaseException:
            self._replace(worker)
            raise
        self._release(worker)
        return answer

    def at_once(self, query: dict[str, Any]) -> Answer | None:
        """The answer to a query that needs no worker."""
        direct = self._direct.get(self.generation.tag)
        return direct.answer(query) if direct else None

    async def index(self) -> Path:
        """The search index of the version served now; where a build made none, the first search waits for it."""
        async with self._indexing:
            served = self.generation
            if served.index is None:
                served.index = await asyncio.to_thread(_index, served, self.settings.store, Path(self._folder))
            return served.index

    async def _free(self) -> Process:
        if not self._idle.empty():
            return self._idle.get_nowait()
        try:
            async with asyncio.timeout(self.settings.limits.wait):
                return await self._idle.get()
        except TimeoutError:
            raise BusyError(f"every worker is busy; none became free in {self.settings.limits.wait:g} s") from None

    def _release(self, worker: Process) -> None:
        if worker.generation is self.generation:
            self._idle.put_nowait(worker)
        else:
            self._later(self._retire(worker))

    async def _died(self, worker: Process) -> str:
        status = await self._end(worker)
        self._later(self._rehire())
        if status == -signal.SIGSEGV:  # the engine's parser and evaluator go as deep as the query
            return "the query is nested too deeply"
        if status in (-signal.SIGABRT, -signal.SIGKILL):
            return f"the query needed more than {self.settings.limits.megabytes} MB of memory"
        return f"the process that answered the query ended (status {status})"

    def _replace(self, worker: Process) -> None:
        async def replace() -> None:
            await self._retire(worker)
            await self._rehire()

        self._later(replace())

    async def _retire(self, worker: Process) -> None:
        await self._end(worker)
        old = worker.generation
        if old is not self.generation and not old.alive:
            self._generations.remove(old)
            self._direct.pop(old.tag, None)
            await asyncio.to_thread(old.resources.close)

    async def _hire(self, generation: Generation) -> None:
        self._release(await self._begin(generation))

    async def _begin(self, generation: Generation) -> Process:
        process = Process(generation, self.settings, self._folder)
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

    async def _rehire(self) -> None:
        """A worker in the place of one that is gone, however often it takes."""
        while True:
            try:
                return await self._hire(self.generation)
            except (StoreError, OSError) as error:
                _log.warning("a worker did not start: %s", error)
                await asyncio.sleep(_AGAIN)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # following the store

    async def _open(self, version: Version) -> Generation:
        resources = ExitStack()
        data = await asyncio.to_thread(resources.enter_context, public(version, self.settings.with_contacts))
        generation = Generation(version, data, resources)
        self._generations.append(generation)
        return generation

    async def _open_here(self, generation: Generation) -> None:
        """Open a version that workers could open in this process too."""
        try:
            opened = await asyncio.to_thread(Direct, generation.data, self._folder, self.settings.limits)
        except (OSError, RuntimeError, ValueError) as error:
            _log.warning("the store cannot be opened a second time, workers answer everything: %s", error)
        else:
            self._direct[generation.tag] = opened

    def _look(self) -> None:
        """Now and then, see whether the store has a new version."""
        now = time.monotonic()
        if now - self._checked >= self.settings.recheck and not self._renewing.locked():
            self._checked = now
            self._later(self._renew())

    async def _renew(self) -> None:
        async with self._renewing:
            try:
                version = await asyncio.to_thread(current, self.settings.store)
                if version.path == self.generation.version.path:
                    return
                fresh = await self._open(version)
                first = await self._begin(fresh)
                await self._open_here(fresh)
            except (StoreError, OSError) as error:
                _log.warning("the store's new version cannot be opened, the old one is served on: %s", error.args)
                return
            self.generation = fresh
            before = [self._idle.get_nowait() for _ in range(self._idle.qsize())]
            self._idle.put_nowait(first)
            await asyncio.gather(*(self._rehire() for _ in range(self.settings.workers - 1)))
            for worker in before:
                await self._retire(worker)


def _index(served: Generation, store: Path, folder: Path) -> Path:
    """The build's own index; else one made beside the store, or, where nothing can be written there, for this run."""
    made = served.version.path / search.NAME
    if made.is_file():
        return made
    try:
        return search.index_of(store)
    except QueryError:
        own = folder / f"{served.tag}.sqlite"
        search.build(ox.Store.read_only(str(served.data)), own)
        return own
