"""Names of the current view: the registry's for themes, a person's for calls, and one made of parts for what has none."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from engine.fusion.reference import vocabulary
from engine.words import day, full_day, text
from loaders.data import LANGUAGES, preferred
from loaders.rdf.terms import ALT_LABEL, DCT, ID, LABEL, A, Quad, language, lexical, literal, tg

_WHOLE_DATE = 10


class Names:
    """The names of things and concepts by language, with another language's where one has none."""

    def __init__(self, view: Iterable[Quad]) -> None:
        """Read the labels of the view and of the code lists and properties."""
        self._of: dict[str, dict[str, str]] = defaultdict(dict)
        for quad in (*view, *vocabulary()):
            if quad.p == LABEL and not quad.g:
                self._of[quad.s].setdefault(language(quad.o), lexical(quad.o))

    def of(self, term: str | None, lang: str) -> str:
        """The name in a language, else in another, else the last part of the IRI; a literal is its own name."""
        if not term:
            return ""
        if not term.startswith("<"):
            return lexical(term)
        names = self._of.get(term, {})
        return next((names[tag] for tag in preferred(lang) if tag in names), term[:-1].rpartition("/")[2])


def prefer_registry(view: set[Quad], registry: Iterable[Quad]) -> tuple[set[Quad], set[Quad]]:
    """The labels of themes that documents gave, and what takes their place: the registry's name, theirs an alternative."""
    own = {(q.s, language(q.o)): q.o for q in registry if q.p == LABEL and q.s.startswith(f"<{ID}theme/")}
    gone = {q for q in view if q.p == LABEL and not q.g and own.get((q.s, language(q.o)), q.o) != q.o}
    new = {Quad(q.s, ALT_LABEL, q.o) for q in gone}
    new |= {Quad(q.s, LABEL, own[q.s, language(q.o)]) for q in gone}
    return gone, new


def name_calls(view: set[Quad]) -> tuple[set[Quad], set[Quad]]:
    """The labels of calls that documents gave, and what takes their place: dates and theme, the document's an alternative.

    "Hankehaku 15.1.–15.3.2024, Vaikeasti työllistyvien tukeminen". A call without a date keeps its printed name before the theme.
    """
    facts = _facts(view)
    names = Names(view)
    gone: set[Quad] = set()
    new: set[Quad] = set()
    for call in sorted(q.s for q in view if q.p == A and q.o == tg("Call") and not q.g):
        printed = {q for q in view if q.s == call and q.p == LABEL and not q.g}
        opens, closes, theme = (facts[call].get(tg(p)) for p in ("opens", "closes", "callFor"))
        if opens is None and theme is None:
            continue
        coordination = Quad(call, A, tg("CoordinationCall")) in view
        gone |= printed
        new |= {Quad(call, ALT_LABEL, q.o) for q in printed}
        for lang in LANGUAGES:
            kind = text("label.coordination_call" if coordination else "label.call", lang)
            first = f"{kind} {_dates(opens, closes, lang)}" if opens or closes else names.of(call, lang)
            new.add(Quad(call, LABEL, literal(", ".join(filter(None, [first, names.of(theme, lang)])), lang)))
    return gone, new


def make_labels(view: set[Quad], given: Iterable[Quad]) -> Iterator[Quad]:
    """Labels of participations, amounts, shares, counts, conflicts and passages, each in the graph of the thing.

    ``given`` holds what is known of documents and passages; those of contact persons are left out.
    """
    facts, names = _facts([*view, *given]), Names(view)
    named = {q.s for q in view if q.p == LABEL}
    projects = {q.o: q.s for q in view if q.p == tg("participation") and q.s.startswith(f"<{ID}project/")}
    for node, _, kind, graph in sorted(q for q in (*view, *given) if q.p == A and q.o in _MAKERS):
        if node not in named:
            for lang in LANGUAGES:
                made = _MAKERS[kind](node, facts, names, projects, lang)
                if made:
                    yield Quad(node, LABEL, literal(made, lang), graph)


Facts = dict[str, dict[str, str]]


def _facts(quads: Iterable[Quad]) -> Facts:
    facts: Facts = defaultdict(dict)
    for s, p, o, _ in sorted(quads):
        facts[s].setdefault(p, o)
    return facts


def _participation(node: str, facts: Facts, names: Names, projects: dict[str, str], lang: str) -> str:
    return _joined(names.of(facts[node].get(tg("organisation")), lang), names.of(projects.get(node), lang))


def _observation(node: str, facts: Facts, names: Names, projects: dict[str, str], lang: str) -> str:
    known = facts[node]
    what = names.of(known.get(tg("phase")) or known.get(tg("measure")), lang)
    scope = names.of(known.get(tg("fundingScope")), lang)
    when = known.get(tg("referenceDate"))
    detail = " ".join(filter(None, [what, f"({scope})" if scope else "", _date(lexical(when), lang) if when else ""]))
    return _joined(names.of(known.get(tg("about")), lang), detail)


def _share(node: str, facts: Facts, names: Names, projects: dict[str, str], lang: str) -> str:
    known = facts[node]
    holder = known.get(tg("ministry")) or facts[known.get(tg("participation"), "")].get(tg("organisation"))
    return _joined(names.of(holder, lang), _observation(known.get(tg("shareOf"), ""), facts, names, projects, lang))


def _conflict(node: str, facts: Facts, names: Names, projects: dict[str, str], lang: str) -> str:
    known = facts[node]
    on = known.get(tg("phase")) or known.get(tg("measure")) or known.get(tg("onProperty"))
    what = text("label.name", lang) if on == LABEL else names.of(on, lang)
    return _joined(names.of(known.get(tg("about")), lang), f"{text('label.conflict', lang)}: {what}")


def _passage(node: str, facts: Facts, names: Names, projects: dict[str, str], lang: str) -> str:
    known = facts[node]
    document = known.get(tg("inDocument"), "")
    title = facts[document].get(f"<{DCT}title>")
    first, last = (lexical(known[tg(p)]) if tg(p) in known else "" for p in ("lineStart", "lineEnd"))
    one, many = text("label.line", lang), text("label.lines", lang)
    lines = f"{one} {first}" if first == last else f"{many} {first}–{last}"
    page = f"{text('label.page', lang)} {lexical(known[tg('page')])}" if tg("page") in known else ""
    return _joined(lexical(title) if title else names.of(document, lang), page, lines if first else "")


_MAKERS = {
    tg("Participation"): _participation,
    tg("FinancialObservation"): _observation,
    tg("StatisticalObservation"): _observation,
    tg("Share"): _share,
    tg("Conflict"): _conflict,
    tg("Passage"): _passage,
}


def _joined(*parts: str) -> str:
    return ", ".join(filter(None, parts))


def _date(date: str, lang: str) -> str:
    return full_day(date, lang) if lang == "en" else day(date, lang)


def _dates(opens: str | None, closes: str | None, lang: str) -> str:
    first, last = (lexical(one) if one else "" for one in (opens, closes))
    if not first:
        return f"–{_date(last, lang)}"
    if not last or first == last:
        return _date(first, lang)
    whole = len(first) == len(last) == _WHOLE_DATE
    if whole and first[:4] == last[:4]:
        start = _date(first, lang).removesuffix(first[:4]).strip()
        return f"{start} – {_date(last, lang)}" if lang == "en" else f"{start}–{_date(last, lang)}"
    return f"{_date(first, lang)} – {_date(last, lang)}"
