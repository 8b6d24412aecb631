"""Organisations of a field, a cell or a sentence: names cut apart, roles and business ids read."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from loaders import mentions, phrases
from loaders.names import Registry, nominative, repair
from loaders.names.keys import english_head, head_of, leading_head
from loaders.names.parts import is_complete, is_unit, several, split, whole
from loaders.names.text import WORDS
from loaders.names.tongues import guess
from loaders.reading import persons
from loaders.records import Stated
from loaders.values.marks import business_ids

Role = Literal["lead", "partner"]


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation as printed, with what stands beside it."""

    name: str
    start: int
    end: int
    role: Role | None = None
    business_id: str | None = None
    id_span: tuple[int, int] | None = None
    role_span: tuple[int, int] | None = None
    """The words that state the role together with the name, where they stand beside it."""
    code: Stated[str] | None = None
    """The code of its own part of a group project."""


_AND_THE = re.compile(r"(?<!\s)\s+and\s+the\s+(?=[A-Z])|(?<=[A-Za-z)]),\s+the\s+(?=[A-Z])")
_ARTICLE = re.compile(r"(?:^|(?<=  ))the(?=\s[A-Z])|(?:^|(?<=  )|(?<=, ))The(?=\s[A-Z])")
"""The article of an English name, at the start or behind words that were blanked out; elsewhere it goes on a name."""
_TYPE = re.compile(r"(?:,\s+|^\s*)(?P<noun>[A-ZÅÄÖ][a-zåäö]+)(?=\s*(?:,|$))")
"""A lone word of a list: behind a name it may be its sort (``LAB Oy, Ammattikorkeakoulu``)."""
_REMARK = re.compile(r"(?:(?<!\s)\s+)?(?:\((?P<words>[^()]*)\)|(?<=\s)[/–—-]\s*(?P<role>[^/()–—]{4,40}))\s*$")
"""What stands in brackets, or behind a slash or dash, at the end of a name."""
_TWO = re.compile(r"(?P<first>[^/]{4,}?)(?P<mark>/|\s[–-]\s)(?=\S)(?P<other>[^/]+)")
"""A body and its unit, or its name in two languages: ``Oulun kaupunki/nuorisopalvelut``."""
_TAIL = re.compile(r"(?<!\s)\s*[,/]\s+")
_NOBODY = re.compile(rf"\d|EUR\s|n\.|–|-|http|www|{phrases.whole_words('cues', 'body.nobody')}", re.IGNORECASE)
_NO_OWNER = re.compile(rf"€|\d{{4}}|{phrases.whole_words('cues', 'body.not_owner')}", re.IGNORECASE)


def organisations(
    text: str, start: int, end: int, *, role: Role | None = None, refused: Callable[[int, int], None] | None = None
) -> Iterator[Body]:
    """Cut the organisations of a span apart; a bracket behind a name may tell its role.

    A piece with a capital that cannot be a name (``Sei``, cut off) is given to ``refused``.

    >>> [(b.name, b.role) for b in organisations("LAB Oy (päätoteuttaja), Kouvolan kaupunki", 0, 41)]
    [('LAB Oy', 'lead'), ('Kouvolan kaupunki', None)]
    """
    ids = business_ids(text[start:end])
    blank = list(text[start:end])
    for found in ids:
        blank[found.start : found.end] = " " * (found.end - found.start)
    for cue in phrases.find("name.joint", text, start, end):
        blank[cue.start - start : cue.end - start] = ",".ljust(cue.end - cue.start)
    words = _without_article("".join(blank).replace(";", ",").replace("•", ","))
    words = _TYPE.sub(lambda m: " " * len(m.group()) if is_sort(m["noun"]) else m.group(), _ARTICLE.sub("   ", words))
    words, together = _without_lists(words, start, role)
    yield from together
    alone = len(ids) == 1 and "," in words and not re.search(r"[\n•;]|\w", text[start + ids[0].end : end])
    for piece in [whole(words)] if alone and "\n" not in text[start:end] else split(words):
        low, high = start + piece.start, start + piece.end
        if any(cue.start == low for cue in phrases.find("role.beside", text, low, high)):
            return  # those who only cooperate stand last
        name, own = piece.name.strip(" ,–"), role
        if led := _led_by_role(text, low, high):
            low, own = led
            name, role = repair(text[low:high]).strip(" ,–"), own
        if ends := _before_person(text, low, high):
            high = ends
            name = repair(text[low:high]).strip(" ,–")
        spelt = high
        name, high, said = _without_remark(text, name, low, high)
        own = said or own
        name, high = _without_part(text, name, low, high)
        if not (
            2 < len(name) < 160
            and (len(name) > 3 or name.isupper())
            and not _NOBODY.match(name)
            and any(c.isupper() for c in name)
            and not re.search(r"^[A-Z]\d{5}$|\(cid:|[.!?]\s+[A-ZÅÄÖ]\w+\s\w+\s|\s[a-z]$|€", name)
        ):
            if refused and name[:1].isupper():
                refused(low, high)
            continue
        number = next(
            (i for i in ids if start + i.start >= high and not words[high - start : i.start].strip(" ,()")), None
        )
        span = (start + number.start, start + number.end) if number else None
        stated = (low, spelt) if said else None
        yield Body(nominative(name), low, high, own, number.value if number else None, span, stated)


def _without_lists(words: str, start: int, role: Role | None) -> tuple[str, list[Body]]:
    """Words without the lists of bodies that share their noun (``Auran ja Liedon kunnat``), and these bodies."""
    found: list[Body] = []
    for one in list(several(words)):
        said = role_of(re.split(r"[,;]", words[: one.start])[-1])
        found += [Body(name, start + low, start + high, said or role) for name, low, high in one.members]
        words = f"{words[: one.start]}{','.ljust(one.end - one.start)}{words[one.end :]}"
    return words, found


def _without_part(text: str, name: str, low: int, high: int) -> tuple[str, int]:
    """A name without the seat or the unit behind it, and where it then ends: ``Oulun yliopisto, Teknologia-yksikkö``."""
    whole_name, comma, unit = name.rpartition(", ")
    if comma and is_unit(unit):
        name, high = whole_name, low + len(text[low:high].rpartition(",")[0].rstrip())
    return name, high


def first_of_two(body: Body) -> Body:
    """A body without the unit behind its slash or its name in the other language behind a dash."""
    two = _TWO.fullmatch(body.name)
    if two is None or not is_organisation(two["first"]) or not (two["mark"] == "/" or is_organisation(body.name)):
        return body
    return replace(body, name=two["first"], end=body.end - len(two["mark"] + two["other"]))


def _without_article(words: str) -> str:
    """A list in English whose members are parted by commas alone; ``Omnia, the Joint Authority …`` is one body."""
    for the in reversed(list(_AND_THE.finditer(words))):
        before = re.sub(r"\s*\([^()]*\)$", "", words[: the.start()]).rpartition(",")[2].strip()
        if the.group()[0] != "," or (" " in before and is_organisation(before)):
            words = f"{words[: the.start()]},{' ' * (len(the.group()) - 1)}{words[the.end() :]}"
    return words


def _without_remark(text: str, name: str, low: int, high: int) -> tuple[str, int, Role | None]:
    """A name without the remark at its end, where it then ends, and the role that the remark tells; an associate has no name."""
    remark = _REMARK.search(name)
    if remark is None:
        return name, high, None
    words = remark["words"] or remark["role"] or ""
    said = role_of(words)
    if phrases.label(words) == "body.other":
        return "", high, None
    short_name = bool(re.fullmatch(r"[A-ZÅÄÖ][\wåäöÅÄÖ-]{1,11}", words.strip())) and not mentions.places(words)
    if not said and (remark["words"] is None or short_name):
        return name, high, None
    mark = "(" if remark["role"] is None else remark.group().strip()[0]
    return name[: remark.start()].rstrip(), low + len(text[low : low + text[low:high].rfind(mark)].rstrip()), said


def _before_person(text: str, low: int, high: int) -> int | None:
    """Where a name ends that a person with a job stands behind: ``Turun yliopisto / johtaja Aino Malli``."""
    for tail in _TAIL.finditer(text, low, high):
        said = persons.understand(" ".join(text[tail.end() : high].split()))
        if said.job and not said.body:
            return tail.start()
    return None


def role_of(words: str) -> Role | None:
    """Tell which role some words say."""
    if phrases.says("role.lead", words) or phrases.label(words) == "body.lead":
        return "lead"
    return "partner" if phrases.says("role.partner", words) else None


def _led_by_role(text: str, low: int, high: int) -> tuple[int, Role | None] | None:
    """Where a name begins behind the words for its role, and the role: ``osatoteuttajana on Kuusamon kaupunki``."""
    label = phrases.label_at_start(text[low:high])
    name = _BEHIND_ROLE.match(text, low + label[1], high) if label and label[0] in ROLE_LABELS else None
    if label and name:
        return name.end(), ROLE_LABELS[label[0]]
    for concept, role in _ROLE_WORDS:
        for cue in phrases.find(concept, text, low, min(high, low + 30))[:1]:
            name = _BEHIND_ROLE.match(text, cue.end, high)
            if cue.start == low and name:
                return name.end(), role
    return None


ROLE_LABELS: dict[str, Role | None] = {
    "body.lead": "lead",
    "body.partner": "partner",
    "body.applicant": None,
    "body.implementers": None,
}
"""The labels of those who carry out a project, and the role that each gives."""
_ROLE_WORDS: tuple[tuple[str, Role | None], ...] = (
    ("role.lead", "lead"),
    ("role.partner", "partner"),
    ("role.member", None),
    ("role.along", "partner"),
)
_BEHIND_ROLE = re.compile(r"(?:\s+[a-zåäö]{2,5})?\s*:?\s+(?=[A-ZÅÄÖ])")
_FORM = re.compile(r"(?<!\w)(?:Oyj?|Ab|ry|rf|r\.y\.|sr|osk|Ltd|AB|OÜ|MTÜ|SA)(?!\w)\.?$")


def is_organisation(name: str) -> bool:
    """Tell whether words name an organisation: the registry knows it, or it has a legal form or a noun only bodies have."""
    words = name.strip()
    if not words or _NO_OWNER.search(words) or len(words) > 140:
        return False
    if _FORM.search(words) or Registry.load().organisation(words) is not None:
        return True
    two = re.split(r"\s[–—|/-]\s", words)
    if len(two) > 1:  # ``Suomen metsäkeskus - Finlands skogscentral``
        return is_organisation(two[0]) and ({"fi", "sv"} == set(map(guess, two)) or all(map(is_organisation, two[1:])))
    bare = nominative(words)
    short = _SHORT.search(bare)
    bare = bare[: short.start()] if short and not mentions.funds(short.group()) else bare
    return Registry.load().type_of(words) is not None or bool(head_of(bare) or leading_head(bare) or english_head(bare))


_SHORT = re.compile(r"(?<=[a-zåäö])\s[A-ZÅÄÖ]{3,6}$")
"""The short name behind a name: ``Lapin koulutuskeskus REDU``."""


def is_sort(word: str) -> bool:
    """Tell whether a word says only what sort an organisation is of (``Ammattikorkeakoulu``)."""
    head = head_of(word)
    plain = head is not None and head.kind is not None and head.word == word.casefold()
    return plain or word.casefold() in _SORTS


_SORTS = frozenset(singular for _, singular in WORDS.plurals)


def is_owner(words: str) -> bool:
    """Tell whether words are an organisation's name in the genitive (``Oulun kaupungin``)."""
    name = nominative(words)
    return name != words and is_organisation(name)


def is_certain(name: str) -> bool:
    """Tell whether a name is an organisation's beyond doubt: the registry knows it, or it has a legal form."""
    return Registry.load().organisation(name) is not None or _FORM.search(name) is not None


WHERE = re.compile(r"(?:ss[aä]|[sl]t[aä]|ll[aä]|lle|ksi)$")
"""How a word ends that says where, whence or whither: it begins no name."""
_ILLATIVE = re.compile(r"(?:aa|ee|ii|oo|uu|yy|ää|öö)n$(?<!maan)")
_JOINED = re.compile(r"(?:^|\s)(?:ja|och|&|svenska|finska)\s+$")


def begins_at(words: str) -> int | None:
    """Find where the organisation begins that ends some words: one the registry knows, else a capital behind a low word.

    >>> begins_at("Kotoa kohti työelämää Espoon seudun koulutuskuntayhtymä Omnia")
    22
    """
    cuts = [m.end() for m in re.finditer(r"(?<!\s)\s+(?=[A-ZÅÄÖ])", words) if words[: m.end()].strip()]
    known = [cut for cut in cuts if Registry.load().organisation(repair(words[cut:].strip()))]
    if known:
        return known[0]
    likely = [cut for cut in cuts if is_organisation(words[cut:].strip()) or is_complete(repair(words[cut:].strip()))]
    likely = [cut for cut in likely if not _wants_place(words, cut)]
    likely = [cut for cut in likely if not _of_project(words[cut:].split()[0].rstrip(","))] or likely
    low = [cut for cut in likely if not words[:cut].split()[-1][0].isupper() and not _JOINED.search(words[:cut])]
    return low[-1] if low else (likely[0] if likely else None)


def _wants_place(words: str, cut: int) -> bool:
    """``Haaveen Koulutuskuntayhtymä``: a noun that only bodies have, alone, wants the genitive before it."""
    before, own = words[:cut].split()[-1], words[cut:].split()
    noun = len(own) == 1 and "-" not in own[0] and head_of(own[0]) is not None
    return noun and before[0].isupper() and before.endswith("n")


def _of_project(word: str) -> bool:
    """``Työelämään``, ``Satamassa``, ``AAA``: a word that says where, or an acronym, begins no organisation's name."""
    if not word[-1].isalpha() or WHERE.search(word):
        return True
    return bool(_ILLATIVE.search(word)) and not Registry.load().organisation(f"{word} kaupunki")
