"""One test of many cases: pytest needs some thousandths of a second for a test, and most of these cases less than one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any

Test = Callable[..., None]


def each(
    names: str | Sequence[str], cases: Iterable[Any], ids: Iterable[object] | Callable[[Any], object] | None = None
) -> Callable[[Test], Test]:
    """Like ``pytest.mark.parametrize``, but in one test, which tries all cases and names every one that fails.

    What the cases do not give stays a fixture: it is made once, so it is to be one that no case changes.

    >>> @each(("words", "amount"), [("7 e", 7), ("7 M€", 7_000_000)])
    ... def test_amounts(words: str, amount: int) -> None: ...
    """
    fields = tuple(name.strip() for name in names.split(",")) if isinstance(names, str) else tuple(names)
    given = list(cases)
    rows = [dict(zip(fields, (case,) if len(fields) == 1 else case, strict=True)) for case in given]
    titles = [ids(case) for case in given] if callable(ids) else list(ids or map(str, rows))
    assert len(titles) == len(rows) > 0, "a test without cases"

    def wrap(test: Test) -> Test:
        @wraps(test)
        def run(**fixtures: Any) -> None:
            tried = ((title, _failure(test, fixtures | row)) for title, row in zip(titles, rows, strict=True))
            failed = [(title, failure) for title, failure in tried if failure]
            for title, failure in failed:
                failure.add_note(f"with {title}")
            if failed:
                raise ExceptionGroup(f"{len(failed)} of {len(rows)} cases", [failure for _, failure in failed])

        signature = inspect.signature(test)
        fixtures = [parameter for name, parameter in signature.parameters.items() if name not in fields]
        run.__signature__ = signature.replace(parameters=fixtures)  # type: ignore[attr-defined]
        return run

    return wrap


def _failure(test: Test, arguments: dict[str, Any]) -> Exception | None:
    try:
        test(**arguments)
    except Exception as error:  # noqa: BLE001 - whatever fails is a failed case
        return error
    return None
