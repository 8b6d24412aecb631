"""The concepts that rows of lists name: of the shipped code lists where they hold them, else described as the list prints."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from loaders.names.text import slug
from loaders.rdf.scribe import Codes
from loaders.rdf.terms import CONCEPT, LABEL, PREF_LABEL, SKOS, A, code, literal, tg
from loaders.tables.funds import FUNDS, PERIODS
from loaders.tables.states import priority_notation

Triple = tuple[str, str, str]
code_of = lru_cache(maxsize=16384)(code)
"""``terms.code``, remembered: the rows of a list name the same few concepts."""
_LEADING = re.compile(r"\s*([A-Z]{0,4}\d[\w.]*)\s*(?:[-–:|.)]\s*|\s+|$)(.*)", re.DOTALL)


@dataclass(slots=True)
class Concepts:
    """Concepts by what one list prints. ``made`` holds what describes those that no code list does, in each spelling met."""

    country: str | None
    language: str
    programme: str | None = None
    made: set[Triple] = field(default_factory=set)
    _known: set[tuple[str, str]] = field(default_factory=set)

    def concept(self, scheme: str, notation: str, label: str, kind: str | None = None) -> str:
        """A concept by its notation."""
        concept = code_of(scheme, notation)
        if (concept, label) not in self._known:
            self._known.add((concept, label))
            if Codes.load().find(scheme, notation) != notation:
                self.made |= {
                    (concept, A, CONCEPT),
                    (concept, PREF_LABEL, literal(label, self.language)),
                    (concept, LABEL, literal(label, self.language)),
                    (concept, f"<{SKOS}notation>", literal(notation)),
                }
                if kind:
                    self.made.add((concept, A, tg(kind)))
        return concept

    def fund(self, printed: str) -> str:
        """A fund by its notation (``funds.fund_of``), else as printed."""
        return code_of("fund", printed) if printed in FUNDS else self.concept("fund", slug(printed), printed, "Fund")

    def status(self, printed: str) -> str:
        """The state of a project by the words for it."""
        known = _known_status(printed)
        return code_of("status", known) if known else self.concept("status", slug(printed), printed, "Status")

    def part(self, printed: str, period: str | None) -> str:
        """The part of a programme of one period."""
        return self.concept(f"programme-part-{self._scheme(period)}", slug(printed), printed, "Programme")

    def priority(self, printed: str, period: str | None, fund: str | None, part: str | None) -> str:
        """A priority of a programme."""
        if self.country != "FI":
            return self.numbered(f"priority-{self._scheme(period)}", printed, None, "Priority")
        notation = priority_notation(period, fund, slug(part) if part else None, printed)
        within = ", ".join(filter(None, [fund, part]))
        label = f"Toimintalinja {printed}" + (f" ({within})" if "-" in notation else "")
        return self.concept(f"priority-{period or 'any'}", notation, label, "Priority")

    def objective(self, printed: str, period: str | None) -> str:
        """A specific objective of one period."""
        match = _LEADING.match(printed)
        notation, name = (match[1].rstrip("."), match[2] or None) if match else (None, printed)
        if self.country == "FI" and period:
            known = Codes.load().objective(period, notation, name)
            if known:
                return code_of(f"specific-objective-{period}", known)
        scheme = f"specific-objective-{self._scheme(period)}"
        return self.concept(scheme, notation or slug(printed), name or printed, "SpecificObjective")

    def numbered(self, scheme: str, printed: str, label: str | None, kind: str | None = None) -> str:
        """A concept printed as "115 - Name", "117.0" or a name alone."""
        match = _LEADING.match(printed)
        if not match:
            return self.concept(scheme, slug(printed), printed, kind)
        notation = re.sub(r"\.0+$", "", match[1]).rstrip(".")
        if scheme.startswith("intervention-field") and notation.isdigit():
            notation = notation.zfill(3)
        return self.concept(scheme, notation, match[2] or label or printed, kind)

    def of_programme(self, values: dict[str, str]) -> str | None:
        """The programme of a row: its CCI code, else its name, else its country and period."""
        period, name = values.get("period"), values.get("programme")
        country = values.get("country") or self.country
        if country == "FI" and period in PERIODS:
            return code_of("programme", period)
        whose = (country or "eu").lower()
        notation = values.get("programme_code") or self.programme or (f"{whose}-{slug(name)}" if name else None)
        if notation is None and (country or period):
            notation = f"{whose}-{period or 'any'}"
        if notation is None:
            return None
        concept = self.concept("programme", notation, name or notation, "Programme")
        extra = [(concept, tg("country"), literal(country))] if country else []
        extra += [(concept, tg("period"), code_of("period", period))] if period in PERIODS else []
        self.made.update(extra)
        return concept

    def _scheme(self, period: str | None) -> str:
        """The part of a scheme's name that says whose and of which period it is."""
        whose = "" if self.country in (None, "FI") else f"{self.country.lower()}-"
        return f"{whose}{period or 'any'}"


@lru_cache(maxsize=1024)
def _known_status(printed: str) -> str | None:
    return Codes.load().find("status", printed)


def with_one_label(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Give the triples of concepts in order, of several spellings of a label the first."""
    labelled: set[tuple[str, str]] = set()
    for subject, predicate, value in sorted(triples):
        if predicate not in (LABEL, PREF_LABEL) or (subject, predicate) not in labelled:
            yield subject, predicate, value
        if predicate in (LABEL, PREF_LABEL):
            labelled.add((subject, predicate))
