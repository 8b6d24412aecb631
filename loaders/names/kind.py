"""What kind of organisation a name is of, told by its own words."""

from __future__ import annotations

import re
from collections.abc import Collection

from loaders.names import keys as name_key
from loaders.names.text import repair
from loaders.names.words import ENGLISH_HEADS, FORM_KINDS, Head

_ELY = re.compile(r"\bely-?\s?(?:keskus|centre)$|^ntm-centralen")
_ENGLISH = tuple((re.compile(rf"\b{phrase}\b"), kind) for phrase, kind in ENGLISH_HEADS if kind)


def kind_by_form(name: str, areas: Collection[str] = ()) -> str | None:
    """Tell the organisation type (notation of ``code/organisation-type/``) from the name's own words, or None.

    ``areas`` are the folded genitives of regions: ``Pohjois-Savon liitto`` is a regional council, ``Nuorten liitto`` is not.
    """
    base, form = name_key.parse(name_key.nominative(name_key.ely_centre(repair(name))))
    if not base:
        return None
    if _ELY.search(base.casefold()):
        return "ely-centre"
    if head := name_key.head_of(base):
        return _kind_of_head(head, base, form, areas)
    leading = name_key.leading_head(base)
    english = next((kind for phrase, kind in _ENGLISH if phrase.search(base.casefold())), None)
    return (leading.kind if leading else None) or english or FORM_KINDS.get(form or "")


def _kind_of_head(head: Head, base: str, form: str | None, areas: Collection[str]) -> str | None:
    if head.word == "liitto" and form is None and name_key.fold(base.rpartition(" ")[0]) in areas:
        return "regional-council"
    if head.kind in ("state-agency", None):
        # A legal form outweighs a vague noun: "… laitos Oy" is a company, not an agency.
        return FORM_KINDS.get(form or "", head.kind)
    return head.kind
