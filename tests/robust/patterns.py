"""Regular expressions of the product, and texts that make a pattern of more than linear cost show itself.

``python -m tests.robust.patterns [PART OF A PLACE …]`` prints each pattern whose cost grows faster than its text.
"""

from __future__ import annotations

import ast
import importlib
import re
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

from loaders.document.lines import shortened

ROOT = Path(__file__).parents[2]
ROOMS = ("graph.py", "commands", "engine", "links", "loaders", "shacl", "web")
CALLS = {"search", "match", "fullmatch", "sub", "subn", "split", "finditer", "findall"}
UNCUT = ("loaders.document.", "loaders.tables.", "loaders.isolation", "loaders.data")
"""Of loaders, the rooms whose patterns meet files as they are; all others meet lines with words of 2,000 letters at most."""
LETTERS = "a1A ä.,-\n\t/\"'<>()[]{}:;=_€%&#*+?!•–\u00a0@|"
BODIES = (*LETTERS, "a ", "1 ", "A1", "a-", "a.", "1.", "Aa ", "a\n", "(a", "[a")
REPEATS = (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT)
_GROUPS = (c.SUBPATTERN, c.ASSERT, c.ASSERT_NOT)
_UNBOUNDED = 100
"""Repeats of a pattern from which a run of them is tried."""
_TINY, _SHORT, _LONG = 125, 1000, 8000
"""Characters of the texts tried, each 8 times as many as the one before."""
_QUICK = 0.0002
"""Seconds that a text of _SHORT characters may take whatever grows: a quadratic scan of it takes more."""
_SLOW = 0.003
"""Seconds of a text of _SHORT characters from which a shorter text is compared with it, not a longer one."""
_GROWTH = 24.0
"""Times the cost of a text that one 8 times as long may cost: a linear pattern costs 8 times, a quadratic one 64."""
_LATE = 0.5
_TICK = 0.01
"""Seconds by which the clock of processor time may be late."""


@dataclass(slots=True)
class Use:
    """Where a pattern stands and how it is called."""

    places: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)


Key = tuple[str | bytes, int]


def modules() -> Iterator[tuple[ModuleType, ast.Module]]:
    """Each module of the product with its syntax tree."""
    for room in ROOMS:
        path = ROOT / room
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield importlib.import_module(name), ast.parse(file.read_text(encoding="utf-8"))


def collect() -> dict[Key, Use]:
    """Every pattern that stands in the code: constants of modules, and those written where they are used."""
    found: dict[Key, Use] = {}
    known = list(modules())
    calls: dict[tuple[str, str], set[str]] = {}
    for module, tree in known:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in CALLS:
                calls.setdefault((module.__name__, ast.unparse(node.value).rpartition(".")[2]), set()).add(node.attr)
    for module, tree in known:
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                use = found.setdefault((value.pattern, value.flags), Use())
                use.places.add(f"{module.__name__}.{name}")
                use.calls |= calls.get((module.__name__, name), set())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
                _collect_call(found, module, node)
    for use in found.values():
        use.calls = use.calls or {"search"}
    return found


def _collect_call(found: dict[Key, Use], module: ModuleType, node: ast.Call) -> None:
    """Note the pattern of one ``re.…(…)`` in the code, if it can be computed from the names of its module."""
    method = ast.unparse(node.func).removeprefix("re.")
    values = [_value(module, one) for one in [*node.args, *(k.value for k in node.keywords)]]
    if method not in CALLS | {"compile"} or not isinstance(values[0], str | bytes):
        return
    flags = sum({int(value) for value in values[1:] if isinstance(value, re.RegexFlag)})
    pattern = re.compile(values[0], flags)
    key = pattern.pattern, pattern.flags
    if method == "compile" and key in found:
        return
    use = found.setdefault(key, Use())
    use.places.add(f"{module.__name__}:{node.lineno}")
    use.calls.add("search" if method == "compile" else method)


def _value(module: ModuleType, node: ast.expr) -> object:
    try:
        return eval(compile(ast.Expression(node), "pattern", "eval"), dict(vars(module)))
    except Exception:  # noqa: BLE001 - what depends on local names is not known here
        return None


def meets_lines(use: Use) -> bool:
    """Whether a pattern is used on lines of documents alone."""
    return all(place.startswith("loaders.") and not place.startswith(UNCUT) for place in use.places)


def texts(pattern: str | bytes, flags: int) -> dict[tuple[str, str], None]:
    """Beginnings and bodies to repeat: of every kind of character, and made after each repeat in the pattern."""
    made = dict.fromkeys(("", body) for body in BODIES)
    return made | dict.fromkeys((start, body) for start, body in _pumps(_parser.parse(pattern, flags), "") if body)


def _is_unbounded(items: Any) -> bool:
    """Whether a pattern has a repeat that ends at no small number, without which its cost is linear."""
    for operator, value in items:
        if operator in REPEATS and (value[1] is c.MAXREPEAT or value[1] >= _UNBOUNDED):
            return True
        inner = value[1] if operator is c.BRANCH else [value[-1]] if operator in (*REPEATS, *_GROUPS) else []
        inner = [value] if operator is c.ATOMIC_GROUP else inner
        if any(map(_is_unbounded, inner)):
            return True
    return False


def _pumps(items: Any, start: str) -> Iterator[tuple[str, str]]:
    for operator, value in items:
        if operator in REPEATS:
            _, most, inside = value
            if most is c.MAXREPEAT or most >= _UNBOUNDED:
                body = _example(inside)
                yield from ((start, body), ("", start + body))
                singles = [one for op, one in inside if op is c.IN]
                yield from ((start, letter) for one in singles for letter in LETTERS if _fits(one, letter))
            yield from _pumps(inside, start)
        elif operator in (c.SUBPATTERN, c.ATOMIC_GROUP, c.ASSERT, c.ASSERT_NOT):
            yield from _pumps(value if operator is c.ATOMIC_GROUP else value[-1], start)
        elif operator is c.BRANCH:
            for branch in value[1]:
                yield from _pumps(branch, start)
        start += _example([(operator, value)])


def _example(items: Any) -> str:
    """A text that the pattern matches, as a rule."""
    made = ""
    for operator, value in items:
        if operator is c.LITERAL:
            made += chr(value)
        elif operator in (c.ANY, c.NOT_LITERAL):
            made += "b" if value == ord("a") else "a"
        elif operator is c.IN:
            made += next((letter for letter in LETTERS if _fits(value, letter)), _first(value))
        elif operator in REPEATS:
            made += _example(value[2]) * max(value[0], min(1, value[1]))
        elif operator in (c.SUBPATTERN, c.ATOMIC_GROUP):
            made += _example(value if operator is c.ATOMIC_GROUP else value[-1])
        elif operator is c.BRANCH:
            made += _example(value[1][0])
    return made


def _first(members: Any) -> str:
    return next((chr(one if op is c.LITERAL else one[0]) for op, one in members if op in (c.LITERAL, c.RANGE)), "a")


_CATEGORIES: dict[Any, Callable[[str], bool]] = {
    c.CATEGORY_DIGIT: str.isdigit,
    c.CATEGORY_NOT_DIGIT: lambda letter: not letter.isdigit(),
    c.CATEGORY_SPACE: str.isspace,
    c.CATEGORY_NOT_SPACE: lambda letter: not letter.isspace(),
    c.CATEGORY_WORD: lambda letter: letter.isalnum() or letter == "_",
    c.CATEGORY_NOT_WORD: lambda letter: not (letter.isalnum() or letter == "_"),
}


def _fits(members: Any, letter: str) -> bool:
    inside = any(
        (operator is c.LITERAL and ord(letter) == value)
        or (operator is c.RANGE and value[0] <= ord(letter) <= value[1])
        or (operator is c.CATEGORY and _CATEGORIES[value](letter))
        for operator, value in members
    )
    return inside != any(operator is c.NEGATE for operator, _ in members)


class _Late(Exception):
    pass


def _late(*_: object) -> None:
    raise _Late


def _took(run: Callable[[Any], object], text: str | bytes) -> float:
    """Seconds of a call, which ends after _LATE: on the clock, but no more than of processor time, whose own clock is coarse."""
    signal.setitimer(signal.ITIMER_VIRTUAL, _LATE)
    began, spent = time.perf_counter(), time.process_time()
    try:
        run(text)
    except _Late:
        return _LATE
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return min(time.perf_counter() - began, time.process_time() - spent + _TICK, _LATE)


def grows(
    pattern: str | bytes, flags: int = 0, calls: frozenset[str] = frozenset({"search"}), cut: bool = False
) -> str | None:
    """The text on which a pattern costs more than linear time; None if there is none among those tried.

    ``cut``: the pattern meets lines of documents alone, whose words and runs of blanks have a greatest length.
    """
    if not _is_unbounded(_parser.parse(pattern, flags)):
        return None
    signal.signal(signal.SIGVTALRM, _late)
    compiled: re.Pattern[Any] = re.compile(pattern, flags)
    anchored = (
        compiled.fullmatch if calls == {"fullmatch"} else compiled.match if calls <= {"match", "fullmatch"} else None
    )
    run = anchored or (lambda text: deque(compiled.finditer(text), maxlen=0))
    for start, body in texts(pattern, flags):
        for end in ("", "\x01"):

            def text(length: int, start: str = start, body: str = body, end: str = end) -> str | bytes:
                made = start + body * (length // len(body) + 1) + end
                made = shortened(re.sub(r"\n+", "\n", made)) if cut else made
                return made.encode() if isinstance(pattern, bytes) else made

            if _took(run, text(40)) >= _LATE / 2 or _is_steep(run, text):
                return f"{start!r} + {body!r} * n + {end!r}"
    return None


def _is_steep(run: Callable[[Any], object], text: Callable[[int], str | bytes]) -> bool:
    """Whether the cost of texts grows faster than their length; what looks so is measured again at twice the length."""
    short = _least(run, text(_SHORT), _QUICK)
    if short < _QUICK:
        return False
    if short > _SLOW:
        if short < _GROWTH * _least(run, text(_TINY)):
            return False
    elif _least(run, text(_LONG), _GROWTH * short) < _GROWTH * short:
        return False
    # a repeat of up to 200 is linear only beyond that
    return _least(run, text(2 * _LONG)) >= min(_LATE, _GROWTH * _least(run, text(2 * _SHORT)))


def _least(run: Callable[[Any], object], text: str | bytes, enough: float = 0.0) -> float:
    """The shortest of five measurements: in the others the machine was busy; one below ``enough`` needs no second."""
    least = _LATE
    for _ in range(5):
        least = min(least, _took(run, text))
        if least < enough or least == _LATE:
            break
    return least


def main(parts: list[str]) -> int:
    """Print what grows; the number of them."""
    bad = 0
    for (pattern, flags), use in sorted(collect().items(), key=lambda item: sorted(item[1].places)):
        if parts and not any(part in place for part in parts for place in use.places):
            continue
        if text := grows(pattern, flags, frozenset(use.calls), meets_lines(use)):
            bad += 1
            print(f"{' '.join(sorted(use.places))}: {pattern!r} ({', '.join(sorted(use.calls))}): {text}", flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
