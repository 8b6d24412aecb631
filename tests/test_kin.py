"""Further documents of each layout (tests/kin), as text, HTML and PDF: other months, languages, bodies and wordings.

Each file is the text of a page that could be real (persons, addresses and numbers are invented), its headings marked as
Markdown marks them. The golden readings were compared with what a reader of the pages wrote down before they were read.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

from loaders import choose
from loaders.document import pages
from loaders.document.lines import Document
from loaders.records import Reading
from tests import layoutpages as made

KIN = Path(__file__).parent / "kin"
GOLDEN = Path(__file__).parent / "golden" / "kin"
NAMES = sorted(path.stem for path in KIN.glob("*.txt"))
_HEADING = re.compile(r"(#{1,3}) (.*)")
_SIZES = {1: 15.0, 2: 13.0, 3: 11.5}


def lines(name: str) -> list[tuple[int, str]]:
    """The lines of a page, each with the level of its heading."""
    found = []
    for line in (KIN / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        match = _HEADING.match(line)
        found.append((len(match[1]), match[2]) if match else (0, line))
    return found


def as_text(name: str) -> str:
    return "\n".join(line for _, line in lines(name)) + "\n"


def as_html(name: str, before: str = "", after: str = "") -> str:
    out = ["<!doctype html><html><head><meta charset='utf-8'><title>sivu</title></head><body>", before]
    for level, line in lines(name):
        bullet = re.match(r"\s*•\s+(.*)", line)
        tag = f"h{level}" if level else "li" if bullet else "p"
        out.append(f"<{tag}>{html.escape(bullet[1] if bullet else line.strip())}</{tag}>" if line.strip() else "")
    return "".join([*out, after, "</body></html>"])


def as_pdf(name: str) -> bytes:
    return made.pdf(lines(name), _SIZES, 740)


def read(folder: Path, name: str, data: bytes, form: str = "txt") -> Reading:
    path = folder / f"{name}.{form}"
    path.write_bytes(data)
    document: Document = pages.read(path)
    reading = choose(document).parse(document)
    assert made.misplaced(document, reading) == []
    return reading


def golden(name: str) -> dict[str, object]:
    found = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def records(reading: Reading) -> object:
    told = json.loads(json.dumps(made.told(reading), ensure_ascii=False))
    return {key: told[key] for key in ("layout", "programme", "reference_date", "language", "records")}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_gives_its_golden_reading(name: str, tmp_path: Path, bless: bool) -> None:
    found = records(read(tmp_path, name, as_text(name).encode()))
    if bless:
        GOLDEN.mkdir(exist_ok=True)
        words = json.dumps(found, ensure_ascii=False, indent=1)
        (GOLDEN / f"{name}.json").write_text(words + "\n", encoding="utf-8")
    assert found == golden(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_other_forms_give_the_same(name: str, tmp_path: Path) -> None:
    expected = golden(name)
    assert records(read(tmp_path, name, as_html(name).encode(), "html")) == expected
    assert records(read(tmp_path, name, as_pdf(name), "pdf")) == expected


_MENU = (
    "<header role='banner'><a href='#main'>Siirry sisältöön</a><nav><ul><li>Etusivu</li><li>Osallisuus</li></ul></nav>"
    "</header>"
    "<div class='cookie-consent'><p>Käytämme evästeitä 1.1.2020 alkaen.</p></div>"
    "<div class='breadcrumb'>Etusivu &gt; Teemat</div>"
    "<main id='main'>"
)
_FOOT = (
    "</main><aside><h2>Katso myös</h2><ul><li>Muut teemat</li></ul></aside>"
    "<footer><p>PL 99, 00990 Keksittylä<br>Puh. 0295 99999<br>kirjaamo@virasto.example</p></footer>"
    "<script>var person = 'Matti Malli, 0295 000 000';</script>"
)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_what_a_browser_saves_around_a_page_is_not_read(name: str, tmp_path: Path) -> None:
    found = records(read(tmp_path, name, as_html(name, _MENU, _FOOT).encode(), "html"))
    assert found == golden(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_encodings_line_ends_and_soft_hyphens_change_nothing(name: str, tmp_path: Path) -> None:
    words = as_text(name)
    soft = re.sub(r"([a-zäöå]{4})([a-zäöå]{4})", "\\1\u00ad\\2", words)
    variants = (words.encode("utf-16"), soft.replace("\n", "\r\n").encode("utf-8-sig"))
    for data in variants:
        assert records(read(tmp_path, name, data)) == golden(name)
