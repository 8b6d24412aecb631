"""A Virtuoso of its own for a measurement or a test: its files in a folder, its ports on loopback, gone at the end."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {allowed}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
ThreadsPerQuery = 2
MaxQueryMem = 2G
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = 10000000
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = 600
[Zero Config]
[Client]
"""


def available() -> bool:
    """Whether the Debian package virtuoso-opensource-7-bin is installed."""
    return bool(shutil.which("virtuoso-t") and shutil.which("isql-vt"))


def _port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Virtuoso:
    """A running server; ``endpoint`` is its SPARQL address."""

    def __init__(self, folder: Path, allowed: Path, memory_mb: int = 2000) -> None:
        """``allowed``: the folder its bulk loader may read."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._sql, http = _port(), _port()
        self.endpoint = f"http://127.0.0.1:{http}/sparql"
        buffers = memory_mb * 85
        ini = _INI.format(
            folder=folder, sql=self._sql, http=http, allowed=allowed, buffers=buffers, dirty=buffers * 3 // 4
        )
        (folder / "virtuoso.ini").write_text(ini)
        command = ["virtuoso-t", "-f", "+configfile", str(folder / "virtuoso.ini")]
        self._process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait(self, seconds: float = 60) -> None:
        """Until it answers."""
        deadline = time.monotonic() + seconds
        while self.sql("select 1;", check=False).returncode:
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError(f"Virtuoso does not start: see {self.folder}/virtuoso.log")
            time.sleep(0.3)

    def sql(self, text: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run SQL statements."""
        command = ["isql-vt", str(self._sql), "dba", "dba", "ERRORS=STDOUT", f"EXEC={text}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if check and (done.returncode or "*** Error" in done.stdout):
            raise RuntimeError(done.stdout[-2000:])
        return done

    def load(self, folder: Path) -> float:
        """Bulk-load a folder made by ``engine.output.export.hand_over``; seconds it took."""
        started = time.monotonic()
        statements = [line for line in (folder / "load.sql").read_text().splitlines() if not line.startswith("--")]
        for statement in statements[:-1]:
            self.sql(statement)
        failed = self.sql(statements[-1]).stdout
        if "0 Rows." not in failed:
            raise RuntimeError(failed)
        return time.monotonic() - started

    def size(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self.folder.glob("virtuoso.*"))

    def __enter__(self) -> Virtuoso:
        self.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()  # to end in order it writes all its files once more
        self._process.wait()
