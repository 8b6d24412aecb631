"""The forms in which publishers tell of calls give each call its days, authority, places and budget (call_pages.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest

from bench.strangers import folded, key_of_body
from loaders import choose
from loaders.document import pages
from loaders.errors import SourceError
from loaders.records import Call, Money

PAGES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("call_pages.toml").read_text("utf-8"))["page"]
UNREAD = {  # headings of funds are taken for parts of the page that are about themes
    "fi list: heading a fund": "kainuu",
    "sv list: heading a fund": "nyland",
    "en: release": "lapland",
}
"""Pages with a word that is not read yet; one that is read belongs here no more."""


def web_page(text: str) -> str:
    """The page with its tables ruled, and with a heading where a few words stand alone."""
    parts: list[str] = []
    for paragraph in text.split("\n\n"):
        lines = paragraph.strip().splitlines()
        if all(line.startswith("|") for line in lines):
            rows = ([escape(cell.strip()) for cell in line.strip("| ").split("|")] for line in lines)
            cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
            parts += ["<table>", *(f"<tr>{row}</tr>" for row in cells), "</table>"]
        else:
            tag = "h2" if len(lines) == 1 and not paragraph.strip().endswith((".", ":")) else "p"
            parts += (f"<{tag}>{escape(line)}</{tag}>" for line in lines)
    return "\n".join(["<html><body>", *parts, "</body></html>"])


def read(path: Path) -> Iterator[tuple[str, str]]:
    """Each call of a page as in call_pages.toml, with its label."""
    document = pages.read(path)
    try:
        records = choose(document).parse(document).records
    except SourceError:
        return
    for call in (one for one in records if isinstance(one, Call)):
        days = "–".join(day.value if day else "" for day in (call.opens, call.closes))
        body = ", ".join(sorted(key_of_body(one.value) for one in call.authorities))
        places = ", ".join(sorted(folded(one.value) for one in call.places))
        money = (
            one for one in records if isinstance(one, Money) and (one.about.kind, one.about.key) == ("call", call.key)
        )
        yield " | ".join([days, body, places, ", ".join(f"{one.amount:f}" for one in money)]), call.label.value.text


@pytest.mark.parametrize("page", PAGES, ids=[page["name"] for page in PAGES])
def test_calls_of_a_page(page: dict[str, Any], tmp_path: Path) -> None:
    text = page["text"].lstrip("\n")
    (tmp_path / "page.txt").write_text(text, encoding="utf-8")
    if "\n|" in text:
        (tmp_path / "page.html").write_text(web_page(text), encoding="utf-8")
    said = sorted(
        " | ".join(", ".join(sorted(part.strip().split(", "))) for part in call.split("|")) for call in page["calls"]
    )
    for path in sorted(tmp_path.iterdir()):
        found = list(read(path))
        calls = sorted(call for call, _ in found)
        if unread := UNREAD.get(page["name"]):
            assert calls == [call.replace(f"| {unread} |", "|  |") for call in said], path.name
        else:
            assert calls == said, path.name
        assert all(any(name in label for _, label in found) for name in page.get("names", ())), path.name
