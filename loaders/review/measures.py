"""How a review words its counts: the patterns by which numbers of projects, applications, calls and people are known."""

from __future__ import annotations

import re

_WORD = r"(?:yks|yhd|yht|kaks|kahd|kaht|kolm|nelj|vii[sdt]|kuu[sdt]|seits|kymmen)[a-zäö]{1,14}"
_N = rf"(?P<n>\d{{1,3}}(?: \d{{3}})+|\d+|{_WORD})"
_APPROXIMATELY = r"(?:(?P<approximate>n\.|noin|lähes|liki|yli|reilu|vajaa)\s+)?"
_SO_FAR = r"(?:(?:yhteensä|toistaiseksi|jo|tähän\s+mennessä|tällä\s+hetkellä)\s+){0,2}"

NUMERAL = re.compile(rf"\d|\b{_WORD}", re.IGNORECASE)
"""A sentence without any holds no count."""
FUNDED = re.compile(
    r"(?:\brahoitettu|\brahoitettiin|rahoitettavaksi|\bkäynnissä|jotka\s+muodostavat|joihin\s+sisältyy)\s*"
    rf"{_SO_FAR}{_APPROXIMATELY}{_N}\s+(?:kpl\s+)?(?P<which>(?:[^\W\d_]+\s+){{0,3}}?)"
    r"(?P<what>(?:[a-zäö]*(?:hanketta|hankkeita|hankekokonaisuutta)))\b(?:\s*/\s*osahanketta)?",
    re.IGNORECASE,
)
"""``rahoitettu kahdeksan ryhmähanketta``, ``rahoitettiin13 aluehanketta``, ``käynnissä kaksi hanketta``."""
TOTAL = re.compile(
    rf"\bhankkeiden\s+(?:yhteis|luku)?määrä\s+on\s+(?:yhteensä\s+)?{_APPROXIMATELY}{_N}(?=[\s.,])", re.IGNORECASE
)
"""``rahoitettujen hankkeiden yhteismäärä on neljä``."""
THERE_ARE = re.compile(
    r"(?P<which>\balueellisia\s+)?\b(?:rahoite\w+\s+)?hankkeita\s+on\s+"
    r"(?:(?:tällä\s+hetkellä|yhteensä|käynnissä|\w+kuussa\s+\d{4})\s+){0,3}"
    rf"{_APPROXIMATELY}{_N}(?=[\s.,])",
    re.IGNORECASE,
)
"""``rahoitettuja hankkeita on marraskuussa 2024 kymmenen``."""
ENTITIES = re.compile(
    rf"\s*\({_N}\s+hankekokonaisuutta\)|\s+{_N.replace('<n>', '<m>')}\s+eri\s+hankekokonaisuu\w+", re.IGNORECASE
)
"""Right after a number of projects: ``(11 hankekokonaisuutta)``, ``viidessä eri hankekokonaisuudessa``."""
LISTED = re.compile(r"hankkeet\s+\(N\s?=\s?(?P<n>\d+)\)")
APPLICATIONS = re.compile(rf"{_APPROXIMATELY}(?P<n>\d+)\s+hakemu(?:sta|ksen|ksesta)\b", re.IGNORECASE)
APPLICATION_ENTITIES = re.compile(
    rf"hakemusta\s+\((?P<bracketed>\d+)\s+hankekokonaisuutta\)|"
    r"hakukriteerit\s+täyttäviä\s+hankekokonaisuuksia\s+oli\s+(?:yhteensä\s+)?(?P<eligible>\d+)|"
    rf"saapui\b(?:(?!hakemu)[^.])*?{_APPROXIMATELY}(?P<n>\d+)\s+hankekokonaisuutta",
    re.IGNORECASE,
)
CALLS = re.compile(
    rf"(?:\bjärjestetty|\bjärjestettiin|\btoteutettu|\btoteuttaa|\bollut|\bTeemassa)\s+(?:yhteensä\s+)?{_N}(?:\s+erillistä)?"
    r"(?:\s+\w*haku(?:a|kierrosta|kierros|)\b|(?=\s+ja\s+yksi\s+on\s+parhaillaan\s+avoinna))",
    re.IGNORECASE,
)
CHOSEN = re.compile(
    rf"(?P<call>\b\w+stä\s+(?:[^\W\d_]+\s+){{0,2}}?\w*hausta)\s+valitut\s+{_N}\s+\w*hanketta\b", re.IGNORECASE
)
"""``ensimmäisestä hankehausta valitut viisi hanketta``."""
REGIONS = re.compile(rf"\b{_N}\s+(?:eri\s+)?maakunnan\s+alueella", re.IGNORECASE)
IMPLEMENTERS = re.compile(rf"\b(?:yhteensä\s+)?{_N}\s+toteuttaja(?:organisaatio)?(?:ta|a)\b", re.IGNORECASE)
PEOPLE = re.compile(
    rf"{_APPROXIMATELY}(?P<n>\d[\d ]*)\s+(?P<what>(?:eri\s+|osallistuvaa?\s+)?"
    r"(?:osallistujaa|kuulijaa|ihmistä|henkilöä|yritystä))\b",
    re.IGNORECASE,
)
EVENTS = re.compile(
    rf"(?:järjestänyt|järjesti|järjestetty|osallistui)\b[^.;]{{0,70}}?\b{_N}\s+(?P<what>(?:[^\W\d_]+\s+){{0,2}}?"
    r"\w*(?:tilaisuutta|tilaisuuteen|tapahtumaa|tapaamista|webinaaria|seminaaria|kappaletta))\b",
    re.IGNORECASE,
)
EVENT = re.compile(r"tilaisu|tapahtum|webinaar|seminaar|tapaami", re.IGNORECASE)
PLANNED = re.compile(r"\btarkoitus\b|tavoitellaan|suunnitel", re.IGNORECASE)
WITHOUT = re.compile(
    r"koordinaatiohank\w+\s+lisäksi|pl\.\s+koordinaatio|lisäksi\s+[^.]*koordinoiva\s+hanke", re.IGNORECASE
)
WITH = re.compile(r"koordinoi(?:van|va)\s+hankkeen\s+haku|koordinaatiohank\w+\s+mukaan\s+lukien", re.IGNORECASE)
BOTH = re.compile(r"\b(?:kumpaankin|molempiin)\b", re.IGNORECASE)
ROUNDS = re.compile(r"\bhakukierro", re.IGNORECASE)
SEASON = re.compile(
    r"\b(?:[Kk]esällä|[Tt]alvella|[Kk]eväällä|[Ss]yksyllä|[Vv]uonna)\s+\d{4}|\b[Vv]uoden\s+\d{4}\s+\w*hakuun"
)
AS_OF = re.compile(r"^\w+kuun\s+\d{4}\s+tilante")
IN_MONTH = re.compile(r"\bon\s+\w+kuussa\s+\d{4}\b")
