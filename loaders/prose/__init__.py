"""Running text that knows its lines, and what the layouts read out of it: money, calls, contacts, contents, counts."""

from loaders.text import Prose

__all__ = ["Prose"]
