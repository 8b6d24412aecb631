"""Reading processes: files from strangers are read in a process of their own, with limits of memory and time.

A file that makes a reader loop, swell or crash ends that process and not the program: the caller gets one
:class:`loaders.errors.SourceError` that names the file and the limit, and goes on with the next file.

    with Pool(Limits(seconds=30)) as pool:
        for outcome in pool.outcomes(extract, [(path.name, (path,)) for path in paths]):
            ...

A process is a fork of a caller that has one thread, which takes milliseconds; of any other caller it is a fresh interpreter,
so that no lock is copied that another thread holds. It ends with its caller. Functions must stand at the top of a module.
"""

import contextlib
import faulthandler
import os
import pickle
import resource
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import Any, Self

from loaders.errors import SourceError, UserError

_MB = 1 << 20
_PARENT_DEATH_SIGNAL = 1
"""prctl(2): PR_SET_PDEATHSIG."""
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
    """Processor time; of a task that calls :func:`renew`, between the calls."""
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
    name: str = ""
    """The file that the task reads."""
    pipe: Connection = field(init=False)
    _errors: int = -1
    _deadline: float = 0.0

    def begin(self, task: Task) -> None:
        """Give the process a task."""
        if not self.pid:
            self._start()
        self.name = task[0]
        self.wait()
        with contextlib.suppress(BrokenPipeError):  # why it has ended is read from its status
            self.pipe.send(task[1:])

    def wait(self) -> None:
        """Set the clock for the next answer."""
        self._deadline = time.monotonic() + self.limits.seconds * self.limits.patience

    @property
    def left(self) -> float:
        """Seconds until the task has taken too long on the clock."""
        return self._deadline - time.monotonic()

    def _start(self) -> None:
        self.pipe, theirs = Pipe()
        self._errors, errors = os.pipe()
        os.set_blocking(self._errors, False)
        os.set_blocking(errors, False)  # what does not fit is lost: nobody reads it before the end
        try:
            if _threads() == 1:
                self.pid = os.fork()
                if self.pid == 0:
                    _forked(theirs.fileno(), errors)
            else:
                self.pid = _spawned(theirs.fileno(), errors)
        finally:
            theirs.close()
            os.close(errors)
        with contextlib.suppress(BrokenPipeError):
            self.pipe.send((self.limits, self.setup))

    def answer(self) -> tuple[str, Any]:
        """The next answer: its kind ("done", "last", "failed", "limit" or "renew") and what comes with it."""
        try:
            answer: tuple[str, Any] = self.pipe.recv()
        except (EOFError, OSError):
            return "limit", self._reason()
        except MemoryError:
            return "limit", "says more than fits into memory"
        return answer

    def _reason(self) -> str:
        """End a process that has closed its pipe; why it has ended, for the user."""
        errors = os.dup(self._errors)
        status = self.end(_GRACE)
        with os.fdopen(errors, "rb") as file:
            last_words = file.read() or b""
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
        self.pipe.close()
        os.close(self._errors)
        self.pid = 0
        return os.waitstatus_to_exitcode(status[1])


class Pool:
    """``count`` processes that answer tasks, each started anew after a task has ended it."""

    def __init__(self, limits: Limits | None = None, count: int = 1, setup: Setup | None = None) -> None:
        """``setup``: a function and its arguments, called once in each process; tasks get its result first."""
        self.limits, self.count, self.setup = limits or Limits(), count, setup
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
            for process, answer in self._answers([p for p in self._processes if id(p) in numbers]):
                done[numbers.pop(id(process))] = answer
                idle.append(process)

    def _answers(self, busy: list[_Process]) -> Iterator[tuple[_Process, Any]]:
        """Wait until some processes have answered, or broken a limit; a SourceError stands for that."""
        if not busy:
            return
        ready = wait([process.pipe for process in busy], max(0.0, min(process.left for process in busy)))
        for process in busy:
            if process.pipe in ready:
                kind, answer = process.answer()
            elif process.left <= 0:
                kind, answer = "limit", f"takes longer than {self.limits.seconds * self.limits.patience:g} s"
            else:
                continue
            if kind == "renew":
                process.wait()
                continue
            if kind in ("limit", "last"):  # not fit for another task
                process.end()
            yield process, SourceError(process.name, f"{answer}: not read") if kind == "limit" else answer

    def __enter__(self) -> Self:
        """The pool itself; processes start with their first task."""
        return self

    def __exit__(self, *_: object) -> None:
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


def _forked(pipe: int, errors: int) -> None:
    """What the fork does: answer tasks and never come back."""
    try:
        faulthandler.disable()
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(pipe, 0)
        os.dup2(nothing, 1)
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


def _spawned(pipe: int, errors: int) -> int:
    """A fresh interpreter; its process number."""
    root = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join(dict.fromkeys([root, *filter(None, sys.path)]))
    actions: list[Any] = [(os.POSIX_SPAWN_DUP2, pipe, 0), (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
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
    """Answer tasks from the pipe that is standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt from the keyboard is the caller's to answer
    end_with_caller()
    pipe = Connection(os.dup(0))
    try:
        limits, setup = pipe.recv()
        first = (setup[0](*setup[1]),) if setup else ()
        before = limit_memory(limits.megabytes)
        _allow_renewing(pipe, limits)
        while True:
            function, arguments = pipe.recv()
            _limit_time(limits.seconds)
            # what a task leaves in memory must not count against the next: after a large one comes a new process
            _answer(pipe, limits, function, (*first, *arguments), before + limits.megabytes * _MB // 8)
    except (EOFError, OSError):  # the caller is gone
        os._exit(0)


def _allow_renewing(pipe: Connection, limits: Limits) -> None:
    global _renew, _own  # one process has one time limit
    _own = limits
    last = time.monotonic()

    def again() -> None:
        nonlocal last
        if time.monotonic() - last > limits.seconds / 8:
            last = time.monotonic()
            _limit_time(limits.seconds)
            pipe.send(("renew", None))

    _renew = again


def _answer(
    pipe: Connection, limits: Limits, function: Callable[..., Any], arguments: tuple[Any, ...], much: int
) -> None:
    """Run a task and send what comes of it; ``much``: bytes of memory with which the process is not used again."""
    try:
        result = function(*arguments)
        data = pickle.dumps(("last" if _memory() > much else "done", result), protocol=pickle.HIGHEST_PROTOCOL)
        if len(data) > limits.megabytes * _MB // 4:
            data = pickle.dumps(("limit", f"gives more than {limits.megabytes // 4} MB of facts"))
        pipe.send_bytes(data)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a reader fails on is the file's fault to the user
        try:
            pipe.send(_failure(error, limits))
        except MemoryError:
            os.abort()


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


def limit_memory(megabytes: int) -> int:
    """Let this process take so much private memory beyond what it has; gives that in bytes. Mapped files do not count."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    before = _memory()
    _limit(resource.RLIMIT_DATA, before + megabytes * _MB if before else 0)
    return before


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
