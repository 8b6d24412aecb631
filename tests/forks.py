"""Worker processes of servers as forks of one process that has their modules: an interpreter for each takes half a second.

``tests/web/test_workers.py`` and the servers that ``teemagraafi serve`` starts in tests have processes as they are in use.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import traceback
from functools import cache
from pathlib import Path
from typing import IO

from web.process import MEMORY

ROOT = Path(__file__).resolve().parents[1]
NUMBER = struct.Struct("!i")


class Fork:
    """What a server asks of the process of a worker."""

    def __init__(self, status: socket.socket) -> None:
        self.status = status
        (self.pid,) = NUMBER.unpack(status.recv(NUMBER.size))
        self.returncode: int | None = None

    def kill(self) -> None:
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, or the signal that ended it as a negative number."""
        if self.returncode is None:
            self.status.settimeout(timeout)
            try:
                (self.returncode,) = NUMBER.unpack(self.status.recv(NUMBER.size))
            except TimeoutError:
                raise subprocess.TimeoutExpired("web.worker", timeout or 0) from None
            self.status.close()
        return self.returncode


class Forks:
    """The process that is forked, and the socket to it."""

    def __init__(self) -> None:
        self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "RUST_BACKTRACE": "0", **MEMORY}
        command = [sys.executable, "-P", "-m", "tests.forks", str(theirs.fileno())]
        with theirs:
            self.process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=environment,
            )

    def start(self, shared: tuple[int, int], options: str, errors: IO[bytes]) -> Fork:
        """In place of :func:`web.process.start_worker`."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            socket.send_fds(self.channel, [options.encode()], [*shared, errors.fileno(), theirs.fileno()])
        return Fork(ours)

    def close(self) -> None:
        """End it; it waits for its workers, so that what they cost is counted."""
        self.channel.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        self.process.kill()
        self.process.wait()


@cache
def forks() -> Forks:
    """Those of this process; they end with it."""
    made = Forks()
    atexit.register(made.close)
    return made


def main(descriptor: int) -> None:
    """Fork a worker for each message."""
    from web import views, worker

    views.prepare()
    with socket.socket(fileno=descriptor) as channel:
        while True:
            message, descriptors, *_ = socket.recv_fds(channel, 1 << 16, 4)
            if not message:
                break
            _reap(os.WNOHANG)
            if os.fork() == 0:
                channel.close()
                _watch(worker.main, message, descriptors)
            for number in descriptors:
                os.close(number)
    _reap(0)


def _reap(options: int) -> None:
    """Let go of the children that have ended, or with no options wait for all."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, options)[0]:
            pass


def _watch(work, message: bytes, descriptors: list[int]) -> None:  # type: ignore[no-untyped-def]
    """Fork once more, say who works and in the end how it ended."""
    *given, errors, status = descriptors
    process = os.fork()
    if process == 0:
        os.close(status)
        os.dup2(errors, 2)
        os.close(errors)
        try:
            work(*given, json.loads(message))
            os._exit(0)
        finally:
            traceback.print_exc()
            os._exit(1)
    for number in (*given, errors):
        os.close(number)
    with contextlib.suppress(OSError):  # the test has ended and does not ask
        os.write(status, NUMBER.pack(process))
        os.write(status, NUMBER.pack(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])))
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
