"""When two spellings are one name: legal forms, case forms, abbreviations, and the key they are compared by."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from loaders.name_text import repair, slug
from loaders.name_words import ABBREVIATIONS, ENGLISH_HEADS, HEADS, LEGAL_FORMS, Head

_FORM = r"(?:oyj|oy|abp|ab|ltd|r\.?\s?y\.?|r\.?\s?f\.?|s\.?r\.?|r\.?s\.?|osk\.?|anl|ky|kb|tmi|fma)"
_FORM_END = re.compile(rf"(?P<rest>.*?)[\s,]+(?P<forms>{_FORM}(?:[\s,/]+{_FORM})*)\.?$", re.IGNORECASE | re.DOTALL)
_FORM_START = re.compile(r"^(?P<form>oy|ab|tmi)\s+(?P<rest>\S.*)$", re.IGNORECASE | re.DOTALL)
_CASES = "n|a|ä|ta|tä|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|ksi|na|nä|an|än|en|in|on|ön|un|seen|een"
_COLON = re.compile(r"^(?P<stem>.*[A-ZÅÄÖ]{2,})(?::[a-zåäö]{1,5}|(?<=ELY)(?:n|ä|tä))$")
_INFLECTED = tuple(
    (head, re.compile(rf"(?P<first>.*?)(?:{'|'.join(sorted(head.stems, key=len, reverse=True))})(?:{_CASES})$"))
    for head in HEADS
    if any(ending in head.word for ending in "ouyaäöi")
)
_FORM_CASE = re.compile(r"(?<=\s)(?P<form>oyj?|abp?|r\.?y|rf|sr|osk):\w{1,4}$", re.IGNORECASE)
_REMARK = re.compile(r"\s*\((?=[a-zåäö])[^()]*\)$")
_ELY_LONG = re.compile(r"elinkeino-?\s?,?\s+liikenne-\s+ja\s+ympäristökesk(?P<rest>us|ukse\w*|usta)", re.IGNORECASE)
_ELY_SHORT = re.compile(r"(?P<area>.+\S)\s+ELY(?:-?\s?centre)?$", re.IGNORECASE)
_LONG_ENGLISH = re.compile(r"centre for economic development, transport and the environment", re.IGNORECASE)
_CENTRE_FOR = re.compile(r"^(?:the )?ELY Centre (?:for|of) (?P<area>.+)$", re.IGNORECASE)
_LONG_SWEDISH = re.compile(r"närings-, trafik- och miljöcentralen", re.IGNORECASE)
_ABBREVIATIONS = tuple((re.compile(pattern), words) for pattern, words in ABBREVIATIONS)


class Name(NamedTuple):
    """A name taken apart: what remains without its legal form, and the form in one notation (``oy``, ``ry``, ``sr``…)."""

    base: str
    form: str | None


@lru_cache(maxsize=65536)
def parse(name: str) -> Name:
    """Take the legal form off a repaired name: ``Business Turku Oy Ab`` → ``Business Turku``, ``oy``."""
    name = _REMARK.sub("", name)
    text, forms = name.strip(" .,;"), []
    if match := _FORM_END.match(name.strip(" ,;")):
        text, forms = match["rest"].strip(" ,"), re.split(r"[\s,/]+(?=\w)", _dotless(match["forms"]))
    if match := _FORM_START.match(text):
        text, forms = match["rest"], [*forms, match["form"].casefold()]
    found = [LEGAL_FORMS[form] for form in forms if form in LEGAL_FORMS]
    return Name(text, found[-1] if found else None)


def _dotless(forms: str) -> str:
    return re.sub(r"(?<=\b[a-z])\s(?=[a-z]\b)", "", forms.casefold().replace(".", ""))


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Fold a base name to its matching key: case, dashes and blanks do not tell names apart, letters do."""
    text = re.sub("[\u2012-\u2015\u2212]", "-", text.casefold())
    for pattern, words in _ABBREVIATIONS:
        text = pattern.sub(words, text)
    return re.sub(r"[^\w&+/]+", "", text)


def head_of(base: str) -> Head | None:
    """Find the head-word a base name ends with (in the nominative), the longest that fits."""
    last = re.split(r"[\s-]", base.casefold())[-1]
    fitting = [h for h in HEADS if last.endswith(h.word) or last in h.stems]
    return max(fitting, key=lambda h: len(h.word)) if fitting else None


def _is_implied(base: str, form: str | None) -> bool:
    """Tell whether the name's own words already say the legal form, so that it may be dropped without loss."""
    if form is None:
        return False
    if (head := head_of(base)) and form in head.implies:
        return True
    first = base.casefold().split(maxsplit=1)[0]
    leading = next((h for h in HEADS if first == h.word and h.implies), None)
    return bool(leading and form in leading.implies)


@lru_cache(maxsize=65536)
def plain(name: str) -> str:
    """Name an organisation without what its own words imply: ``Lab-ammattikorkeakoulu Oy`` → ``Lab-ammattikorkeakoulu``.

    A legal form that tells two bodies apart stays, in one notation: ``Software Finland ry``.
    """
    base, form = parse(nominative(repair(name)))
    return base if form is None or _is_implied(base, form) else f"{base} {form}"


def key(name: str) -> str:
    """Give the normalised key by which two spellings of one name are equal.

    >>> key("Hämeen ammattikorkeakoulu oy") == key("HÄMEEN AMMATTIKORKEAKOULU")
    True
    >>> key("Vihreä Keidas ry") == key("Vihreä Keidas Oy")
    False
    """
    return fold(plain(name))


def identifier(name: str) -> str:
    """Make the key of an organisation that no registry knows: a slug that its spellings share."""
    return slug(plain(name)) or slug(name)


@lru_cache(maxsize=65536)
def nominative(name: str) -> str:
    """Bring a name's last word into the nominative by its head-word; a name without a known head-word stays as it is.

    >>> nominative("Keski-Suomen ELY-keskuksen"), nominative("TEM:n"), nominative("Opetushallituksesta")
    ('Keski-Suomen ELY-keskus', 'TEM', 'Opetushallitus')
    """
    if match := _COLON.match(name):
        return match["stem"]
    name = _FORM_CASE.sub(lambda m: m["form"], name)
    start, _, last = name.rpartition(" ")
    low = last.casefold()
    if any(low.endswith(h.word) for h in HEADS):
        return name
    fits = [(h, m["first"]) for h, pattern in _INFLECTED if (m := pattern.match(low))]
    if not fits:
        return name
    head, first = max(fits, key=lambda fit: len(fit[0].word))
    word = last[: len(first)] + (head.word.upper() if last.isupper() else _like(last[len(first) :], head.word))
    return f"{start} {word}" if start else word


def _like(original: str, word: str) -> str:
    return word.capitalize() if original[:1].isupper() else word


def ely_centre(name: str) -> str:
    """Give the short form of an ELY Centre's name in whatever language and length it stands; other names come back as they are.

    >>> ely_centre("Hämeen elinkeino-, liikenne- ja ympäristökeskus"), ely_centre("Hämeen ELY")
    ('Hämeen ELY-keskus', 'Hämeen ELY-keskus')
    """
    name = _ELY_LONG.sub(lambda m: "ELY-kesk" + m["rest"], name)
    name = _LONG_SWEDISH.sub("NTM-centralen", _LONG_ENGLISH.sub("ELY Centre", name))
    name = _CENTRE_FOR.sub(r"\g<area> ELY Centre", name)
    match = _ELY_SHORT.match(name)
    if match and "centre" not in name.casefold():
        return f"{match['area']} ELY-keskus"
    return name


def kind_by_form(name: str) -> str | None:
    """Tell the organisation type (notation of ``code/organisation-type/``) from the name's own words, or None."""
    base, form = parse(nominative(ely_centre(repair(name))))
    low = base.casefold()
    if re.search(r"\bely-?\s?(keskus|centre)$|^ntm-centralen", low):
        return "ely-centre"
    if head := head_of(base):
        return _kind_of_head(head, base, form)
    leading = next((h for h in HEADS if h.kind and low.split()[0] in (h.word, *h.stems)), None)
    english = next((kind for phrase, kind in ENGLISH_HEADS if kind and re.search(rf"\b{phrase}\b", low)), None)
    by_form = {"oy": "company", "oyj": "company", "ky": "company", "tmi": "company", "ry": "association", "sr": "foundation", "osk": "cooperative"}
    return (leading.kind if leading else None) or english or by_form.get(form or "")


def _kind_of_head(head: Head, base: str, form: str | None) -> str | None:
    if head.word == "liitto" and form is None and re.fullmatch(r"[A-ZÅÄÖ][\w-]*n(?: [A-ZÅÄÖ]\w*n)? liitto", base):
        return "regional-council" if _is_area(base) else head.kind
    if head.kind in ("state-agency", None) or head.word in ("koulu", "opisto"):
        by_form = {"oy": "company", "oyj": "company", "ry": "association", "sr": "foundation", "osk": "cooperative"}
        return head.kind if head.kind == "educational-institution" else by_form.get(form or "", head.kind)
    return head.kind


def _is_area(base: str) -> bool:
    """A regional council is named by its area in the genitive and nothing else (``Pohjois-Savon liitto``)."""
    from loaders.registry import regions

    return fold(base.rpartition(" ")[0]) in regions()
