"""What the targets share: making a link, matching Finnish genitives, naming codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from links.rule import Proposal, Subject, Target, Unlinked, Verdicts, decide
from links.sssom import LEXICAL, PREFIXES, SAME_ORGANISATION, Link

_GRADES = (
    ("nk", "ng"), ("nt", "nn"), ("lt", "ll"), ("rt", "rr"), ("mp", "mm"), ("kk", "k"), ("pp", "p"), ("tt", "t"), ("ht", "hd"),
    ("rk", "r"), ("lk", "l"), ("k", ""), ("p", "v"), ("t", "d"),
)  # fmt: skip
"""Consonants before the last vowel and what they become in the genitive."""
_CONSONANT, _VOWEL = "[bcdfghjklmnpqrstvwxz]", "[aeiouyäöå]"
_LAST = re.compile(rf"(?P<start>.*(?<!{_CONSONANT}))(?P<consonants>{_CONSONANT}*)(?<!{_VOWEL})(?P<vowels>{_VOWEL}+)$")


def code(scheme: str, notation: str) -> str:
    """The IRI of a concept of a code list, by the list's scheme and the concept's notation."""
    return f"{PREFIXES['code']}{scheme}/{notation}"


def link(
    subject: tuple[str, str],
    predicate: str,
    target: tuple[str, str],
    justification: str,
    confidence: str = "1",
    match: str = "",
    other: Sequence[tuple[str, str]] = (),
    comment: str = "",
) -> Link:
    """Make an accepted link between two (IRI, label) ends; its date is set when the set is written."""
    return Link(
        subject=subject[0],
        subject_label=subject[1],
        predicate=predicate,
        object=target[0],
        object_label=target[1],
        justification=justification,
        confidence=Decimal(confidence),
        match=match,
        other=tuple((key, value) for key, value in other if value),
        comment=comment,
    )


def genitives(name: str) -> frozenset[str]:
    """List the forms a Finnish place name may have in the genitive: ``Seinäjoki`` → ``seinäjoen`` among them."""
    low = name.casefold()
    if low.startswith("uusi"):
        # An adjective inflects with its noun: Uusimaa, Uudenmaan; Uusikaupunki, Uudenkaupungin.
        return frozenset("uuden" + form for form in genitives(low.removeprefix("uusi")))
    if low.endswith("nen"):
        return frozenset({low[:-3] + "sen", low[:-3] + "sten"})
    if low.endswith("s"):
        forms = {low[:-1] + "ksen"}
        if low.endswith(("us", "ys")):
            forms.add(low[:-1] + "den")
        return frozenset(forms | {word + word[-1] + "n" for word in (low[:-1], *_strengthened(low[:-1]))})
    if low.endswith("e"):
        return frozenset({low + "n", low + "en"} | {word + "en" for word in _strengthened(low)})
    if _LAST.match(low) is None:
        return frozenset({low + "in", low + "en"})
    forms = {low, *_graded(low)}
    forms |= {form[:-1] + "e" for form in forms if form.endswith("i")}
    if low.endswith("si"):
        forms.add(low[:-2] + "de")
    return frozenset(form + "n" for form in forms)


def _graded(low: str) -> set[str]:
    """Weaken the last consonants: ``joki`` → ``joi``, ``ranta`` → ``ranna``."""
    return _changed(low, _GRADES)


def _strengthened(low: str) -> set[str]:
    """Strengthen the last consonants, as words on -e and -s do: ``pudas`` → ``puta-``."""
    return _changed(low, [(weak, strong) for strong, weak in _GRADES if weak])


def _changed(low: str, pairs: Sequence[tuple[str, str]]) -> set[str]:
    match = _LAST.match(low)
    if match is None:
        return set()
    return {
        match["start"] + match["consonants"].removesuffix(old) + new + match["vowels"]
        for old, new in pairs
        if match["consonants"].endswith(old)
    }


def register(
    name: str,
    title: str,
    source: tuple[str, str, str],
    ours: Sequence[Subject],
    targets: Sequence[Target],
    wanted: str,
    comment: str = "",
) -> tuple[Proposal, Verdicts]:
    """Propose the links of our organisations to one register by the decision rule."""
    verdicts = decide(name, SAME_ORGANISATION, ours, targets)
    links = tuple(
        link(
            (agreed.subject.iri, agreed.subject.label),
            SAME_ORGANISATION,
            (agreed.target.iri, agreed.target.label),
            LEXICAL,
            confidence="0.95",
            match=agreed.name,
            comment=comment,
        )
        for agreed in verdicts.agreed
    )
    unlinked = tuple(Unlinked(name, subject.iri, subject.label, wanted) for subject in verdicts.without)
    return Proposal(name, title, *source, links, verdicts.candidates, unlinked), verdicts
