"""Reading processes: files from strangers are read in a process of their own, with limits of memory and time.

A file that makes a reader loop, swell or crash ends that process and not the program: the caller gets one
:class:`loaders.errors.SourceError` that names the file and the limit, and goes on with the next file.

    with Pool(Limits(seconds=30)) as pool:
        for outcome in pool.outcomes(extract, [(path.name, (path,)) for path in paths]):
            ...

A process is a fork of a caller that has one thread, which takes milliseconds; of any other caller it is a fresh interpreter,
so that no lock is copied that another thread holds. It ends with its caller. Functions must stand at the top of a module.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import pickle
import resource
import select
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import GeneratorType, TracebackType
from typing import Any, Self

from loaders.errors import SourceError, UserError

_BLOCK = 1 << 20
_MB = 1 << 20
_PARENT_DEATH_SIGNAL = 1
"""prctl(2): PR_SET_PDEATHSIG."""
_FIRST = 8
"""Bytes that say how long a message is."""
_GRACE = 2.0
"""Seconds for a process that has closed its pipe to be gone."""
LIBRARY_FAULT = "has a form that the library which reads it fails on"
"""The reason where a library has given up and ended its process, as those written in Rust do ("panicked at …")."""
Setup = tuple[Callable[..., Any], tuple[Any, ...]]
Task = tuple[str, Callable[..., Any], tuple[Any, ...]]
"""The name of the file that is read, a function and its arguments."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may take."""

    seconds: float = 30.0
    """Processor time; of a task that yields, for each thing it yields; of one that calls :func:`renew`, between the calls."""
    megabytes: int = 640
    """Memory beyond what the process has before its first task; an answer may have a quarter of it."""
    patience: float = 10.0
    """Times ``seconds`` on the clock: a machine may be busy, but a task that only waits ends too."""


@dataclass(slots=True)
class _Process:
    """One process that answers tasks; it starts with its first task."""

    limits: Limits
    setup: Setup | None
    pid: int = 0
    task: Task | None = None
    _sink: int = -1
    _source: int = -1
    _words: int = -1
    _data: bytearray = field(default_factory=bytearray)
    _deadline: float = 0.0

    def begin(self, task: Task) -> None:
        """Give the process a task."""
        if not self.pid:
            self._start()
        self.task = task
        self.wait()
        with contextlib.suppress(BrokenPipeError):  # why it has ended is read from its status
            self._send(task[1:])

    def wait(self) -> None:
        """Set the clock for the next answer."""
        self._deadline = time.monotonic() + self.limits.seconds * self.limits.patience

    @property
    def left(self) -> float:
        """Seconds until the task has taken too long on the clock."""
        return self._deadline - time.monotonic()

    @property
    def source(self) -> int:
        """The descriptor its answers come from."""
        return self._source

    def _start(self) -> None:
        theirs_in, self._sink = os.pipe()
        self._source, theirs_out = os.pipe()
        self._words, errors = os.pipe()
        os.set_blocking(self._words, False)
        os.set_blocking(errors, False)  # what does not fit is lost: nobody reads it before the end
        try:
            if _threads() == 1:
                self.pid = os.fork()
                if self.pid == 0:
                    _forked(theirs_in, theirs_out, errors)
            else:
                self.pid = _spawned(theirs_in, theirs_out, errors)
        finally:
            for descriptor in (theirs_in, theirs_out, errors):
                os.close(descriptor)
        self._data.clear()
        with contextlib.suppress(BrokenPipeError):
            self._send((self.limits, self.setup))

    def _send(self, value: object) -> None:
        data = memoryview(_packed(value))
        while data:
            data = data[os.write(self._sink, data[:_BLOCK]) :]

    def receive(self) -> None:
        """Take what has come of the answer; EOFError where the process has ended."""
        block = os.read(self._source, _BLOCK)
        if not block:
            raise EOFError
        self._data += block

    @property
    def whole(self) -> bool:
        """Whether the next answer is all here."""
        return len(self._data) >= _FIRST + max(1, int.from_bytes(self._data[:_FIRST], "big"))

    def answer(self) -> tuple[str, Any] | None:
        """The next answer, if it is whole now."""
        if not self.whole:
            return None
        size = int.from_bytes(self._data[:_FIRST], "big")
        answer: tuple[str, Any] = pickle.loads(memoryview(self._data)[_FIRST : _FIRST + size])
        del self._data[: _FIRST + size]
        return answer

    def reason(self) -> str:
        """End a process that has closed its pipe; why it has ended, for the user."""
        words = os.dup(self._words)
        status = self.end(_GRACE)
        with os.fdopen(words, "rb") as errors:
            last_words = errors.read() or b""
        if status == -signal.SIGABRT and b"panicked at" in last_words:
            return LIBRARY_FAULT
        if status == -signal.SIGXCPU:
            return f"takes more than {self.limits.seconds:g} s of processor time"
        if status in (-signal.SIGABRT, -signal.SIGKILL):
            return f"needs more than {self.limits.megabytes} MB of memory"
        if status in (-signal.SIGSEGV, -signal.SIGBUS):
            return "is nested too deeply"
        return f"ended the process that read it (status {status})"

    def end(self, grace: float = 0.0) -> int:
        """End the process; its exit status, or the signal that ended it as a negative number."""
        if not self.pid:
            return 0
        end, status = time.monotonic() + grace, (0, 0)
        while not status[0] and time.monotonic() < end:
            status = os.waitpid(self.pid, os.WNOHANG)
            if not status[0]:
                time.sleep(0.002)
        if not status[0]:
            os.kill(self.pid, signal.SIGKILL)
            status = os.waitpid(self.pid, 0)
        for descriptor in (self._sink, self._source, self._words):
            os.close(descriptor)
        self.pid, self._sink, self._source, self._words = 0, -1, -1, -1
        return os.waitstatus_to_exitcode(status[1])


class Pool:
    """``count`` processes that answer tasks, each started anew after a task has ended it."""

    def __init__(self, limits: Limits | None = None, count: int = 1, setup: Setup | None = None) -> None:
        """``setup``: a function and its arguments, called once in each process; tasks get its result first."""
        self.limits, self.count = limits or Limits(), count
        self._processes = [_Process(self.limits, setup) for _ in range(count)]

    def call(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """The result of ``function(*arguments)``, which reads the file ``name``.

        Raises SourceError where the file breaks a limit or a reader, and what the function raises for users.
        """
        [outcome] = self.outcomes(function, [(name, arguments)])
        if isinstance(outcome, SourceError):
            raise outcome
        return outcome

    def outcomes(
        self, function: Callable[..., Any], tasks: Iterable[tuple[str, tuple[Any, ...]]]
    ) -> Iterator[Any | SourceError]:
        """The result of each task ``(name of its file, arguments)`` in their order, or the SourceError it ended with.

        Few tasks are taken ahead, so that memory stays flat. Raises any other error made for users.
        """
        coming = enumerate((name, function, arguments) for name, arguments in tasks)
        idle, numbers = list(self._processes), dict[int, int]()
        done, shown, more, ahead = dict[int, Any](), 0, True, deque[tuple[int, Task]]()
        while more or ahead or numbers or done:
            while ahead and idle and len(done) <= self.count:
                process, (number, task) = idle.pop(), ahead.popleft()
                numbers[id(process)] = number
                process.begin(task)
            if shown in done:
                yield _raised(done.pop(shown))
                shown += 1
                continue
            if more and len(ahead) < self.count:  # the next tasks are made while the processes work
                taken = list(islice(coming, 1))
                ahead += taken
                more = bool(taken)
                continue
            for process, (_, answer) in self._answers([p for p in self._processes if id(p) in numbers]):
                done[numbers.pop(id(process))] = answer
                idle.append(process)

    def stream(self, name: str, function: Callable[..., Iterator[Any]], *arguments: Any) -> Iterator[Any]:
        """What a generator yields that reads the file ``name``, one by one; raises as :meth:`call` does."""
        process = self._processes[0]
        process.begin((name, function, arguments))
        kind = "item"
        try:
            while kind == "item":
                process.wait()
                for _, (kind, answer) in self._answers([process]):
                    if kind == "item":
                        yield answer
                    elif isinstance(answer, Exception):
                        raise answer
        finally:
            if kind == "item":  # the caller has left before the end
                process.end()

    def _answers(self, busy: list[_Process]) -> Iterator[tuple[_Process, tuple[str, Any]]]:
        """Wait until some processes have answered, or broken a limit; a SourceError stands for that."""
        if not busy:
            return
        polled = select.poll()  # select() itself fails for descriptors above 1,023
        for process in busy:
            polled.register(process.source, select.POLLIN)
        patience = 0.0 if any(p.whole for p in busy) else max(0.0, min(p.left for p in busy))
        ready = {descriptor for descriptor, _ in polled.poll(patience * 1000)}
        for process in busy:
            answer: tuple[str, Any] | None = None
            try:
                if process.source in ready and not process.whole:
                    process.receive()
                answer = process.answer()
            except EOFError:
                answer = "limit", process.reason()
            except MemoryError:
                answer = "limit", "says more than fits into memory"
            if answer is None and process.left <= 0:
                answer = "limit", f"takes longer than {self.limits.seconds * self.limits.patience:g} s"
            if answer is not None and answer[0] == "renew":
                process.wait()
            elif answer is not None:
                yield process, self._judged(process, *answer)

    def _judged(self, process: _Process, kind: str, answer: Any) -> tuple[str, Any]:
        """An answer as it goes to the caller; a process that is not fit for another task ends."""
        if kind in ("limit", "last"):
            process.end()
        if kind != "limit":
            return kind, answer
        assert process.task is not None
        return "failed", SourceError(process.task[0], f"{answer}: not read")

    def __enter__(self) -> Self:
        """The pool itself; processes start with their first task."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every process, whatever it is doing."""
        for process in self._processes:
            process.end()


def _raised(answer: Any) -> Any:
    if isinstance(answer, Exception) and not isinstance(answer, SourceError):
        raise answer
    return answer


def _threads() -> int:
    """Threads of this process, those of libraries too."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 2  # not Linux: it cannot be seen


def _packed(value: object) -> bytes:
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(_FIRST, "big") + data


def _forked(source: int, sink: int, errors: int) -> None:
    """What the fork does: answer tasks and never come back."""
    try:
        faulthandler.disable()
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(source, 0)
        os.dup2(sink, 1)
        if not os.environ.get("TEEMAGRAAFI_DEBUG"):
            os.dup2(errors, 2)
        # locks and pipes of the caller are let go of; their numbers stay taken, for its objects may still close them
        for descriptor in map(int, os.listdir("/proc/self/fd")):
            if descriptor > 2 and descriptor != nothing:
                with contextlib.suppress(OSError):
                    os.fstat(descriptor)
                    os.dup2(nothing, descriptor)
        serve()
    finally:
        os._exit(1)


def _spawned(source: int, sink: int, errors: int) -> int:
    """A fresh interpreter; its process number."""
    root = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join(dict.fromkeys([root, *filter(None, sys.path)]))
    actions: list[Any] = [(os.POSIX_SPAWN_DUP2, source, 0), (os.POSIX_SPAWN_DUP2, sink, 1)]
    if not os.environ.get("TEEMAGRAAFI_DEBUG"):
        actions.append((os.POSIX_SPAWN_DUP2, errors, 2))
    command = [sys.executable, "-P", "-c", "from loaders.isolation import serve; serve()"]
    environment = {**os.environ, "PYTHONPATH": path, "RUST_BACKTRACE": "0"}
    return os.posix_spawn(sys.executable, command, environment, file_actions=actions)


# the other side: a process that answers tasks

_renew: Callable[[], None] | None = None
_own = Limits(seconds=3600, megabytes=4096)
"""What one task of a process may take that works on what is read already."""


def renew() -> None:
    """Give a task that gets on its whole time again, in a reading process; elsewhere nothing."""
    if _renew is not None:
        _renew()


def inherited() -> Limits:
    """The limits of the reading process that this one is, for processes that it starts; elsewhere limits for our own work."""
    return _own


def serve() -> None:
    """Answer tasks from standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt from the keyboard is the caller's to answer
    end_with_caller()
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # anything printed by mistake must not get between the answers
    try:
        limits, setup = _message(source)
        first = (setup[0](*setup[1]),) if setup else ()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        before = _memory()
        _limit(resource.RLIMIT_DATA, before + limits.megabytes * _MB if before else 0)
        _allow_renewing(sink, limits)
        while True:
            function, arguments = _message(source)
            _limit_time(limits.seconds)
            # what a task leaves in memory must not count against the next: after a large one comes a new process
            _answer(sink, limits, function, (*first, *arguments), before + limits.megabytes * _MB // 8)
    except (EOFError, BrokenPipeError):
        os._exit(0)


def _allow_renewing(sink: Any, limits: Limits) -> None:
    global _renew, _own  # one process has one time limit
    _own = limits
    last = time.monotonic()

    def again() -> None:
        nonlocal last
        if time.monotonic() - last > limits.seconds / 8:
            last = time.monotonic()
            _limit_time(limits.seconds)
            _put(sink, limits, ("renew", None))

    _renew = again


def _message(source: Any) -> Any:
    size = source.read(_FIRST)
    if len(size) < _FIRST:
        raise EOFError
    return pickle.loads(source.read(int.from_bytes(size, "big")))


def _answer(sink: Any, limits: Limits, function: Callable[..., Any], arguments: tuple[Any, ...], much: int) -> None:
    """Run a task and send what comes of it; ``much``: bytes of memory with which the process is not used again."""
    try:
        result = function(*arguments)
        if isinstance(result, GeneratorType):
            for item in result:
                _put(sink, limits, ("item", item))
                _limit_time(limits.seconds)
            result = None
        _put(sink, limits, ("last" if _memory() > much else "done", result))
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a reader fails on is the file's fault to the user
        try:
            _put(sink, limits, _failure(error, limits))
        except MemoryError:
            os.abort()


def _put(sink: Any, limits: Limits, answer: tuple[str, Any]) -> None:
    data = _packed(answer)
    if len(data) > limits.megabytes * _MB // 4:
        data = _packed(("limit", f"gives more than {limits.megabytes // 4} MB of facts"))
    sink.write(data)
    sink.flush()


def _failure(error: Exception, limits: Limits) -> tuple[str, object]:
    """What to send of an exception: one made for users as it is, any other as a line."""
    if out_of_memory(error) or isinstance(error, SystemError):  # C code that looks at no failed allocation raises this
        return "limit", f"needs more than {limits.megabytes} MB of memory"
    if hasattr(error, "exit_code"):
        with contextlib.suppress(Exception):
            pickle.loads(pickle.dumps(error))
            return "failed", error
        plain = UserError(str(error))
        plain.__dict__["exit_code"] = error.exit_code
        return "failed", plain
    if isinstance(error, RecursionError):
        return "limit", "is nested too deeply"
    if os.environ.get("TEEMAGRAAFI_DEBUG"):
        traceback.print_exc()
    place = traceback.extract_tb(error.__traceback__)[-1]
    said = " ".join(str(error).split())[:200]
    where = f"{Path(place.filename).name}:{place.lineno}"
    return "limit", f"has a form that its reader fails on ({type(error).__name__}: {said}, {where})"


def end_with_caller() -> None:
    """End this process as soon as the one that started it ends: what it writes might meet what the next one writes."""
    caller = os.getppid()
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != caller:
            os._exit(1)
    else:
        threading.Thread(target=_watch, args=(caller,), daemon=True).start()


def _watch(caller: int) -> None:
    while os.getppid() == caller:
        time.sleep(0.5)
    os._exit(1)


def out_of_memory(error: BaseException | None) -> bool:
    """Whether memory ran out, however libraries have wrapped that."""
    while error is not None:
        if isinstance(error, MemoryError) or any(isinstance(a, MemoryError) for a in error.args):
            return True
        error = error.__cause__ or error.__context__
    return False


def _memory() -> int:
    """Bytes of private memory of this process; 0 where the system does not say (only the time limit holds there)."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmData"))
    except (OSError, StopIteration):
        return 0


def _limit_time(seconds: float) -> None:
    """Let the system end this process after so much more processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + seconds) + 1)


def _limit(what: int, value: int) -> None:
    hard = resource.getrlimit(what)[1]
    if value:
        resource.setrlimit(what, (value if hard < 0 else min(value, hard), hard))
