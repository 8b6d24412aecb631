"""A contact cell of the form as the parts it is made of: persons, jobs, bodies, projects, labels, addresses, validity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from loaders import fields
from loaders.names import repair
from loaders.prose.persons import is_body, is_project, understand
from loaders.review.flow import Span

Kind = Literal["person", "job", "body", "project", "label", "other", "email", "phone", "validity"]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a cell; ``words`` is its value (a name, a job, an address …)."""

    kind: Kind
    words: str
    span: Span
    line_first: bool = False
    """It begins a printed line that does not go on the line before."""
    head: bool = False
    """It stands before a colon: it is said of the persons that follow."""
    after_comma: bool = False
    period: fields.Period | None = None
    email: fields.Email | None = None


_SEPARATOR = re.compile(r"[,;:()\n]|\s/\s|\s/$|\s+ja\s*$", re.MULTILINE)
_TRIM = re.compile(
    r"^(?:ja\s+|[\s.–-]+)|(?:(?:^|(?<=[\s(]))(?:p|puh|gsm|tel|matkap)\.?:?|\s+ja|[\s/–-]+)$", re.IGNORECASE
)
_LABEL = re.compile(
    r"(?:vastuu|yhteys)henkilö|vastuuministeriö|kumppan(?:ei(?:na|ta)|it?)\b|rahoittaja(?:n|t)?$|^lisäti", re.IGNORECASE
)
_ACRONYM = re.compile(r"([A-ZÅÄÖ]{2,5})\s+(?=[A-ZÅÄÖ][a-zåäö])")
_NAME = re.compile(r"[A-ZÅÄÖ][a-zåäö]+(?:-[A-ZÅÄÖ][a-zåäö]+)?")
_GENITIVE = re.compile(r"[A-ZÅÄÖ][\w-]*n$")
_UNIT = re.compile(r"(?:osasto|yksikkö|vastuualue|tiimi|ryhmä|linja)\w*$", re.IGNORECASE)


def parts(cell: Span) -> list[Part]:
    """All parts of a cell in order."""
    marks = sorted(_marks(cell), key=lambda part: part.span.start)
    found: list[Part] = []
    at = cell.start
    for mark in [*marks, None]:
        end = mark.span.start if mark else cell.end
        if end > at:
            found.extend(_words(Span(cell.flow, at, end)))
        if mark:
            found.append(replace(mark, line_first=_begins_line(mark.span)))
            at = mark.span.end
    return _heads(found)


def _marks(cell: Span) -> Iterator[Part]:
    text, taken = cell.text, list[tuple[int, int]]()
    for email in fields.emails(text):
        taken.append(email.span)
        yield Part("email", email.value, cell.sub(*email.span), email=email)
    for period in fields.periods(text, open_ended=True):
        taken.append(period.span)
        yield Part("validity", period.words, cell.sub(*period.span), period=period)
    for phone in fields.phones(text):
        if not any(start < phone.end and phone.start < end for start, end in taken):
            yield Part("phone", phone.value, cell.sub(*phone.span))


def _words(run: Span) -> Iterator[Part]:
    for piece, comma, colon in _pieces(run):
        for span in _cut(piece):
            part = _understood(span)
            if part:
                yield replace(part, line_first=_begins_line(span), head=colon, after_comma=comma)


def _pieces(run: Span) -> Iterator[tuple[Span, bool, bool]]:
    """Pieces between separators: the piece, whether a comma stands before it, whether a colon stands after it."""
    text, at, before = run.text, 0, ""
    for match in [*_SEPARATOR.finditer(text), None]:
        if match and match[0] == "\n" and _joins(text[at : match.start()], text[match.end() :]):
            continue
        end = match.start() if match else len(text)
        piece = _trimmed(run.sub(at, end))
        if piece:
            yield piece, before == ",", bool(match and re.match(r"\)?:", text[match.start() :]))
        if match and (piece or match[0] != "\n"):
            before = match[0]
        at = match.end() if match else end


def _trimmed(piece: Span) -> Span:
    piece = piece.strip()
    while match := _TRIM.search(piece.text):
        if not match[0]:
            break
        piece = (piece.sub(match.end()) if match.start() == 0 else piece.sub(0, match.start())).strip()
    return piece


def _joins(before: str, after: str) -> bool:
    """Whether a line feed stands inside one part."""
    left = _SEPARATOR.split(before.rstrip(" "))[-1].strip()
    line = after.lstrip("\n ").split("\n", 1)[0]
    right = _SEPARATOR.split(line)[0].strip()
    if not left or not right:
        return False
    first = right.split()[0]
    if left.endswith("-") or re.match(r"[-–][a-zåäö]", right) or re.search(r"\S\s+ja$", left):
        return True
    if right[0].islower():
        return understand(right).kind != "job" or left.islower()
    if first.startswith("ELY"):
        return bool(_GENITIVE.search(left.split()[-1]))
    alone = bool(_NAME.fullmatch(left) and _NAME.fullmatch(right))
    return alone and not is_body(left) and understand(f"{left} {right}").kind == "person"


def _cut(piece: Span) -> Iterator[Span]:
    """An acronym before a person, and a job after one, are parts of their own."""
    text = piece.text
    acronym = _ACRONYM.match(text)
    if acronym and is_body(acronym[1]) and understand(text[acronym.end() :]).kind == "person":
        yield piece.sub(0, acronym.end(1))
        piece = piece.sub(acronym.end())
        text = piece.text
    joined = re.search(r"\s+ja\s+", text)
    if joined and all(understand(side).kind == "person" for side in (text[: joined.start()], text[joined.end() :])):
        yield piece.sub(0, joined.start())
        yield piece.sub(joined.end())
        return
    if understand(text).kind == "job":
        for match in list(re.finditer(r"\s+", text))[::-1]:
            front, back = text[: match.start()], text[match.end() :]
            if understand(front).kind == "person" and understand(back).kind == "job":
                yield piece.sub(0, match.start())
                yield piece.sub(match.end())
                return
    yield piece


def _understood(span: Span) -> Part | None:
    words = repair(span.text)
    if not re.search(r"\w{2}", words):
        return None
    if _LABEL.search(words):
        return Part("label", words, span)
    if is_project(words) and understand(words).kind != "person":
        return Part("project", words, span)
    kind = understand(words).kind
    if kind == "other" and _UNIT.search(words):
        return None
    return Part(kind, words, span)


def _heads(found: list[Part]) -> list[Part]:
    """Parts before a part with a colon belong to the same heading, back to the last person, job or address."""
    result, heading = list[Part](), False
    for index in range(len(found) - 1, -1, -1):
        part = found[index]
        following = found[index + 1] if index + 1 < len(found) else None
        goes_on = heading and following is not None and (following.after_comma or not following.line_first)
        heading = part.kind in ("body", "project", "label", "other") and (part.head or goes_on)
        result.append(replace(part, head=heading))
    return result[::-1]


def _begins_line(span: Span) -> bool:
    start = span.flow.starts[span.flow.index(span.start)]
    return not re.search(r"\w", span.flow.text[start : span.start])
