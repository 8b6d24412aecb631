"""The process behind ``engine.lists.workers``: ``python -m engine.lists.worker``."""

from __future__ import annotations

import os
import signal
import sys

from engine.lists.workers import serve
from loaders.isolation import end_with_caller

if __name__ == "__main__":
    end_with_caller()
    # the parent ends this process; an interrupt from the keyboard is the parent's to answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sink = os.fdopen(os.dup(1), "wb")
    # anything printed by mistake must not get between the answers
    os.dup2(2, 1)
    serve(sys.stdin.buffer, sink)
