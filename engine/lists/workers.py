"""Processes that work for this one: each a fresh interpreter that reads tasks and answers them; no lock or thread is copied.

A program that uses the library needs no guard around its main part, as it would with the standard library's spawned processes.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, BinaryIO

from engine.lists import tasks
from loaders.errors import SourceError
from loaders.isolation import end_with_caller, inherited


class Workers:
    """Runs tasks of ``engine.lists.tasks`` in ``count`` processes; with none, in this one."""

    def __init__(self, setup: tasks.Setup, count: int) -> None:
        """Say what all tasks share; processes start with their first task."""
        self._setup, self._count = setup, count
        self._state = tasks.State(setup) if count == 0 else None
        self._threads = ThreadPoolExecutor(count) if count else None
        self._local = threading.local()
        self._processes: list[subprocess.Popen[bytes]] = []

    def map(self, name: str, arguments: Iterable[Any]) -> Iterator[Any]:
        """Results in the order of the arguments; few arguments are taken ahead, so that memory stays flat."""
        if self._threads is None:
            assert self._state is not None
            for argument in arguments:
                yield tasks.TASKS[name](self._state, argument)
            return
        waiting: deque[Future[Any]] = deque()
        for argument in arguments:
            waiting.append(self._threads.submit(self._ask, name, argument))
            if len(waiting) > 2 * self._count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _ask(self, name: str, argument: Any) -> Any:
        process: subprocess.Popen[bytes] | None = getattr(self._local, "process", None)
        if process is None:
            process = self._local.process = self._start()
            _send(process.stdin, self._setup)
        try:
            _send(process.stdin, (name, argument))
            failed, answer = _receive(process.stdout)
        except (EOFError, BrokenPipeError) as error:
            raise RuntimeError(f"a reading process ended with status {process.wait()}") from error
        if failed:
            document, message, line = answer
            raise SourceError(document, message, line)
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        command = [sys.executable, "-m", "engine.lists.workers"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self._processes.append(process)
        return process

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.kill()
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


def _send(pipe: Any, value: object) -> None:
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    try:
        pipe.write(len(data).to_bytes(8, "big") + data)
        pipe.flush()
    except ValueError as error:
        raise BrokenPipeError from error


def _receive(pipe: Any) -> Any:
    size = pipe.read(8)
    if len(size) < 8:
        raise EOFError
    return pickle.loads(pipe.read(int.from_bytes(size, "big")))


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """The other side: answer tasks until there are no more."""
    state = tasks.State(_receive(source))
    renew = inherited()
    while True:
        try:
            name, argument = _receive(source)
        except EOFError:
            return
        renew()
        try:
            answer: tuple[bool, Any] = (False, tasks.TASKS[name](state, argument))
        except SourceError as error:
            place = error.document if error.line is None else f"{error.document}:{error.line}"
            answer = (True, (error.document, error.message.removeprefix(f"{place}: "), error.line))
        _send(sink, answer)


def main() -> None:
    """Be such a process: ``python -m engine.lists.workers``."""
    end_with_caller()
    # the parent ends this process; an interrupt from the keyboard is the parent's to answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sink = os.fdopen(os.dup(1), "wb")
    # anything printed by mistake must not get between the answers
    os.dup2(2, 1)
    serve(sys.stdin.buffer, sink)


if __name__ == "__main__":
    main()
