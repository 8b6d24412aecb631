"""What a server is told when it starts: where the graph is and how much one request may take."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one query may take; a query over a limit is ended and the client told which."""

    seconds: float = 30.0
    megabytes: int = 1024
    """Memory a worker may take on beyond what it has when it starts."""
    rows: int = 1_000_000
    bytes: int = 512 * 1024 * 1024
    """Size of one serialised answer."""
    body: int = 1024 * 1024
    """Size of one request's body, and of a query in a URL."""
    wait: float = 10.0
    """Seconds a request waits for a free worker."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One server's settings."""

    store: Path
    limits: Limits = field(default_factory=Limits)
    workers: int = field(default_factory=lambda: max(2, os.cpu_count() or 2))
    services: tuple[str, ...] = ()
    """Endpoints that a query may call with SERVICE; none by default."""
    with_contacts: bool = False
    """Whether contact persons are answered too."""
    public: str = ""
    """The address this server is reached at, where it is not the request's own (behind a proxy)."""
    recheck: float = 1.0
    """Seconds between looks at whether the store was built anew."""
