"""Running text that knows its lines, and what the layouts read out of it: money, calls, contacts, contents, counts."""

from loaders.prose.text import Prose

__all__ = ["Prose"]
