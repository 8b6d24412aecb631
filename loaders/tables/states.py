"""What differs from state to state: names of countries, currencies and months, languages, words for "nobody".

Names of countries, currencies and months are those of the Unicode CLDR, by Babel; what the lists say in their own words
(anonymous beneficiaries, totals, notes) stands in ``mappings/words.toml``.
"""

import pickle
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date as Date
from functools import lru_cache
from pathlib import Path

from babel import Locale, localedata
from babel.core import get_global
from rapidfuzz.distance import Prefix

from loaders.names.registry import Registry
from loaders.tables.funds import words
from loaders.tables.headings import fold

LANGUAGES = {
    "AT": "de", "BE": "fr nl de", "BG": "bg", "CY": "el", "CZ": "cs", "DE": "de", "DK": "da", "EE": "et", "ES": "es",
    "FI": "fi sv", "FR": "fr", "GB": "en cy", "GR": "el", "HR": "hr", "HU": "hu", "IE": "en ga", "IT": "it", "LT": "lt",
    "LU": "fr de", "LV": "lv", "MT": "mt en", "NL": "nl", "PL": "pl", "PT": "pt", "RO": "ro", "SE": "sv", "SI": "sl", "SK": "sk",
}  # fmt: skip
"""What the authorities of a member state (and of the United Kingdom, whose lists go to 2020) write in."""
_NEIGHBOURS = {
    "AL": "sq", "BA": "bs", "CH": "de", "IS": "is", "LI": "de", "MD": "ro", "ME": "sr_Latn", "MK": "mk", "NO": "no",
    "RS": "sr_Latn", "TR": "tr", "UA": "uk",
}  # fmt: skip
"""States whose bodies take part in programmes of cooperation."""
_ALSO = {"el": "GR", "czechrepublic": "CZ", "ceskarepublika": "CZ", "thenetherlands": "NL", "uk": "GB", "holland": "NL"}
_SIGNS = {"£": "GBP", "€": "EUR"}


# countries


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    codes = [*LANGUAGES, *_NEIGHBOURS]
    languages = sorted({language for spoken in LANGUAGES.values() for language in spoken.split()})
    said = ((code, _said_in(language, "territories").get(code, code)) for language in languages for code in codes)
    return {fold(name).text: code for code, name in said} | {code.lower(): code for code in codes} | _ALSO


@lru_cache(maxsize=1024)
def country_of(name: str) -> str | None:
    """The ISO 3166 code of a state by its code or its name in any language of the Union; None for no state.

    >>> country_of("Österreich"), country_of("EL"), country_of("Atlantis")
    ('AT', 'GR', None)
    """
    plain = name.strip()
    if len(plain) == 2 and plain.isascii():
        code = _ALSO.get(plain.lower(), plain.upper())
        return code if code in LANGUAGES or code in _NEIGHBOURS else None
    return _country_names().get(fold(plain).text) if plain else None


@lru_cache(maxsize=1)
def _regions() -> dict[str, str]:
    return {fold(name).text: code for code, names in words()["regions"].items() for name in names}


def country_in(text: str) -> str | None:
    """The state that a title or a name of a file speaks of, by itself or by one of its parts; None for none or several."""
    parts = [part for part in re.split(r"[\W_]+", text) if part and not part.isdigit()]
    runs = {"".join(parts[i : i + n]) for n in (1, 2, 3, 4) for i in range(len(parts))}
    long = {run for run in runs if len(run) > 3}
    countries = {code for run in long if (code := _regions().get(fold(run).text) or country_of(run))}
    return countries.pop() if len(countries) == 1 else None


# currencies


@lru_cache(maxsize=64)
def _locale(language: str) -> dict[str, dict[str, str]]:
    """What the CLDR has of a language, without what all languages share: a third of the time of a Locale."""
    with Path(localedata.resolve_locale_filename(language)).open("rb") as file:
        data: dict[str, dict[str, str]] = pickle.load(file)
    return data


def _said_in(language: str, kind: str) -> dict[str, str]:
    """The names of one kind of thing in a language, by code."""
    return _locale(language).get(kind, {})


@lru_cache(maxsize=1)
def _signs() -> dict[str, frozenset[str]]:
    """Sign, name or code of a currency in lower case → the currencies it may mean (several for "kr")."""
    signs: dict[str, set[str]] = defaultdict(set)
    spoken = {**{code: languages.split()[0] for code, languages in LANGUAGES.items()}, **_NEIGHBOURS}
    for country, language in spoken.items():
        for code, begins, ends, tender in get_global("territory_currencies").get(country, ()):
            # none that was gone before the first lists were written; "all" is a word of English headings
            if tender and begins and (ends is None or ends[0] >= 2007) and code != "ALL":
                said = (_said_in(language, kind).get(code, code) for kind in ("currency_symbols", "currency_names"))
                for sign in {code, *said}:
                    signs[sign.casefold().rstrip(".")].add(code)
    for sign, code in (*words()["currencies"].items(), *_SIGNS.items()):
        signs[sign.casefold()].add(code)
    signs["kr"] = {"SEK", "NOK", "DKK", "ISK"}
    return {sign: frozenset(codes) for sign, codes in signs.items() if sign and sign != "km"}


@lru_cache(maxsize=1)
def _currency_words() -> re.Pattern[str]:
    longest = sorted((re.escape(sign) for sign in _signs()), key=lambda sign: (-len(sign), sign))
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(longest)})(?![^\W\d_])", re.IGNORECASE)


@lru_cache(maxsize=8192)
def currency_of(text: str, country: str | None = None, period: str | None = None) -> str | None:
    """The ISO 4217 code of the currency that a heading, a cell or a cell's format names; None for none or several.

    "kr" is the crown of the list's own country.
    """
    currencies: set[str] = set()
    for sign in _currency_words().findall(text):
        meant = _signs()[sign.casefold()]
        # short codes are words too ("all", "try"): they count in capitals only
        if len(sign) == 3 and sign.casefold() == next(iter(meant)).casefold() and not (sign.isupper() or sign == "eur"):
            continue
        own = own_currency(country, period)
        currencies |= {own} if own in meant else meant
    return currencies.pop() if len(currencies) == 1 else None


def is_currency(sign: str) -> bool:
    """Whether a sign or word that stands with an amount is that of some currency."""
    return sign.casefold().rstrip(".") in _signs()


def own_currency(country: str | None, period: str | None) -> str | None:
    """The currency of a country at the end of a programme period (two years after its last: the lists are closed then).

    Where no period is known that of 2014-2020, of which most lists are.
    """
    if country is None:
        return None
    last = int(period[-4:]) + 2 if period else 2022
    return _currency_on(country, min(Date(last, 1, 1), Date.today()))


@lru_cache(maxsize=512)
def _currency_on(country: str, day: Date) -> str | None:
    for code, begins, ends, tender in get_global("territory_currencies").get(country, ()):
        if tender and begins and Date(*begins) <= day and (ends is None or day < Date(*ends)):
            latest = [c for c, b, e, t in get_global("territory_currencies")[country] if t and b and Date(*b) <= day]
            return latest[-1] if latest else str(code)
    return None


# months


@lru_cache(maxsize=32)
def _months(language: str) -> dict[str, int]:
    """Name of a month in a language, whole or cut short as the language does → its number."""
    numbers: dict[str, int] = {}
    months = Locale.parse(language).months
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            numbers |= {_without_marks(name): number for number, name in months[context][width].items()}
    return {name: number for name, number in numbers.items() if len(name) > 2 and not name.isdigit()}


def _without_marks(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).strip(" .")


@lru_cache(maxsize=2048)
def month_of(word: str, language: str | None = None) -> int | None:
    """The number of a month by its name; the list's own language counts first, since "listopad" is two months."""
    plain = _without_marks(word)
    known = words()["months"]
    if plain in known:
        return int(known[plain])
    own = [language] if language in words()["languages"] else []
    others = sorted({one for spoken in LANGUAGES.values() for one in spoken.split()})
    for languages in (own, others):
        names = [pair for one in languages for pair in _months(one).items()]
        for fits in (_same, _shortened, *([_inflected] if languages is own else [])):
            numbers = {number for name, number in names if fits(name, plain)}
            if numbers:
                return numbers.pop() if len(numbers) == 1 else None
    return None


def _same(name: str, word: str) -> bool:
    return name == word


def _shortened(name: str, word: str) -> bool:
    return len(word) > 2 and name.startswith(word)


def _inflected(name: str, word: str) -> bool:
    """Whether two words differ in their ends only, as "martā" and "marts" do."""
    shared = Prefix.similarity(name, word)
    return shared >= 3 and max(len(name), len(word)) - shared <= 3


# languages

_CLEARLY = 20
"""Small words of a language that a list of few names may hold by chance."""


def language_of(texts: Iterable[str], country: str | None = None) -> str:
    """The BCP 47 tag of the language most of the words belong to; ``und`` where fewer than two of its words are met.

    Small words are shared by many languages: the languages of the list's own state come first unless the words are clearly of
    another.
    """
    # a capital by itself is no word: "Block A"
    words_met = (word for text in texts for word in re.findall(r"\w+", text) if len(word) > 1 or word.islower())
    counts = Counter(word.casefold() for word in words_met)
    known = {language: set(said.split()) & counts.keys() for language, said in words()["languages"].items()}
    scores = {language: sum(counts[w] for w in met) if len(met) > 1 else 0 for language, met in known.items()}
    best = max(scores, key=lambda language: scores[language])
    own = max(LANGUAGES.get(country or "", "").split(), key=lambda language: scores[language], default=None)
    if own is not None and scores[best] < max(3 * scores[own], _CLEARLY):
        return own
    return best if scores[best] else "und"


def country_speaking(language: str) -> str | None:
    """The one state that writes in a language; None for a language of several states."""
    spoken = [country for country, languages in LANGUAGES.items() if language in languages.split()]
    return spoken[0] if len(spoken) == 1 else None


# nobody


@lru_cache(maxsize=1)
def _nobody() -> frozenset[str]:
    return frozenset(fold(said).text for said in words()["nobody"])


@lru_cache(maxsize=65536)
def is_nobody(name: str) -> bool:
    """Whether a name stands for no one: "***", "XXX", "Natürliche Person", "not published"."""
    folded = fold(name).text
    return not folded or (len(folded) > 1 and set(folded) == {"x"}) or folded in _nobody()


# Finland

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)
_BUSINESS_ID = re.compile(r"(?:FI)?(\d{6,7})-?(\d)")


@lru_cache(maxsize=65536)
def business_id(text: str) -> str | None:
    """A Finnish business id as ``1234567-8`` if its check digit is right, else None."""
    match = _BUSINESS_ID.fullmatch(text.strip())
    if not match:
        return None
    digits = match[1].zfill(7)
    rest = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11
    check = 0 if rest == 0 else 11 - rest
    return f"{digits}-{check}" if rest != 1 and check == int(match[2]) else None


@lru_cache(maxsize=4096)
def authority_key(name: str) -> str:
    """The registry key of an authority; a unit that stands behind a comma belongs to its authority."""
    registry = Registry.load()
    whole, comma, _ = name.rpartition(",")
    if registry.organisation(name) is None and comma and (match := registry.organisation(whole)):
        return match.key
    return registry.organisation_key(name)


def priority_notation(period: str | None, fund: str | None, part: str | None, printed: str) -> str:
    """Notation of a priority: its number; with its fund and programme where a period had several programmes."""
    number = printed.strip().split(".")[0].split(" ")[0]
    if period != "2007-2013":
        return number
    if fund == "ESR" or not part:
        return f"{fund or 'x'}-{number}"
    return f"{fund or 'x'}-{part}-{number}"
