"""Projects listed in a text about one theme, below words that announce funded projects: a name and its implementers each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from loaders import fields
from loaders.document.lines import Line
from loaders.names import Registry, kind_by_form, repair, split
from loaders.prose.bullets import BULLET, items
from loaders.records import Participation, Project, Record, Stated, Text
from loaders.text import Prose

_LEAD = re.compile(
    r"(?:(?:rahoitet|rahoitettav|valit|hyväksyt|käynnis|käynnissä|meneillään|seuraav|myönnet)\w*[^.:]{0,60}\bhank(?:keet|keita|keille)\b|"
    r"\bhankkeet[^.:]{0,30}(?:valittiin|rahoitetaan|rahoitettiin)|(?:funded|selected|following|ongoing)[^.:]{0,60}\bprojects?\b|"
    r"(?:finansiera|valda|följande|pågående)\w*[^.:]{0,60}\bprojekt\b)[^.:]{0,40}:\s*$",
    re.IGNORECASE,
)
_CONTENT = re.compile(
    r"kohdist|voi(?:vat|daan)?\b|tule[ev]|edist|keskit|kehit|tavoit|pitää|must|should|focus|fokus", re.IGNORECASE
)
"""Words of a list of aims, not of projects."""
_JOINT = re.compile(r"\s[–—-]\s|:\s|,\s|\s\((?=[A-ZÅÄÖ])")
_JOINED = re.compile(r":\s|\s[–—-]\s")
_CODED = re.compile(r"[\s(,:–-]*$")
_ROLE = re.compile(
    r"\s*\((?:(?P<lead>pää(?:toteuttaja|hakija)|lead|main)|(?P<partner>osa(?:toteuttaja|hakija)|partner))\w*\)",
    re.IGNORECASE,
)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class _Entry:
    """One listed project: the span of its name, those of its implementers, its codes."""

    prose: Prose
    name: tuple[int, int]
    bodies: tuple[tuple[str, int, int], ...]
    codes: tuple[fields.Code, ...]


def listed_projects(lines: Sequence[Line], theme: str, lang: str = "fi") -> list[Record]:
    """The projects of every list of a text; a list in which no half names an implementer or code lists something else."""
    found: list[Record] = []
    entries: list[_Entry] = []
    count = 0
    open_list = False
    for item in [*items(lines), None]:
        if item is not None and item.bullet and open_list:
            entry = _entry(item.prose)
            count += 1
            entries += [entry] if entry else []
            continue
        if sum(bool(one.bodies or one.codes) for one in entries) * 2 >= count > 0:
            found += [record for one in entries for record in _records(one, theme, lang)]
        entries, count = [], 0
        text = item.prose.text if item is not None else ""
        open_list = bool(_LEAD.search(text)) and not _CONTENT.search(text[-120:])
    return found


def _entry(prose: Prose) -> _Entry | None:
    mark = BULLET.match(prose.text)
    start, end = mark.end() if mark else 0, len(prose.text.rstrip(" ."))
    codes = tuple(fields.codes(prose.text))
    if codes and codes[0].start <= start + 1:
        start = codes[0].end + len(prose.text[codes[0].end : end]) - len(prose.text[codes[0].end : end].lstrip(" ,:–-"))
    elif codes:
        end = min(end, codes[0].start) if not _bodies_after(prose.text, codes[-1].end) else end
    for joint in _JOINT.finditer(prose.text, start + 2, end):
        bodies = _bodies(prose.text, joint.end(), end)
        if bodies:
            return _named(prose, start, joint.start(), bodies, codes)
    return _named(prose, start, end, (), codes)


def _bodies_after(text: str, at: int) -> bool:
    return bool(text[at:].strip(" ).,"))


def _named(
    prose: Prose, start: int, end: int, bodies: tuple[tuple[str, int, int], ...], codes: tuple[fields.Code, ...]
) -> _Entry | None:
    inside = next((code for code in codes if start < code.start < end), None)
    end = inside.start if inside else end
    words = prose.text[start:end]
    end -= len(_CODED.search(words).group()) if _CODED.search(words) else 0  # type: ignore[union-attr]
    return _Entry(prose, (start, end), bodies, codes) if 3 <= end - start <= _LONGEST else None


def _bodies(text: str, start: int, end: int) -> tuple[tuple[str, int, int], ...]:
    """The names of a span that is a list of organisations and nothing else."""
    while end > start and text[end - 1] in " ).":
        if text[end - 1] == ")" and text.count("(", start, end) >= text.count(")", start, end):
            break
        end -= 1
    found = []
    for piece in split(text[start:end]):
        role = _ROLE.search(piece.name)
        name = piece.name[: role.start()] if role else piece.name
        known = name and (Registry.load().organisation(name) or kind_by_form(name))
        if not known or not name[0].isupper() or _JOINED.search(name):
            return ()
        found.append((name, start + piece.start, start + piece.end))
    return tuple(found)


def _records(entry: _Entry, theme: str, lang: str) -> Iterator[Record]:
    prose, key = entry.prose, repair(entry.prose.text[slice(*entry.name)]).strip(' "”“')
    groups = [code for code in entry.codes if code.kind == "group"]
    own = [code for code in entry.codes if code.kind == "project"]
    yield Project(
        key,
        prose.stated(Text(key, lang), *entry.name),
        theme,
        group_code=prose.stated(groups[0].value, groups[0].start, groups[0].end) if groups else None,
        project_code=prose.stated(own[0].value, own[0].start, own[0].end) if len(own) == 1 else None,
    )
    for name, start, end in entry.bodies:
        yield Participation(key, prose.stated(name, start, start + len(name)), _role(prose, start, end))


def _role(prose: Prose, start: int, end: int) -> Stated[Literal["lead", "partner"]] | None:
    match = _ROLE.search(prose.text, start, end)
    if match is None:
        return None
    return prose.stated("lead" if match["lead"] else "partner", *match.span())
