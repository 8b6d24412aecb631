"""Makes the current view from passages: one IRI a thing, one value of each single-valued property, all conflicts listed."""

from collections.abc import Callable, Iterable, Iterator

from engine.fusion import money
from engine.fusion.conflict import OTHER_SPELLING, Alternative, Conflict, not_listed, notations
from engine.fusion.identity import set_aside, unify
from engine.fusion.labels import make_labels, name_calls, prefer_registry
from engine.fusion.reference import names_as_stated, registry, registry_facts, single_valued, vocabulary
from engine.fusion.values import Values, collect
from engine.fusion.view import derive, resolve
from loaders.rdf.terms import ALT_LABEL, CONTACTS_GRAPH, LABEL, A, Quad, tg


def align(extracted: Iterable[Quad]) -> list[Quad]:
    """The quads of some documents with one IRI for each thing."""
    return money.realign(unify(sorted(set(extracted))))


def fuse(extracted: Iterable[Quad], correct: Callable[[list[Quad]], list[Quad]] = list) -> list[Quad]:
    """The whole dataset of some documents' quads: passages as they are, the current view, history, contacts; sorted.

    ``correct`` changes what passages state before the view is made of them.
    """
    quads = correct(align(extracted))
    values = collect(quads)
    conflicts, themes_called_projects = set_aside(values)
    # no graph calls them projects, so that a count over all graphs is right too
    quads = [q for q in quads if (q.p, q.o) != (A, tg("Project")) or q.s not in themes_called_projects]
    view, contradictions = resolve(values, single_valued())
    conflicts += contradictions
    view.update([*names_as_stated(view), *registry_facts(view)])
    stated = money.read(values)
    conflicts += [*money.compare(stated), *notations(values), *not_listed(values)]
    conflicts += _printed_names(values)
    view.update(q for conflict in conflicts for q in conflict.quads())
    # names of the register first: calls are named after their themes
    view = _replaced(view, *prefer_registry(view, registry("themes.ttl")))
    view = _replaced(view, *name_calls(view))
    # of the bodies that only contact persons' passages name: names of public bodies, no one's own data
    named = {q.s for q in view if q.p == LABEL}
    of_contacts = [q for q in registry_facts(set(values.private)) if q.s not in named]
    view.update(of_contacts)
    view.update(derive(view))
    view = _replaced(view, *stated.triples(view))
    view.update(stated.cubes())
    view.update(make_labels(view, values.outside))
    dataset = {*quads, *view, *vocabulary()}
    private = [*values.private, *of_contacts]
    dataset.update(Quad(q.s, q.p, q.o, CONTACTS_GRAPH) for q in private)
    labels = {(q.s, q.o) for q in dataset if q.p == LABEL and not q.g}
    # without alternative labels that only repeat the label
    return sorted(q for q in dataset if q.p != ALT_LABEL or q.g or (q.s, q.o) not in labels)


def _replaced(view: set[Quad], gone: set[Quad], new: set[Quad]) -> set[Quad]:
    return view - gone | new


def _printed_names(values: Values) -> Iterator[Conflict]:
    """An organisation that documents print in several ways."""
    printed: dict[str, dict[str, list[object]]] = {}
    for (participation, predicate), names in sorted(values.statements.items()):
        organisation = values.one(participation, tg("organisation")) if predicate == tg("nameAsStated") else None
        if organisation:
            for name, sources in names.items():
                printed.setdefault(organisation, {}).setdefault(name, []).extend(sources)
    for organisation, by_name in sorted(printed.items()):
        if len(by_name) > 1:
            alternatives = tuple(Alternative(n, tuple(s)) for n, s in sorted(by_name.items()))  # type: ignore[arg-type]
            yield Conflict(organisation, tg("nameAsStated"), OTHER_SPELLING, alternatives)
