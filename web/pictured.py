"""The pictures of pages: money, networks, answers and the class diagram, by the names and addresses of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from loaders.rdf.terms import BASE
from web import draw, words
from web.site import Site

_PHASES = ("framework", "reserved", "committed", "paid")


class Pictures:
    """What a page draws; the page tells the names."""

    site: Site
    lang: str

    def text(self, key: str, **values: object) -> str:
        """A text of the pages."""
        return words.text(key, self.lang, **values)

    def number(self, number: object) -> str:
        """A number in the form of the language."""
        return words.number(str(number), self.lang)

    def name(self, iri: str) -> str:
        """The name of a thing."""
        raise NotImplementedError

    def thing_of(self, answer: Mapping[str, Any], row: list[Any], place: int) -> str | None:
        """What a cell of an answer names."""
        raise NotImplementedError

    def diagram(self, terms: list[Mapping[str, Any]]) -> Markup:
        """The classes and the properties between them."""
        named = {t["name"]: (words.label(t["labels"], self.lang) or (t["name"], ""))[0] for t in terms}
        return draw.diagram(named, self.text("diagram"))

    def money_bars(self, money: list[Mapping[str, Any]]) -> Markup | None:
        """The newest amounts of a theme's four phases as bars; None if there is nothing to compare."""
        newest: dict[str, Mapping[str, Any]] = {}
        for observation in money:
            phase = observation.get("phase", {}).get("iri", "").rsplit("/", 1)[-1]
            if "shareOf" not in observation and "amount" in observation:
                newest.setdefault(phase, observation)
        rows = [
            (
                self.name(newest[p]["phase"]["iri"]),
                newest[p]["amount"]["text"],
                self.number(newest[p]["amount"]["text"]),
            )
            for p in _PHASES
            if p in newest
        ]
        return draw.bars(rows, self.text("money_chart")) if len(rows) > 1 else None

    def largest_first(self, answer: Mapping[str, Any], measures: Sequence[str]) -> Mapping[str, Any]:
        """An answer whose rows are in the order of its first measure; as it is where it has fewer than two."""
        if not _measured(answer, measures):
            return answer
        at = answer["columns"].index(measures[0])
        return {**answer, "rows": sorted(answer["rows"], key=lambda row: -float(row[at]["text"]) if row[at] else 0)}

    def layered(self, answer: Mapping[str, Any], measures: Sequence[str], title: str) -> Markup | None:
        """The measures of an answer as bars one over the other, each a part of the one before; None for one without."""
        if not _measured(answer, measures):
            return None
        places = [answer["columns"].index(measure) for measure in measures]
        named = next(n for n, column in enumerate(answer["columns"]) if self.thing_of(answer, answer["rows"][0], n))
        rows = [
            (
                row[named]["text"],
                self.site.thing(self.thing_of(answer, row, named) or ""),
                [row[place]["text"] if row[place] else "" for place in places],
            )
            for row in answer["rows"]
            if row[named] and row[places[0]]
        ]
        return draw.layers(rows, [words.column(m, self.lang)[0] for m in measures], self.number, title)

    def network(self, iri: str, around: list[Mapping[str, Any]]) -> Markup:
        """A thing among its neighbours."""
        name = self.name(iri)
        near = [
            draw.Neighbour(
                self.name(other["iri"]),
                self.site.thing(other["iri"]),
                ", ".join(self.name(tie) for tie in other["ties"]),
                other["iri"].removeprefix(BASE).split("/")[1],
            )
            for other in around
        ]
        drawn = near[: draw.MOST]
        more = self.text("and_more", n=self.number(len(near) - len(drawn))) if len(near) > len(drawn) else ""
        return draw.neighbours(name, drawn, self.text("neighbours_of", name=name), more)


def _measured(answer: Mapping[str, Any], measures: Sequence[str]) -> bool:
    """Whether an answer has rows and two or more of these columns of numbers."""
    return bool(answer["rows"]) and len(measures) > 1 and set(measures) <= set(answer["columns"])
