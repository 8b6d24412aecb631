"""Marks that stand for themselves in a text: e-mail addresses, telephone numbers, project codes, business ids, URLs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import mul
from typing import Literal


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: its value (line joins repaired), the words as printed and their span in the text."""

    value: str
    words: str
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        """Start and end in the text."""
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Email(Mark):
    """An e-mail address; only the kind ``address`` can be written to.

    ``pattern`` is ``etunimi.sukunimi@…`` or another template, ``lost`` an address that a web page hid from its readers
    (``[email protected]``); of both ``address`` is None.
    """

    kind: Literal["address", "pattern", "lost"]

    @property
    def address(self) -> str | None:
        """The address, None where none was printed."""
        return self.value if self.kind == "address" else None


@dataclass(frozen=True, slots=True)
class Code(Mark):
    """A project's code (``S30068``, ``A70301``), a group's (``R-01402``) or a bare application number (``205677``)."""

    kind: Literal["project", "group", "application"]


_JOIN = r"[^\S\n]*\n\s*"
_EMAIL = re.compile(
    rf"(?P<lost>\[email\s+protected\])|"
    rf"(?<![\w.+\-])(?P<local>(?:[a-zåäö]{{2,}}-(?:\s{{1,4}}))?[\w][\w.+\-]*)"
    rf"(?:\s?(?:\(at\)|\[at\]|\(a\)|\[a\]|\(ät\))\s?|\s?@\s?)"
    rf"(?P<domain>[A-Za-zÅÄÖåäö0-9](?:[\w]|-(?:{_JOIN}|\s(?=[a-z]))?(?=[a-z0-9]))*"
    rf"(?:\.(?:{_JOIN}(?=(?:fi|com|org|eu|net)\b))?[\w](?:[\w\-]*[\w])?)*\.(?:{_JOIN})?[a-z]{{2,}})(?![\w@])",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(
    r"(?:etunimi|firstname|fornamn|förnamn)\b.*|s[äa]hk[öo]posti\w*@.*|nimi@.*|.*@(?:osoite|example)\.\w+",
    re.IGNORECASE,
)
_GAP = r"(?:[^\S\n]{1,2}|-|[^\S\n]*\n\s*)"
_PHONE = re.compile(
    rf"(?<![\w/+\-@])(?<!\d[.,])(?:\+\d{{1,3}}{_GAP}?(?:\(0\){_GAP}?)?[1-9]\d*|0\d{{1,3}}\s[-–]\s\d+|0\d+)(?:{_GAP}\d+)*(?![\d%€@]|[.,/]\d)"
)
_PROJECT = re.compile(r"(?<![\w\-])(?:S[123]\d{4}|[AJ]\d{5})(?!\w|-\d)")
_GROUP = re.compile(rf"(?<![\w\-])R-(?:{_JOIN})?\d{{5}}(?!\w|-\d)")
_APPLICATION = re.compile(r"(?<![\w.,/+\-])\d{6}(?![\w/\-]|[.,]\d| \d| ?[€%])")
_THOUSANDS = re.compile(r"(?<![\w\-])\d{1,3}\s$")
_NEAR_CODE = re.compile(
    r"(?<![\w\-/])(?:S\d{3,4}|S\d{6,}|S[0456789]\d{4}|A\d{3,4}|A\d{6,}|R[\-–]?\d{3,4}|R[\-–]\d{6,}|R[ –]?\d{5}|"
    r"[SA](?=\w*\d)[\dOIl]{5})(?!\w)"
)
_BUSINESS_ID = re.compile(r"(?<![\w\-])\d{7}-\d(?![\w\-])")
_URL_CHARACTER = r"[^\s<>\"“”|\[\]]"
# A line end within an address: after a hyphen, or after another of its marks where the next line holds nothing else.
_URL_JOIN = (
    rf"(?:(?<=-){_JOIN}(?!https?:|www\.)(?=[a-z0-9åäö])|"
    rf"(?<=[/?&=_%])[^\S\n]*\n[^\S\n]*(?!https?:|www\.)(?=[\w%+]{_URL_CHARACTER}*[\-/_%=+.]{_URL_CHARACTER}*[^\S\n]*(?:\n|$)))"
)
_URL = re.compile(rf"(?:https?://|www\.){_URL_CHARACTER}+(?:(?i:{_URL_JOIN}){_URL_CHARACTER}+)*", re.IGNORECASE)
_BARE_URL = re.compile(
    r"(?<![\w@.\-/])(?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)+(?:fi|eu|com|org|net|info)(?:/[^\s<>\"“”|\[\]]*)?(?![\w@])",
    re.IGNORECASE,
)


def emails(text: str) -> list[Email]:
    """All e-mail addresses of a text, also written with ``(at)`` or broken over a line; patterns are marked as such."""
    result = []
    for match in _EMAIL.finditer(text) if set("@([") & set(text) else ():
        words = collapsed(match.group())
        if match["lost"]:
            result.append(Email(words, words, *match.span(), "lost"))
            continue
        value = f"{_tight(match['local'])}@{_tight(match['domain'])}"
        kind: Literal["address", "pattern"] = "pattern" if _TEMPLATE.fullmatch(value) else "address"
        result.append(Email(value, words, *match.span(), kind))
    return result


def phones(text: str) -> list[Mark]:
    """All telephone numbers of a text; the value has its white space collapsed to single blanks."""
    result = []
    for match in _PHONE.finditer(text):
        end = _phone_end(text, match.start(), match.end())
        other = end is not None and (
            re.match(r"\s?(?:€|eur|milj|M ?€)", text[end : end + 6]) or _BUSINESS_ID.fullmatch(text, match.start(), end)
        )
        if end is None or other:
            continue
        words = collapsed(text[match.start() : end])
        result.append(Mark(words, words, match.start(), end))
    return result


def codes(text: str, *, applications: bool = False) -> list[Code]:
    """All project and group codes of a text; ``applications`` also takes bare numbers of six digits.

    A damaged code is no code and is never repaired: see :func:`damaged_codes`.
    """
    kinds: list[tuple[Literal["project", "group", "application"], re.Pattern[str]]] = [
        ("project", _PROJECT),
        ("group", _GROUP),
    ]
    if applications:
        kinds.append(("application", _APPLICATION))
    result = [
        Code(_tight(match.group()), collapsed(match.group()), *match.span(), kind)
        for kind, pattern in kinds
        for match in pattern.finditer(text)
        if kind != "application" or not _THOUSANDS.search(text, max(match.start() - 6, 0), match.start())
    ]
    return sorted(result, key=lambda code: code.start)


def damaged_codes(text: str) -> list[Mark]:
    """Words that look like a code but are none: a digit lost or doubled, a letter for a digit, a hyphen missing."""
    good = [code.span for code in codes(text)]
    return [
        Mark(match.group(), match.group(), *match.span())
        for match in _NEAR_CODE.finditer(text)
        if not any(start <= match.start() < end for start, end in good)
    ]


def business_ids(text: str) -> list[Mark]:
    """All Finnish business ids (Y-tunnus) whose check digit holds."""
    return [
        Mark(match.group(), match.group(), *match.span())
        for match in _BUSINESS_ID.finditer(text)
        if _checks(match.group())
    ]


def urls(text: str, *, bare: bool = False) -> list[Mark]:
    """All web addresses of a text, joined where a line ends at a hyphen; ``bare`` also takes ``tredu.fi/x``."""
    result = []
    for match in _URL.finditer(text):
        words = match.group().rstrip(".,;:!?'’”")
        if words.count(")") > words.count("("):
            words = words.rstrip(").,;")
        result.append(Mark(_tight(words), collapsed(words), match.start(), match.start() + len(words)))
    if bare:
        taken = [mark.span for mark in [*result, *emails(text)]]
        for match in _BARE_URL.finditer(text):
            if not any(start <= match.start() < end for start, end in taken):
                words = match.group().rstrip(".,;:!?'’”)")
                result.append(Mark(words, words, match.start(), match.start() + len(words)))
    return sorted(result, key=lambda mark: mark.start)


def of_persons(text: str) -> list[Mark]:
    """What of a text reaches a person: addresses and telephone numbers."""
    return [*emails(text), *phones(text)]


def _phone_end(text: str, start: int, end: int) -> int | None:
    """Where a telephone number ends: whole groups of digits, on to the next line only while too short."""
    limit = 13 if text[start] == "+" else 10
    best, count = None, 0
    for group in re.finditer(r"\d+", text[start:end]):
        count += len(group.group())
        if count > limit:
            break
        wrapped = "\n" in text[start + (best or 0) : start + group.start()]
        if wrapped and count - len(group.group()) >= limit - 1:
            break
        if count >= 7:
            best = group.end()
    return None if best is None else start + best


def _checks(business_id: str) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2)
    rest = sum(map(mul, map(int, business_id[:7]), weights)) % 11
    return rest != 1 and int(business_id[-1]) == (0 if rest == 0 else 11 - rest)


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", text)


def collapsed(text: str) -> str:
    """A text with its white space collapsed to single blanks."""
    return " ".join(text.split())
