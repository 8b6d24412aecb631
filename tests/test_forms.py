"""The full originals, where they lie beside the repository: text, HTML and PDF hold the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from loaders.document.lines import Document

SHARED = Path(__file__).resolve().parents[2] / "shared" / "sources"


Named = Callable[[str, str], Document]


@pytest.fixture(scope="module")
def document(read_once: Callable[..., Document]) -> Named:
    """A document by its form (``text``, ``html``, ``pdf``) and name."""

    def read(form: str, name: str) -> Document:
        path = SHARED / form / f"{name}.{'txt' if form == 'text' else form}"
        if not path.exists():
            pytest.skip("the full documents are not here")
        return read_once(path)

    return read


@pytest.mark.documents
class TestDocuments:
    """The full originals, where they lie beside the repository."""

    @pytest.mark.parametrize(
        "name",
        [
            "esr-haku-6aika-2016",
            "toteutuskatsaus-2024-10",
            "uutiskirje-2022-06",
            "vaikeasti-tyollistyvien-esitys-2025",
            "vaikeasti-tyollistyvien-teemakuvaus",
        ],
    )
    def test_text_and_pdf_hold_the_same_marks(self, name: str, document: Named) -> None:
        from loaders.values.amounts import amounts
        from loaders.values.dates import periods
        from loaders.values.marks import codes, emails, phones

        text, pdf = document("text", name), document("pdf", name)
        furniture = {line.number for line in text.furniture}
        left = "\n".join(line.text for line in text.lines if line.number not in furniture)
        right = "\n".join(line.text for line in pdf.lines)
        assert sorted(a.words for a in amounts(left)) == sorted(a.words for a in amounts(right))
        assert sorted(c.value for c in codes(left)) == sorted(c.value for c in codes(right))
        assert sorted((str(p.start), str(p.end)) for p in periods(left)) == sorted(
            (str(p.start), str(p.end)) for p in periods(right)
        )
        assert sorted(m.value for m in phones(left)) == sorted(m.value for m in phones(right))
        assert sorted(m.value for m in emails(left)) == sorted(m.value for m in emails(right))

    def test_headings_of_the_newsletter_are_the_same_in_html_and_pdf(self, document: Named) -> None:
        html, pdf = document("html", "uutiskirje-2022-06"), document("pdf", "uutiskirje-2022-06")
        wanted = [(line.heading, line.text) for line in html.lines if line.heading]
        found: list[tuple[int, str]] = []
        for line in pdf.lines:
            if line.heading and line.continues:
                found[-1] = (found[-1][0], f"{found[-1][1]} {line.text}")
            elif line.heading:
                found.append((line.heading, line.text))
        assert found == wanted

    def test_every_theme_form_of_the_review_is_a_table(self, document: Named) -> None:
        forms = [
            line.cell
            for line in document("pdf", "toteutuskatsaus-2024-10").lines
            if line.cell and line.cell.row == 0 and line.text == "Valtakunnallinen teema"
        ]
        assert len({cell.table for cell in forms}) == 12
