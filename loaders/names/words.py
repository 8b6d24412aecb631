"""The words organisation names are made of: legal forms, head-words with their stems, conjunctions, abbreviations.

These are words of the language, never names: nothing here knows a particular organisation.
"""

from __future__ import annotations

from typing import NamedTuple


class Head(NamedTuple):
    """A noun that says what kind of organisation a name is of.

    ``stems`` are what its case forms begin with (``keskus`` inflects on ``keskukse-``); ``kind`` is a notation of
    ``code/organisation-type/`` where the noun alone decides it; ``implies`` are the legal forms it already says, so that
    a name with and without one of them is the same name (``säätiö`` and ``säätiö sr``). One that stands ``alone`` is no
    part of a compound: ``Simon kunta`` is a municipality, ``Satakunta`` is not.
    """

    word: str
    stems: tuple[str, ...]
    kind: str | None
    implies: frozenset[str] = frozenset()
    alone: bool = False


LEGAL_FORMS = {
    "oy": "oy", "ab": "oy", "ltd": "oy", "oyj": "oyj", "abp": "oyj", "ry": "ry", "rf": "ry", "sr": "sr", "rs": "sr",
    "osk": "osk", "anl": "osk", "ky": "ky", "kb": "ky", "tmi": "tmi", "fma": "tmi", "ay": "ay",
}  # fmt: skip
"""Legal form as written (lower case, dots and blanks gone) → the one notation used here. ``ab`` is Swedish for ``oy``."""

COMPANY, ASSOCIATION, FOUNDATION = frozenset({"oy", "oyj"}), frozenset({"ry"}), frozenset({"sr"})

FORM_KINDS = {
    "oy": "company", "oyj": "company", "ky": "company", "ay": "company", "tmi": "company",
    "ry": "association", "sr": "foundation", "osk": "cooperative",
}  # fmt: skip
"""Legal form → notation of ``code/organisation-type/``."""

DOUBLE_FORMS = frozenset({("ry", "rf"), ("ry", "ry"), ("oy", "ab"), ("oyj", "abp")})
"""Legal forms a Finnish and a Swedish name of one body end with."""

HEADS: tuple[Head, ...] = (
    Head("ministeriö", ("ministeriö",), "ministry"),
    Head("ammattikorkeakoulu", ("ammattikorkeakoulu",), "university-of-applied-sciences", COMPANY),
    Head("yliopistosäätiö", ("yliopistosäätiö",), "foundation", FOUNDATION),
    Head("korkeakoulu", ("korkeakoulu",), "educational-institution", COMPANY),
    Head("yliopisto", ("yliopisto",), "university", COMPANY),
    Head("osuuskunta", ("osuuskunna", "osuuskunta", "osuuskunti"), "cooperative", frozenset({"osk"})),
    Head("seurakuntayhtymä", ("seurakuntayhtymä",), "church"),
    Head("seurakunta", ("seurakunna", "seurakunta"), "church"),
    Head("ylioppilaskunta", ("ylioppilaskunna", "ylioppilaskunta"), "association"),
    Head("opiskelijakunta", ("opiskelijakunna", "opiskelijakunta"), "association"),
    Head("tiedekunta", ("tiedekunna", "tiedekunta"), None),
    Head("kuntayhtymä", ("kuntayhtymä",), "joint-authority"),
    Head("hyvinvointiyhtymä", ("hyvinvointiyhtymä",), "wellbeing-county"),
    Head("hyvinvointikuntayhtymä", ("hyvinvointikuntayhtymä",), "joint-authority"),
    Head("hyvinvointialue", ("hyvinvointialuee", "hyvinvointialue"), "wellbeing-county"),
    Head("kaupunki", ("kaupungi", "kaupunki"), "municipality"),
    Head("maakunta", ("maakunna", "maakunta"), None),
    Head("kunta", ("kunna", "kunta"), "municipality", alone=True),
    Head("säätiö", ("säätiö",), "foundation", FOUNDATION),
    Head("keskusliitto", ("keskusliito", "keskusliitto"), "association", ASSOCIATION),
    Head("liitto", ("liito", "liitto"), "association", ASSOCIATION),
    Head("yhdistys", ("yhdistykse", "yhdistys", "yhdistyst"), "association", ASSOCIATION),
    Head("seura", ("seura",), "association", ASSOCIATION),
    Head("järjestö", ("järjestö",), "association", ASSOCIATION),
    Head("ammattiopisto", ("ammattiopisto",), "educational-institution", COMPANY),
    Head("opisto", ("opisto",), "educational-institution", COMPANY),
    Head("oppilaitos", ("oppilaitokse", "oppilaitos", "oppilaitost"), "educational-institution", COMPANY),
    Head("lukio", ("lukio",), "educational-institution"),
    Head("tutkimuslaitos", ("tutkimuslaitokse", "tutkimuslaitos", "tutkimuslaitost"), "research-institute"),
    Head("tutkimuskeskus", ("tutkimuskeskukse", "tutkimuskeskus", "tutkimuskeskust"), "research-institute"),
    Head("liikelaitos", ("liikelaitokse", "liikelaitos", "liikelaitost"), None),
    Head("laitos", ("laitokse", "laitos", "laitost"), "state-agency"),
    Head("virasto", ("virasto",), "state-agency"),
    Head("hallitus", ("hallitukse", "hallitus", "hallitust"), "state-agency"),
    Head("elinvoimakeskus", ("elinvoimakeskukse", "elinvoimakeskus", "elinvoimakeskust"), "state-agency"),
    Head("keskus", ("keskukse", "keskus", "keskust"), None),
    Head("instituutti", ("instituuti", "instituutti"), None),
    Head("akatemia", ("akatemia",), None),
    Head("kamari", ("kamari",), None),
    Head("yhtiö", ("yhtiö",), "company", COMPANY),
    Head("yhtymä", ("yhtymä",), None),
    Head("konserni", ("konserni",), None),
    Head("museo", ("museo",), None),
    Head("teatteri", ("teatteri",), None),
    Head("sairaala", ("sairaala",), None),
    Head("kirjasto", ("kirjasto",), None),
    Head("kanslia", ("kanslia",), None),
    Head("komitea", ("komitea",), "association", ASSOCIATION),
    Head("toimisto", ("toimisto",), None),
    Head("koulu", ("koulu",), "educational-institution"),
    Head("ministeriet", ("ministeriet",), "ministry"),
    Head("yrkeshögskolan", ("yrkeshögskola", "yrkeshögskolan"), "university-of-applied-sciences", COMPANY),
    Head("universitetet", ("universitet", "universitetet"), "university"),
    Head("stiftelsen", ("stiftelse", "stiftelsen"), "foundation", FOUNDATION),
    Head("föreningen", ("förening", "föreningen"), "association", ASSOCIATION),
    Head("förbundet", ("förbund", "förbundet"), None),
    Head("sällskapet", ("sällskap", "sällskapet"), "association", ASSOCIATION),
    Head("samkommunen", ("samkommun", "samkommunen"), "joint-authority"),
    Head("välfärdsområdet", ("välfärdsområde", "välfärdsområdet"), "wellbeing-county"),
    Head("andelslaget", ("andelslag", "andelslaget"), "cooperative"),
    Head("församlingen", ("församling", "församlingen"), "church"),
    Head("kommun", ("kommun",), "municipality"),
    Head("stad", ("stad",), "municipality"),
    Head("folkhögskolan", ("folkhögskola", "folkhögskolan"), "educational-institution"),
    Head("högskolan", ("högskola", "högskolan"), "university"),
    Head("centralen", ("central", "centralen"), None),
    Head("skolan", ("skola", "skolan"), "educational-institution"),
    Head("institutet", ("institut", "institutet"), None),
    Head("akademin", ("akademi", "akademin"), None),
    Head("gymnasiet", ("gymnasium", "gymnasiet"), "educational-institution"),
    Head("landskapsregeringen", ("landskapsregering", "landskapsregeringen"), None),
)
"""Longest match decides: a name on ``…osuuskunta`` is a cooperative, not a municipality."""

ENGLISH_HEADS: tuple[tuple[str, str | None], ...] = (
    ("university of applied sciences", "university-of-applied-sciences"),
    ("wellbeing services county", "wellbeing-county"),
    ("joint authority", "joint-authority"),
    ("joint municipal authority", "joint-authority"),
    ("city of", "municipality"),
    ("municipality of", "municipality"),
    ("ministry of", "ministry"),
    ("regional council of", "regional-council"),
    ("education and training consortium", "joint-authority"),
    ("foundation", "foundation"),
    ("association", "association"),
    ("federation", "association"),
    ("society", "association"),
    ("university", "university"),
    ("cooperative", "cooperative"),
    ("parish", "church"),
    ("ely centre", "ely-centre"),
    ("agency", "state-agency"),
    ("institute", None),
    ("centre", None),
    ("college", "educational-institution"),
    ("academy", None),
    ("council", None),
    ("city", "municipality"),
)
"""English phrases that make a name an organisation's, the telling ones first."""

LEADING = frozenset({"region", "svenska", "yrkesakademin", "yrkesinstitutet"})
"""Words that begin the names of bodies and stand before no head-word of their own: ``Region Dalarna``."""

CONJUNCTIONS = ("ja", "sekä", "tai", "och", "samt", "eller", "and", "or")
"""Words before which a suspended hyphen stays (``Ensi- ja turvakotien liitto``)."""

JOINERS = ("ja", "sekä", "och", "samt", "and", "as well as")
"""Words that may end a list of names."""

SHORT_PARTS = frozenset(
    (
        "ely",
        "te",
        "esr",
        "eakr",
        "eu",
        "jtf",
        "tki",
        "tk",
        "pk",
        "it",
        "ict",
        "av",
        "kv",
        "amk",
        "yo",
        "tv",
        "e",
        "sote",
    )
)
"""Short first parts of compounds that are written with a hyphen; a line break after one keeps it."""

MODIFIERS = frozenset(
    ("kuntoutus", "koulutus", "opetus", "kehitys", "kehittämis", "tutkimus", "kulttuuri", "liikunta", "nuoriso", "työ",
     "terveys", "korkeakoulu", "aikuiskoulutus", "yliopisto", "kansan", "urheilu", "ammatti", "lastensuojelu", "vammais",
     "ympäristö", "sosiaali", "kirkko", "kaupunki", "kunta", "maakunta", "talous", "media", "tiede", "taide", "tieto",
     "palvelu", "vanhus", "perhe", "vesistö")
)  # fmt: skip
"""Common nouns that begin a closed compound: ``Kuntoutus-`` + ``säätiö`` at a line break is ``Kuntoutussäätiö``."""

ABBREVIATIONS: tuple[tuple[str, str], ...] = (
    (r"koulutusky\b\.?", "koulutuskuntayhtymä "),
    (r"kuntayht\b\.?", "kuntayhtymä "),
    (r"\bkoul\.", "koulutus"),
    (r"\bammattiop\b\.?", "ammattiopisto "),
    (r"(?<=[^\W\d_]{3})op\.", "opisto "),
    (r"\bammattikork(?:eak)?\b\.?", "ammattikorkeakoulu "),
    (r"\bamk\b", "ammattikorkeakoulu"),
    (r"säät\.", "säätiö "),
    (r"\byhd\.", "yhdistys "),
)
"""Abbreviated words of registers, as patterns over lower-case text, and what they stand for."""

TRANSLATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("liitto", ("förbund", "allians", "liga", "union")),
    ("yhdisty", ("förening",)),
    ("seura", ("sällskap", "samfund", "förening")),
    ("säätiö", ("stiftelse",)),
    ("järjestö", ("organisation", "förbund")),
    ("keskus", ("central", "center", "centrum")),
    ("laitos", ("institut", "anstalt")),
    ("opisto", ("institut", "folkhögskola", "skola")),
    ("yhtiö", ("bolag",)),
    ("osuuskunta", ("andelslag",)),
)
"""Head-words and their Swedish translations: what shows that two names of one text are one body's two names."""

UNITS = (
    "tiedekunta", "osasto", "yksikkö", "toimiala", "toimialue", "toimipiste", "toimipaikka", "toimisto", "vastuualue", "kampus",
    "laboratorio", "koulutusohjelma", "jaosto", " toimi", "ryhmä", "fakulteten", "avdelningen",
)  # fmt: skip
"""Words for a part of an organisation: after a comma they go on its name."""
