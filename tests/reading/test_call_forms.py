"""One call in many forms and three languages gives the same facts."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple

import docx
import pptx
import pytest

from loaders import phrases
from loaders.document import pages
from loaders.names import Registry
from loaders.reading import parse
from loaders.records import Call, Money, Reading
from tests.pdfs import Sheet

Fields = dict[str, str]
"""What a form says by its label, in the order of the form."""


class Facts(NamedTuple):
    """What every form must give, names of bodies and places as the registry knows them."""

    name: str
    opens: str
    closes: str
    authority: str
    places: tuple[str, ...]
    theme: str
    objectives: tuple[str, ...]
    budget: str


class Wording(NamedTuple):
    """A call in one language: its fields, and the same in sentences."""

    fields: Fields
    sentences: str
    theme: str


CALLS = {
    "fi": Wording(
        {
            "Haun nimi": "Kosteikot kuntoon",
            "Hakuaika": "2.2.2026–27.3.2026",
            "Rahoittajaviranomainen": "Hämeen ELY-keskus",
            "Maakunnat": "Kanta-Häme, Päijät-Häme",
            "Erityistavoite": "2.7",
            "Haun rahoitus": "2,5 milj. euroa",
        },
        "Hämeen ELY-keskus avaa haun ”Kosteikot kuntoon” 2.2.2026. Haku päättyy 27.3.2026. Haku koskee Kanta-Hämettä ja "
        "Päijät-Hämettä, ja sillä toteutetaan erityistavoitetta 2.7. Haussa on käytettävissä 2,5 miljoonaa euroa.",
        "Valtakunnallinen teema",
    ),
    "sv": Wording(
        {
            "Utlysningens namn": "Våtmarkerna i skick",
            "Ansökningstid": "2.2.2026–27.3.2026",
            "Finansierande myndighet": "NTM-centralen i Tavastland",
            "Landskap": "Egentliga Tavastland, Päijänne-Tavastland",
            "Särskilt mål": "2.7",
            "Utlysningens budget": "2,5 miljoner euro",
        },
        "NTM-centralen i Tavastland öppnar utlysningen ”Våtmarkerna i skick” den 2 februari 2026. Utlysningen stängs den "
        "27 mars 2026. Utlysningen gäller Egentliga Tavastland och Päijänne-Tavastland och genomför särskilt mål 2.7. I "
        "utlysningen finns 2,5 miljoner euro till förfogande.",
        "Nationellt tema",
    ),
    "en": Wording(
        {
            "Name of the call": "Wetlands restored",
            "Application period": "2 February 2026 – 27 March 2026",
            "Funding authority": "Häme ELY Centre",
            "Regions": "Kanta-Häme, Päijät-Häme",
            "Specific objective": "2.7",
            "Available funding": "EUR 2.5 million",
        },
        "The Häme ELY Centre opens the call ”Wetlands restored” on 2 February 2026. The call closes on 27 March 2026. The "
        "call covers Kanta-Häme and Päijät-Häme and implements specific objective 2.7. EUR 2.5 million is available in this "
        "call.",
        "National theme",
    ),
}


THEMES = {"fi": "Rantojen uudet työt", "sv": "Strändernas nya jobb", "en": "New work on the shores"}
OF_THEME = {
    "fi": "Haku kuuluu valtakunnalliseen teemaan ”Rantojen uudet työt”.",
    "sv": "Utlysningen hör till det nationella temat ”Strändernas nya jobb”.",
    "en": "The call belongs to the national theme ”New work on the shores”.",
}


def _table(fields: Fields) -> str:
    head = "".join(f"<th>{escape(label)}</th>" for label in fields)
    row = "".join(f"<td>{escape(value)}</td>" for value in fields.values())
    return f"<table><tr>{head}</tr><tr>{row}</tr></table>"


def _html(body: str) -> bytes:
    return f"<!doctype html><html><head><meta charset='utf-8'></head><body><main>{body}</main></body></html>".encode()


def _list(fields: Fields) -> str:
    return "<dl>" + "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in fields.items()) + "</dl>"


def _pairs(fields: Fields) -> str:
    return (
        "<table>"
        + "".join(f"<tr><th>{escape(k)}</th><td>{escape(v)}</td></tr>" for k, v in fields.items())
        + "</table>"
    )


def _word(fields: Fields) -> bytes:
    document = docx.Document()
    table = document.add_table(rows=0, cols=2)
    for label, value in fields.items():
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    return _saved(document.save)


def _slide(fields: Fields) -> bytes:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    (first, name), *rest = fields.items()
    slide.shapes.title.text = f"{first}: {name}"  # type: ignore[union-attr]
    slide.placeholders[1].text_frame.text = "\n".join(f"{label}: {value}" for label, value in rest)  # type: ignore[attr-defined]
    return _saved(show.save)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    data = io.BytesIO()
    save(data)
    return data.getvalue()


def _pdf(lines: Iterable[str]) -> bytes:
    sheet = Sheet()
    for line in lines:
        sheet.paragraph(line)
    return sheet.data()


def _ruled(fields: Fields) -> bytes:
    sheet = Sheet()
    for label, value in fields.items():
        sheet.row([label, value], [57.0, 240.0])
    return sheet.data()


FORMS: dict[str, tuple[str, Callable[[Fields, str], bytes]]] = {
    "sentences": ("txt", lambda _, sentences: sentences.encode()),
    "label and value": ("txt", lambda fields, _: "\n".join(f"{k}: {v}" for k, v in fields.items()).encode()),
    "label on its own line": ("txt", lambda fields, _: "\n\n".join(f"{k}\n{v}" for k, v in fields.items()).encode()),
    "capitals": ("txt", lambda fields, _: "\n".join(f"{k.upper()}: {v}" for k, v in fields.items()).encode()),
    "bars": ("txt", lambda fields, _: f"| {' | '.join(fields)} |\n| {' | '.join(fields.values())} |".encode()),
    "wrapped lines": ("txt", lambda _, sentences: "\n".join(wrap(sentences, 60)).encode()),
    "a paragraph a sentence": ("txt", lambda _, sentences: sentences.replace(". ", ".\n\n").encode()),
    "tabs": ("txt", lambda fields, _: ("\t".join(fields) + "\n" + "\t".join(fields.values())).encode()),
    "bullets": ("txt", lambda fields, _: "\n".join(f"• {k}: {v}" for k, v in fields.items()).encode()),
    "dashes": ("txt", lambda fields, _: "\n".join(f"{k} – {v}" for k, v in fields.items()).encode()),
    "table of a web page": ("html", lambda fields, _: _html(_table(fields))),
    "two columns of a web page": ("html", lambda fields, _: _html(_pairs(fields))),
    "definition list": ("html", lambda fields, _: _html(_list(fields))),
    "sentences of a web page": ("html", lambda _, sentences: _html(f"<p>{escape(sentences)}</p>")),
    "Word": ("docx", lambda fields, _: _word(fields)),
    "slide": ("pptx", lambda fields, _: _slide(fields)),
    "PDF": ("pdf", lambda fields, _: _pdf(f"{k}: {v}" for k, v in fields.items())),
    "sentences of a PDF": ("pdf", lambda _, sentences: _pdf([sentences])),
    "ruled table of a PDF": ("pdf", lambda fields, _: _ruled(fields)),
}


def facts(reading: Reading) -> Facts:
    """What a reading says of its only call."""
    (call,) = [one for one in reading.records if isinstance(one, Call)]
    money = [one for one in reading.records if isinstance(one, Money) and one.about.key == call.key]
    return Facts(
        call.label.value.text,
        call.opens.value if call.opens else "",
        call.closes.value if call.closes else "",
        ", ".join(Registry.load().organisation_key(one.value) for one in call.authorities),
        tuple(sorted(_region(place.value) for place in call.places)),
        call.theme or "",
        tuple(one.value.notation or "" for one in call.objectives),
        ", ".join(f"{one.phase} {one.amount.normalize():f}" for one in money),
    )


def _region(name: str) -> str:
    """The Finnish name of a region named in any language."""
    known = phrases.concepts("places")
    return next(
        (fi for fi, words in known.items() if name == fi or any(name in words[one] for one in phrases.LANGUAGES)), name
    )


@pytest.mark.parametrize("language", CALLS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("national", [False, True], ids=["regional", "national"])
def test_every_form_gives_the_same_facts(form: str, language: str, national: bool, tmp_path: Path) -> None:
    suffix, write = FORMS[form]
    wording = CALLS[language]
    fields, sentences, name = wording.fields, wording.sentences, next(iter(wording.fields.values()))
    if national:
        fields, sentences = {**fields, wording.theme: THEMES[language]}, f"{sentences} {OF_THEME[language]}"
    path = tmp_path / f"haku.{suffix}"
    path.write_bytes(write(fields, sentences))
    expected = Facts(
        name,
        "2026-02-02",
        "2026-03-27",
        Registry.load().organisation_key("Hämeen ELY-keskus"),
        ("Kanta-Häme", "Päijät-Häme"),
        THEMES[language] if national else "",
        ("2.7",),
        "callBudget 2500000",
    )
    assert facts(parse(pages.read(path))) == expected
