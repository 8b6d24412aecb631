"""What a theme is about: specific objectives, priority, sub-themes and target groups named in its form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from loaders import phrases
from loaders.names import repair
from loaders.records import Objective, Stated
from loaders.review.form import Form
from loaders.text import Span

_N = r"(?P<n>\d\.(?:\d(?:\.\d)?|[a-z])(?![\d]))"
_OBJECTIVE = re.compile(
    rf"\b[Ee]r(?:i|)tyistavoit\w*\s+{_N}(?P<name>:?\s+[A-ZÅÄÖ][^.,;:()]{{5,120}})?|"
    rf"(?<![\w.]){_N.replace('?P<n>', '?P<m>')}\.?\s*-?\s?erityistavoit\w*|"
    rf"\b(?:ET(?::n)?|TL)\s+{_N.replace('?P<n>', '?P<k>')}",
)
_AND = re.compile(rf"\.?\s+(?:ja|sekä)\s+{_N}")
_MARKED = re.compile(r"^\s*(?:[*•–-]\s*|\d{1,2}[.)]\s+)(?=\S)")
_INLINE = re.compile(r"(?:(?<=\s)|^)\d{1,2}\)\s+")
_LONGEST = 420


@cache
def _pattern(source: str, *names: str) -> re.Pattern[str]:
    """Compile a source in which ``{name}`` stands for the words of a concept."""
    bare = {name: phrases.pattern("statements", name).pattern.removeprefix(r"(?<![\w-])") for name in names}
    words = {name: rf"(?<!\w)(?:{pattern})" for name, pattern in bare.items()}
    return re.compile(source.format(**words), re.IGNORECASE | re.DOTALL)


def objectives(span: Span) -> list[Stated[Objective]]:
    """Specific objectives in order, each notation once (with its name where one is printed)."""
    found: dict[str, Stated[Objective]] = {}
    for match in _OBJECTIVE.finditer(span.text):
        notation = match["n"] or match["m"] or match["k"]
        name = repair(match["name"].strip(" :\n")) if match["name"] else None
        stated = Stated(Objective(notation, name), span.of(match).origin())
        if notation not in found or (name and found[notation].value.name is None):
            found[notation] = stated
        at = match.end("n") if match["n"] else match.end()
        while more := _AND.match(span.text, at):
            found.setdefault(more["n"], Stated(Objective(more["n"]), span.sub(match.start(), more.end()).origin()))
            at = more.end()
    return list(found.values())


def theme_objectives(form: Form, name: Span) -> tuple[Stated[Objective], ...]:
    """The objectives of a theme: those of its name, then those its prose adds."""
    found: dict[str | None, Stated[Objective]] = {}
    for span in (name, *form.prose):
        for stated in objectives(span):
            found.setdefault(stated.value.notation, stated)
    return tuple(found.values())


def priority(form: Form, name: Span) -> Stated[str] | None:
    """The priority (toimintalinja) that a theme's name or prose gives."""
    for span in (name, *form.prose):
        if match := _pattern(r"{priority}\s?(?P<n>\d)(?![\d.])", "priority").search(span.text):
            return Stated(match["n"], span.of(match).origin())
    return None


def sub_themes(form: Form) -> tuple[Stated[str], ...]:
    """Content areas listed after a lead-in (``… viiteen sisältöalueeseen:``), or named as sections of the text."""
    for part in (form.texts[1], form.texts[4]):
        listed = [item for m in _lead_ins(part.text) for item in _items(part, m.end())]
        listed += [part.of(m, 1) for m in _sections(part.text)]
        if listed:
            return tuple(Stated(_item_text(item), item.origin()) for item in listed)
    return ()


def _lead_ins(text: str) -> Iterator[re.Match[str]]:
    return _pattern(r"{parts}[^.:]{{0,40}}:", "parts").finditer(text)


def _sections(text: str) -> Iterator[re.Match[str]]:
    return _pattern(r"((?-i:[A-ZÅÄÖ])[^.:]{{8,120}}?)\s+[–-]{part_section}", "part_section").finditer(text)


def _items(part: Span, at: int) -> Iterator[Span]:
    rest = part.sub(at)
    lines = list(rest.lines())
    if not lines:
        return
    if _INLINE.match(rest.text.lstrip("\n ")) and len(_INLINE.findall(rest.text.split("\n\n")[0])) > 1:
        yield from _inline(rest)
    elif _MARKED.match(lines[0].text):
        yield from _marked(lines)
    else:
        yield from _paragraphs(lines)


def _inline(rest: Span) -> Iterator[Span]:
    """``1) first, 2) second ja 3) third.`` within a sentence."""
    marks = list(_INLINE.finditer(rest.text))
    for number, (mark, following) in enumerate(zip(marks, [*marks[1:], None], strict=False), 1):
        if not mark[0].startswith(str(number)):
            return
        text = rest.text[mark.end() : following.start() if following else None]
        stop = re.search(r"[.:](?=\s|$)", text)
        item = rest.sub(mark.end(), mark.end() + (stop.start() if stop else len(text))).strip(" ,;")
        yield _without_and(item)
        if stop:
            return


def _marked(lines: list[Span]) -> Iterator[Span]:
    """A list with bullets or numbers at the heads of its lines."""
    item: Span | None = None
    for line in lines:
        mark = _MARKED.match(line.text)
        if mark:
            if item:
                yield _without_and(item)
            item = line.sub(mark.end())
        elif item and (line.text[:1].islower() or _goes_on(line)) and not item.text.endswith("."):
            item = item.to(line)
        else:
            break
    if item:
        yield _without_and(item)


def _paragraphs(lines: list[Span]) -> Iterator[Span]:
    """A list whose bullets are lost: each paragraph's first sentence is an item."""
    paragraphs: list[Span] = []
    for line in lines:
        if _begins_item(line):
            paragraphs.append(line)
        elif not paragraphs or (all(_paragraph(line)) and not line.line.text[:1].isspace()):
            break
        else:
            paragraphs[-1] = paragraphs[-1].to(line)
    for paragraph in paragraphs:
        stop = re.search(r"\.(?=\s|$)|,\s+jo(?:ka|tka|issa|illa|lla|ssa)\b", paragraph.text)
        item = paragraph.sub(0, stop.start()) if stop else paragraph
        if phrases.pattern("statements", "no_item").match(item.text) or len(item.text) > _LONGEST:
            return
        yield item


def _begins_item(line: Span) -> bool:
    """A lost bullet leaves a blank before its line in text; in a PDF the paragraph tells."""
    if line.line.page is None:
        return line.line.text[:1].isspace() and not line.text[:1].islower() and not _goes_on(line)
    return _paragraph(line)[0]


def _paragraph(line: Span) -> tuple[bool, bool]:
    return line.prose.paragraph(line.start, spaced=line.line.page is None)


def _goes_on(line: Span) -> bool:
    begins, told = _paragraph(line)
    return told and not begins


def _without_and(item: Span) -> Span:
    text = item.text.rstrip(" .,;\n")
    if match := re.search(r",?\s+(?:ja|sekä)$", text):
        text = text[: match.start()]
    return item.sub(0, len(text.rstrip(" ,")))


def _item_text(item: Span) -> str:
    return re.sub(r"(?<=\w-)\s+/\s*(?=\w)", "/", item.words).strip(" .,;:")


def target_groups(form: Form) -> tuple[Stated[str], ...]:
    """The groups enumerated after ``kohderyhmään kuuluvat … kuten``."""
    part = form.texts[1]
    found: dict[str, Stated[str]] = {}
    for match in _pattern(r"{groups}[^.]*?{such_as}\s+(?P<list>[^.]+)\.", "groups", "such_as").finditer(part.text):
        listed = part.of(match, "list")
        at = 0
        for cut in [*re.finditer(r",\s+|\s+(?:ja|sekä)\s+", listed.text), None]:
            item = listed.sub(at, cut.start() if cut else None).strip()
            at = cut.end() if cut else at
            if item and len(item.words) < 60:
                found.setdefault(item.words, Stated(item.words, item.origin()))
    return tuple(found.values())
